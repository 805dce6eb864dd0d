"""Files that results go to: written whole or not at all, and never over what a result is made of.

A name that is given on the command line is an `Output`: it may not be one of the inputs, by
whatever name or link, and another file is only replaced if it is an earlier output or the user
insists. All that is written as one piece goes through `whole`; what grows line by line, through
`Output.growing`.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from speechcoach.errors import OutputError
from speechcoach.paths import shown

HEAD = 4096
"""Bytes at the start of a file by which it is told whether we wrote it."""


def never(_: str) -> bool:
    """Take no file for an earlier output."""
    return False


@dataclass(frozen=True)
class Output:
    """Where the user wants a result.

    Parameters
    ----------
    path : Path
    made_of : tuple of Path
        Files, and folders with all that is in them, that are never written over.
    ours : callable
        Tells from the beginning of a file whether it is an earlier output.
    force : bool
        Replace any other file, too.
    """

    path: Path
    made_of: tuple[Path, ...] = ()
    ours: Callable[[str], bool] = never
    force: bool = False

    def check(self) -> None:
        """Raise now what writing would raise later about the place.

        Raises
        ------
        OutputError
            If it is a folder, its own folder is missing, it is something that the result is made
            of, or a file that we may not replace.
        """
        check_place(self.path)
        if any(_is(self.path, source) for source in self.made_of):
            raise OutputError(
                f"{shown(self.path)} is what the result is made of, and is never written over: "
                "name another file."
            )
        if not self.force and not self._replaceable():
            raise OutputError(
                f"{shown(self.path)} is there already and is no earlier output of speechcoach: "
                "name another file, or add --force to replace it."
            )

    def _replaceable(self) -> bool:
        """Tell whether there is nothing to lose: no file, an empty one, a device, one of ours."""
        try:
            found = self.path.stat()
            if not stat.S_ISREG(found.st_mode) or not found.st_size:
                return True
            with self.path.open("rb") as file:
                return self.ours(file.read(HEAD).decode("utf-8", "replace"))
        except FileNotFoundError:
            return True
        except OSError:  # not even to be read
            return False

    def write(self, text: str) -> None:
        """Write a result: see `write_whole`, and `check` for what else is refused."""
        self.check()
        write_whole(self.path, text)

    @contextmanager
    def growing(self) -> Iterator[Callable[[str], None]]:
        """Give a function that appends lines to the file, each in one piece or not at all.

        Raises
        ------
        OutputError
            As `check`, before anything is written; later, if the disk is full.
        """
        self.check()
        try:
            file = self.path.open("wb", buffering=0)
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        with file:
            yield lambda text: _append(file, text.encode(), self.path)


def _append(file: io.FileIO, line: bytes, path: Path) -> None:
    """Write a line that a full disk must not cut in two."""
    written = 0
    try:
        while written < len(line):
            written += file.write(line[written:]) or 0
    except OSError as error:
        with contextlib.suppress(OSError):  # what is no file on a disk cannot be cut
            os.ftruncate(file.fileno(), os.lseek(file.fileno(), -written, os.SEEK_CUR))
        raise _cannot_write(path, error) from error


def _is(path: Path, source: Path) -> bool:
    """Tell whether two names stand for one file, or `path` for one that is in a folder `source`."""
    try:
        if source.is_dir():
            return path.exists() and path.resolve().is_relative_to(source.resolve())
        return path.samefile(source)
    except (OSError, ValueError):  # one of them is not there, or is no name at all
        return False


def write_whole(path: Path, text: str, *, mode: int | None = None) -> None:
    """Write `text` to `path` in UTF-8; see `whole`."""
    with whole(path, mode=mode) as file:
        file.write(text.encode())


def check_place(path: Path) -> None:
    """Raise now what writing to `path` would raise later about its place.

    Raises
    ------
    OutputError
        If `path` is a folder, or its own folder is missing.
    """
    try:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            path.stat()
        if path.is_dir():
            raise OutputError(f"{shown(path)} is a folder: name a file in it.")
        if not path.parent.is_dir():
            raise _cannot_write(path, FileNotFoundError())
    except (OSError, ValueError) as error:  # a NUL in the name, a name too long
        raise _cannot_write(path, error) from error


@contextmanager
def whole(path: Path, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """Give a file to write to; it becomes `path` if all goes well, and else nothing has changed.

    A reader sees the old file or the new one, never half. A link stays one: what it points to is
    replaced. A device or a pipe is written to as it is.

    Parameters
    ----------
    path : Path
    mode : int, optional
        Permissions; if not given, those of the file that was there, or of any new file.

    Raises
    ------
    OutputError
        If the folder is missing or cannot be written, or the disk is full; also for any `OSError`
        while the file is open.
    """
    check_place(path)
    try:
        special = path.exists() and not path.is_file()
        with path.open("wb") if special else _beside(path.resolve(), mode) as file:
            yield file
    except OSError as error:
        raise _cannot_write(path, error) from error


@contextmanager
def _beside(target: Path, mode: int | None) -> Iterator[BinaryIO]:
    """Give a new file in the folder of `target`, which it replaces at the end."""
    if mode is None:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(handle)  # a disk may tell only now that it is full
        part.chmod(mode)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _cannot_write(path: Path, error: OSError | ValueError) -> OutputError:
    if isinstance(error, FileNotFoundError):
        return OutputError(
            f"{shown(path)} cannot be written (there is no folder {shown(path.parent)}): "
            "make it first."
        )
    reason = getattr(error, "strerror", None) or error
    return OutputError(
        f"{shown(path)} cannot be written ({reason}): choose another place, or free space."
    )
