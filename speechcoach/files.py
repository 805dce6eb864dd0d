"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from speechcoach.errors import OutputError


def write_whole(path: Path, text: str) -> None:
    """Write `text` to `path` in UTF-8 so that a reader sees the old file or the new, never half.

    Raises
    ------
    OutputError
        If the folder is missing or cannot be written, or the disk is full.
    """
    with replacing(path) as part:
        part.write_text(text, "utf-8")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to; it becomes `path` if all goes well."""
    if path.is_dir():
        raise OutputError(f"{path} is a folder: name a file in it.")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        os.replace(part, path)
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
            f"There is no folder {path.parent} to write {path.name} in: make it first."
        )
    return OutputError(
        f"{path} cannot be written ({error.strerror}): choose another place with -o, or free space."
    )
