"""An SQLite file in the data folder: opened safely, brought up to date, its faults in sentences.

Write-ahead logging lets several processes write at once: each waits for its turn. A file from a
newer program is refused.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from speechcoach.errors import HistoryError
from speechcoach.history.migrations import MIGRATIONS, apply
from speechcoach.paths import shown

Row = tuple[Any, ...]

PATIENCE = 60.0  # seconds that a writer waits for another one


class Database:
    """An open file with today's tables; use it as a context manager.

    Raises
    ------
    HistoryError
        If the file cannot be opened or was made by a newer program.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.db = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
        except (OSError, sqlite3.Error) as error:
            raise self._cannot_open(error) from error
        try:
            self._prepare()
        except BaseException:
            self.db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything inside, or nothing.

        Raises
        ------
        HistoryError
            If the file cannot be written.
        """
        with self._said("written", "free space"):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """Return the rows that `sql` asks for.

        Raises
        ------
        HistoryError
            If the file cannot be read.
        """
        with self._said("read", "check the disk"):
            return self.db.execute(sql, values).fetchall()

    def shrink(self) -> None:
        """Give the space of what was deleted back to the disk."""
        with self._said("written", "free space"):
            self.db.execute("VACUUM")

    def empty_log(self) -> None:
        """Move the write-ahead log into the file and empty it: it repeats what was there before."""
        with self._said("written", "free space"):
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextlib.contextmanager
    def _said(self, done: str, remedy: str) -> Iterator[None]:
        """Turn a fault of the file into a sentence."""
        try:
            yield
        except sqlite3.Error as error:
            raise HistoryError(
                f"The history {shown(self.path)} cannot be {done} ({error}): "
                f"{remedy}, or use --no-save."
            ) from error

    def _prepare(self) -> None:
        try:
            self._write_ahead()
            self.db.execute("PRAGMA foreign_keys = ON")
            self.db.execute("PRAGMA secure_delete = ON")  # what is deleted is gone
            self._migrate()
        except sqlite3.Error as error:
            raise self._cannot_open(error) from error

    def _write_ahead(self) -> None:
        """Switch to write-ahead logging; SQLite itself does not wait for others there."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _migrate(self) -> None:
        known = len(MIGRATIONS)
        version = self._version()
        if version > known:
            raise HistoryError(
                f"The history {shown(self.path)} was made by a newer speechcoach (version "
                f"{version}, this one knows {known}): upgrade speechcoach."
            )
        if version == known:
            return
        with self.transaction():
            for step in MIGRATIONS[self._version() :]:  # asked again: another may have been first
                apply(step, self.db)
            self.db.execute(f"PRAGMA user_version = {known}")

    def _version(self) -> int:
        (version,) = self.db.execute("PRAGMA user_version").fetchone()
        return int(version)

    def _cannot_open(self, error: Exception) -> HistoryError:
        return HistoryError(
            f"The history {shown(self.path)} cannot be opened ({error}): check the folder and its "
            "permissions, set SPEECHCOACH_HOME to another one, or use --no-save."
        )
