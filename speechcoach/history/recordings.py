"""Copies of recordings, made only where the user asks for them."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from speechcoach import privacy
from speechcoach.errors import OutputError
from speechcoach.outputs import whole
from speechcoach.paths import data_dir, shown

FOLDER = "audio"
BLOCK = 1 << 20  # bytes that are copied at a time


def keep(recording: Path, sha256: str) -> Path:
    """Copy a recording into the data folder, named by its content; once is enough.

    Raises
    ------
    OutputError
        If it cannot be copied, or is not what was analysed any more.
    """
    copy = _folder() / f"{sha256}{recording.suffix.lower()}"
    if copy.exists():
        privacy.close(copy)
        return copy
    try:
        privacy.make_folder(data_dir())
        privacy.make_folder(copy.parent)
        with recording.open("rb") as original, whole(copy, mode=privacy.FILE) as file:
            _copy(recording, original, file, sha256)
    except OSError as error:
        raise OutputError(
            f"{shown(recording)} cannot be copied to {shown(copy.parent)} ({error.strerror}): "
            "free space, or leave out --keep-audio."
        ) from error
    return copy


def _copy(recording: Path, original: BinaryIO, file: BinaryIO, sha256: str) -> None:
    """Copy what was analysed, and nothing else."""
    found = hashlib.sha256()
    while block := original.read(BLOCK):
        found.update(block)
        file.write(block)
    if found.hexdigest() != sha256:
        raise OutputError(
            f"{shown(recording)} has changed since it was analysed, and is not copied: analyse it "
            "again with --keep-audio."
        )


def close_to_others() -> None:
    """See to it that the copies are the user's alone, also those of an earlier version."""
    privacy.close(_folder())
    with contextlib.suppress(OSError):
        for copy in _copies():
            privacy.close(copy)


def forget(sha256: str) -> None:
    """Delete the copy of the recording with that content, whatever its suffix, if there is one.

    Raises
    ------
    OutputError
        If it cannot be deleted.
    """
    _delete(copy for copy in _copies() if copy.name.partition(".")[0] == sha256)


def forget_all() -> None:
    """Delete every copy.

    Raises
    ------
    OutputError
        If one cannot be deleted.
    """
    _delete(_copies())
    with contextlib.suppress(OSError):  # something that is not ours is in it
        _folder().rmdir()


def _folder() -> Path:
    return data_dir() / FOLDER


def _copies() -> list[Path]:
    try:
        return [path for path in _folder().iterdir() if path.is_file()]
    except FileNotFoundError:
        return []


def _delete(copies: Iterable[Path]) -> None:
    left = []
    for copy in copies:
        try:
            copy.unlink()
        except OSError as error:
            left.append(f"{shown(copy)} ({error.strerror})")
    if left:
        raise OutputError(
            f"Copies of recordings cannot be deleted, and are still there: {', '.join(left)}: "
            "mend the folder's permissions, and delete them yourself."
        )
