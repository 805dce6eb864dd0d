"""What is the user's alone: folders and files that nobody else on the machine may read.

Words and recordings are private whatever the umask says; what an earlier version left open is
closed when it is met. Where the system knows no such permissions, nothing happens.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

FILE, FOLDER = 0o600, 0o700
OTHERS = 0o077


def make_folder(path: Path) -> None:
    """Make a folder that is the user's alone, or see to it that it is.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(FOLDER, exist_ok=True)
    close(path)


def make_file(path: Path) -> None:
    """Make an empty file that is the user's alone, unless it is there; then see to it that it is.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
    close(path)


def close(path: Path) -> None:
    """Take from others what they may do with a file or folder of the user's; as far as we may."""
    with contextlib.suppress(OSError):
        found = path.stat()
        if found.st_mode & OTHERS and _is_ours(path, found):
            path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)


def _is_ours(path: Path, found: os.stat_result) -> bool:
    """Tell whether something is there for us alone: a shared or whole home folder is not."""
    if not hasattr(os, "geteuid") or found.st_uid != os.geteuid() or found.st_mode & stat.S_ISVTX:
        return False
    home = Path.home().resolve()
    return path.resolve() not in (home, *home.parents)
