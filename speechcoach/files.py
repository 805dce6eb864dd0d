"""The user's files: opened only if they are ordinary ones, read as text or TOML."""

from __future__ import annotations

import stat
import tomllib
from io import BufferedReader
from pathlib import Path

from speechcoach.errors import AudioError, ContentError
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
