"""The user's files: opened only if they are ordinary ones, read as TOML, written whole or not."""

from __future__ import annotations

import os
import stat
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from speechcoach.errors import AudioError, ContentError, OutputError
from speechcoach.paths import shown


def open_answer(path: Path) -> BufferedReader:
    """Open a recording or a transcript; never wait for a pipe or read a device.

    Raises
    ------
    AudioError
        If there is no such file, it is a folder or not a regular file, or it may not be read.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise AudioError(
                f"{shown(path)} is a folder: name a file in it, or use `speechcoach batch`."
            )
        if not stat.S_ISREG(mode):
            raise AudioError(
                f"{shown(path)} is not a regular file: save the answer to a file first."
            )
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError):
        raise AudioError(
            f"There is no file {shown(path)}: check the name and the folder."
        ) from None
    except PermissionError as error:
        raise AudioError(
            f"{shown(path)} may not be read: give yourself permission to read it."
        ) from error
    except (OSError, ValueError) as error:  # a NUL in the name, a name too long, a disk that fails
        raise AudioError(
            f"{shown(path)} cannot be opened ({error}): check the name and the disk."
        ) from error


def read_toml(path: Path) -> dict[str, object]:
    """Return what a TOML file of the user's says.

    Raises
    ------
    ContentError
        If there is no such file, or it cannot be read, or is not TOML in UTF-8.
    """
    try:
        return tomllib.loads(read_text(path))
    except (ValueError, RecursionError) as error:  # also a number or a nesting beyond all bounds
        raise ContentError(f"{shown(path)} is not valid TOML: {error}.") from error


def read_text(path: Path) -> str:
    """Return a text file of the user's; a byte order mark is no part of it.

    Raises
    ------
    ContentError
        If there is no such file, or it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ContentError(
            f"There is no file {shown(path)}: check the name and the folder."
        ) from None
    except OSError as error:
        raise ContentError(f"{shown(path)} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise ContentError(
            f"{shown(path)} is not UTF-8 text (byte {error.start}): save it as UTF-8."
        ) from error


def write_whole(path: Path, text: str) -> None:
    """Write `text` to `path` in UTF-8 so that a reader sees the old file or the new, never half.

    Raises
    ------
    OutputError
        If the folder is missing or cannot be written, or the disk is full.
    """
    if path.exists() and not path.is_file() and not path.is_dir():  # /dev/null, a pipe
        _write_through(path, text)
        return
    with replacing(path) as part:
        part.write_text(text, "utf-8")


def _write_through(path: Path, text: str) -> None:
    """Write to what is no file on a disk, and so must not be replaced by one."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise _cannot_write(path, error) from error


def check_place(path: Path) -> None:
    """Raise now what writing to `path` would raise later about its place.

    Raises
    ------
    OutputError
        If `path` is a folder, or its own folder is missing.
    """
    if path.is_dir():
        raise OutputError(f"{shown(path)} is a folder: name a file in it.")
    if not path.parent.is_dir():
        raise _cannot_write(path, FileNotFoundError())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to; it becomes `path` if all goes well.

    A link stays one: what it points to is replaced. A file that was there keeps its permissions.

    Raises
    ------
    OutputError
        As `write_whole`; also for an `OSError` of the writing itself.
    """
    check_place(path)
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(mode)
        os.replace(part, target)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _cannot_write(path: Path, error: OSError) -> OutputError:
    if isinstance(error, FileNotFoundError):
        return OutputError(
            f"{shown(path)} cannot be written (there is no folder {shown(path.parent)}): "
            "make it first."
        )
    reason = error.strerror or error
    return OutputError(
        f"{shown(path)} cannot be written ({reason}): choose another place, or free space."
    )
