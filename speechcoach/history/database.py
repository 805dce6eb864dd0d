"""An SQLite file in the data folder: opened safely, brought up to date, its faults in sentences.

Several processes may write at once: each waits for its turn. There is no write-ahead log, since a
log would repeat the words of what was deleted for as long as anybody has the file open. The file
is the user's alone. One from a newer program is refused, one that is not what we wrote is said to
be damaged. Where nothing can be written it is read all the same, if need be from a copy.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from speechcoach import privacy
from speechcoach.errors import HistoryError
from speechcoach.history import faults
from speechcoach.history.columns import TABLES
from speechcoach.history.migrations import MIGRATIONS, apply
from speechcoach.paths import shown

Row = tuple[Any, ...]
T = TypeVar("T")

PATIENCE = 60.0  # seconds that one waits for another one who writes
BESIDE = ("-journal", "-wal", "-shm")  # what SQLite puts beside a file


class Database:
    """An open file with today's tables; use it as a context manager.

    Parameters
    ----------
    path : Path
    reading : bool
        Nothing will be written: no file is made, and one that cannot be written is read.
    whole : bool
        Refuse a file in which something is missing; if not, it can only be read.

    Raises
    ------
    HistoryError
        If the file cannot be opened, is damaged, or was made by a newer program.
    """

    def __init__(self, path: Path, *, reading: bool = False, whole: bool = True) -> None:
        self.path, self._whole = path, whole
        self._leaving = contextlib.ExitStack()
        try:
            try:
                self._begin(path, reading=reading)
            except (OSError, sqlite3.Error) as error:
                if not reading or not faults.is_unwritable(error):
                    raise
                self._begin_with_a_copy()
            if whole:
                self._check_tables()
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise faults.told(path, error, "opened") from error
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._leaving.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything inside, or nothing.

        Raises
        ------
        HistoryError
            If the file cannot be written.
        """
        with self._said("written"):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:  # a full disk has ended it already
                    self.db.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """Return the rows that `sql` asks for.

        Raises
        ------
        HistoryError
            If the file cannot be read.
        """
        with self._said("read"):
            return self.db.execute(sql, values).fetchall()

    def erase(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Delete rows so that nothing of them stays in the file; return how many.

        Raises
        ------
        HistoryError
            If the file cannot be written, or somebody reads in a log that repeats the rows.
        """

        def erased() -> int:
            with self.transaction():
                return self.db.execute(sql, values).rowcount

        count = self._even_on_a_full_disk(erased)
        self._empty_log()
        return count

    def shrink(self) -> None:
        """Give the space of what was deleted back to the disk."""

        def shrunk() -> None:
            with self._said("written"):
                self.db.execute("VACUUM")

        self._even_on_a_full_disk(shrunk)
        self._empty_log()

    def _even_on_a_full_disk(self, change: Callable[[], T]) -> T:
        """Make a change that needs no more room than the file has.

        Where there is no room for a safety copy of what is changed, that copy is kept in memory:
        only a crash at this very moment could damage the file then.
        """
        try:
            return change()
        except HistoryError as error:
            if error.__cause__ is None or not faults.is_unwritable(error.__cause__):
                raise
        self.rows("PRAGMA journal_mode = MEMORY")
        try:
            return change()
        finally:
            self.rows("PRAGMA journal_mode = DELETE")

    def _empty_log(self) -> None:
        """Empty the write-ahead log that an older program has begun and still holds."""
        ((busy, _, _),) = self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            raise HistoryError(
                f"What was deleted from the history {shown(self.path)} still stands in its log, "
                "which another program reads: end that one, and delete again."
            )

    @contextlib.contextmanager
    def _said(self, done: str) -> Iterator[None]:
        """Turn a fault of the file into a sentence."""
        try:
            yield
        except sqlite3.ProgrammingError:  # a mistake of ours
            raise
        except sqlite3.Error as error:
            raise faults.told(self.path, error, done) from error

    # Opening

    def _begin(self, path: Path, *, reading: bool = False) -> None:
        """Open a file, to read only one that is there."""
        there = path.exists()
        if not reading:
            privacy.make_folder(path.parent)
            privacy.make_file(path)
        elif there:
            privacy.close(path.parent)
            privacy.close(path)
        for name in BESIDE:
            privacy.close(path.with_name(path.name + name))
        place = ":memory:" if reading and not there else path
        self.db = sqlite3.connect(place, isolation_level=None, timeout=PATIENCE)
        self._leaving.callback(self.db.close)
        self.db.execute("PRAGMA foreign_keys = ON")
        self.db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        self.db.execute("PRAGMA temp_store = MEMORY")  # words do not go through other folders
        if not self._whole:
            self.db.execute("PRAGMA writable_schema = ON")  # SQLite reads on where pages are gone
        self._leave_log()
        self._migrate()
        self.db.execute(f"PRAGMA query_only = {not self._whole}")

    def _begin_with_a_copy(self) -> None:
        """Open a copy, which is the user's alone and goes in the end."""
        self._leaving.close()
        folder = Path(self._leaving.enter_context(tempfile.TemporaryDirectory()))
        for name in ("", *BESIDE[:2]):
            original = self.path.with_name(self.path.name + name)
            if original.exists():
                shutil.copyfile(original, folder / original.name)
        self._begin(folder / self.path.name)

    def _leave_log(self) -> None:
        """Do without the write-ahead log of earlier versions, unless one of them runs now."""
        ((mode,),) = self.db.execute("PRAGMA journal_mode").fetchall()
        if mode != "wal":
            return
        try:
            self.db.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if faults.code(error) != sqlite3.SQLITE_BUSY:
                raise

    def _check_tables(self) -> None:
        """Raise what using a table would raise."""
        for table, columns in TABLES.items():
            self.db.execute(f"SELECT {columns} FROM {table} LIMIT 0")  # noqa: S608 - ours

    def _migrate(self) -> None:
        known = len(MIGRATIONS)
        version = self._version()
        if version > known:
            raise HistoryError(
                f"The history {shown(self.path)} was made by a newer speechcoach (version "
                f"{version}, this one knows {known}): upgrade speechcoach."
            )
        if version < 0:
            raise faults.damaged(self.path, f"it says that its version is {version}")
        if version == known:
            return
        self.db.execute("BEGIN IMMEDIATE")
        with self.db:
            for step in MIGRATIONS[self._version() :]:  # asked again: another may have been first
                apply(step, self.db)
            self.db.execute(f"PRAGMA user_version = {known}")

    def _version(self) -> int:
        (version,) = self.db.execute("PRAGMA user_version").fetchone()
        return int(version)
