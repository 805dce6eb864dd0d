"""Where things live on this machine; each place is decided here and nowhere else."""

import os
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


def shown(path: Path) -> str:
    """Return a path as text that can be written anywhere, even where its bytes are no text."""
    return os.fsencode(path).decode("utf-8", "replace")


def one_line(path: str) -> str:
    """Return a path for a list on a terminal: what would break or paint it becomes ``?``."""
    return "".join(letter if letter.isprintable() else "?" for letter in path)
