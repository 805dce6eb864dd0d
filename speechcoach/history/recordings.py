"""Copies of recordings, made only where the user asks for them."""

from __future__ import annotations

import shutil
from pathlib import Path

from speechcoach.errors import OutputError
from speechcoach.outputs import whole
from speechcoach.paths import data_dir, shown

FOLDER = "audio"


def keep(recording: Path, sha256: str) -> Path:
    """Copy a recording into the data folder, named by its content; once is enough.

    Raises
    ------
    OutputError
        If it cannot be copied.
    """
    copy = data_dir() / FOLDER / f"{sha256}{recording.suffix.lower()}"
    if copy.exists():
        return copy
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        with recording.open("rb") as original, whole(copy, mode=0o600) as file:
            shutil.copyfileobj(original, file)
    except OSError as error:
        raise OutputError(
            f"{shown(recording)} cannot be copied to {shown(copy.parent)} ({error.strerror}): "
            "free space, or leave out --keep-audio."
        ) from error
    return copy


def forget(sha256: str) -> None:
    """Delete the copy of the recording with that content, if there is one."""
    for copy in (data_dir() / FOLDER).glob(f"{sha256}.*"):
        copy.unlink()


def forget_all() -> None:
    """Delete every copy."""
    shutil.rmtree(data_dir() / FOLDER, ignore_errors=True)
