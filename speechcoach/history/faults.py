"""What is wrong with a history file, in a sentence that says what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from speechcoach.errors import HistoryError
from speechcoach.paths import shown

MOST = 120  # characters of what SQLite says: it may quote a whole report

_UNUSABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_TOOBIG}
_TAKEN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}


class DamagedHistoryError(HistoryError):
    """The file is there, and is not what we wrote."""


def code(error: BaseException) -> int:
    """Return SQLite's code of what went wrong, without its details; 0 where there is none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_unwritable(error: BaseException) -> bool:
    """Tell whether a file could not be used since nothing can be written there."""
    return isinstance(error, OSError) or code(error) in _UNUSABLE | _FULL


def told(path: Path, error: Exception, done: str) -> HistoryError:
    """Return the sentence on a history that cannot be `done`: opened, read or written."""
    kind = code(error)
    if isinstance(error, OSError) or kind in _UNUSABLE:
        step = (
            "check the folder and its permissions, set SPEECHCOACH_HOME to another one, or use "
            "--no-save."
        )
    elif kind in _FULL:
        step = "free space on its disk, or use --no-save."
    elif kind in _TAKEN:
        step = "another program holds it; end that one, or try again later."
    else:
        return damaged(path, " ".join(str(error).split())[:MOST])
    return HistoryError(f"The history {shown(path)} cannot be {done} ({error}): {step}")


def damaged(path: Path, reason: str) -> DamagedHistoryError:
    """Return the sentence on a file that is not what we wrote."""
    return DamagedHistoryError(
        f"The history {shown(path)} is damaged ({reason}): 'speechcoach history export FILE.jsonl' "
        "saves what can be read; then move the file away, and a new one begins."
    )


def damaged_take(path: Path, number: int, reason: str) -> DamagedHistoryError:
    """Return the sentence on one take that is not what we wrote."""
    return DamagedHistoryError(
        f"Take {number} of the history {shown(path)} is damaged ({reason}): 'speechcoach history "
        f"delete {number}' removes it, 'speechcoach history export FILE.jsonl' saves the others."
    )
