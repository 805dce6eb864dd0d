"""Where things live on this machine; each place is decided here and nowhere else."""

import os
import re
from pathlib import Path

import platformdirs


def data_dir() -> Path:
    """Return the folder of the user's own data: ``$SPEECHCOACH_HOME``, else the platform's.

    The folder may not exist yet: whoever writes there makes it.
    """
    if home := os.environ.get("SPEECHCOACH_HOME"):
        return Path(home).expanduser()
    return Path(platformdirs.user_data_dir("speechcoach", appauthor=False))


def checkout_dir() -> Path | None:
    """Return the root of the source checkout that this package runs from, None if installed."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").is_file() and (root / "models").is_dir() else None


def model_dirs() -> tuple[Path, ...]:
    """Return the folders that may hold Whisper checkpoints; the first is where new ones go."""
    cache = Path(platformdirs.user_cache_dir("speechcoach", appauthor=False)) / "models"
    checkout = checkout_dir()
    return (checkout / "models", cache) if checkout else (cache,)


_ESCAPE = re.compile(r"\\x([0-9a-f]{2})")


def to_text(path: Path) -> str:
    r"""Return the absolute path as text that any file can hold and `from_text` turns back.

    It reads as the path itself, with forward slashes on every system. A byte that is no UTF-8,
    which Linux allows in names, is written ``\xe9``; so that this stays reversible, the backslash
    of a name that happens to read like that is written ``\x5c``.
    """
    plain = os.fsencode(path.absolute().as_posix())
    plain = re.sub(rb"\\(?=x[0-9a-f]{2})", rb"\\x5c", plain)
    return plain.decode("utf-8", "backslashreplace")


def from_text(text: str) -> Path:
    """Return the path that `to_text` wrote as `text`."""
    pieces = _ESCAPE.split(text)  # text, the two digits of a byte, text ...
    plain = b"".join(
        bytes.fromhex(piece) if number % 2 else piece.encode("utf-8", "surrogateescape")
        for number, piece in enumerate(pieces)
    )
    return Path(os.fsdecode(plain))


def shown(path: Path) -> str:
    """Return a path as people see it: in one line, even where its bytes are no text."""
    return one_line(os.fsencode(path).decode("utf-8", "replace"))


def file_name(path: Path) -> str:
    """Return what people call a file: the last part of its path, as `shown`."""
    return shown(Path(path.name))


def place(path: str | None, called: str, start: Path | None = None) -> str:
    """Return what people are shown of a recording's `path`, `called` so.

    That is its path from the folder `start` on (the current one unless given), the whole one where
    it lies elsewhere, and the name where no path is known.
    """
    if path is None:
        return one_line(called)
    whole = from_text(path)
    try:
        return shown(whole.relative_to((start or Path()).absolute()))
    except (ValueError, OSError):  # elsewhere; or the current folder is gone
        return shown(whole)


def one_line(text: str) -> str:
    """Return `text` for a line on a terminal: what would break or paint it becomes ``?``."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
