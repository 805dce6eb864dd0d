"""The history: every report that was kept, in one SQLite file in the data folder.

Schema: ``takes`` holds a row a report (the whole report as JSON beside what it is searched by),
``measurements`` a row a number, so that SQL can ask for trends; scores are in it as
``score.<name>``. The same analysis is kept once: see `Key`. Migrations are appended, never edited;
a file from a newer program is refused.
Write-ahead logging lets several processes write at once: each waits for its turn.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from speechcoach.data import Report
from speechcoach.errors import HistoryError, UnknownNameError
from speechcoach.history import recordings
from speechcoach.history.migrations import MIGRATIONS, apply
from speechcoach.paths import data_dir, from_text
from speechcoach.reports import from_dict, to_json, upgraded

FILE = "history.sqlite"
PATIENCE = 60.0  # seconds that a writer waits for another one


@dataclass(frozen=True)
class Kept:
    """A kept take without its report: what lists and trends need.

    `made` is when the answer was given, as far as its file tells, in UTC.
    """

    id: int
    made: datetime
    path: str | None
    name: str
    sha256: str
    kind: str
    duration: float | None
    question: str | None
    engine: str | None
    model: str | None
    rules: str


@dataclass(frozen=True)
class Key:
    """What makes two analyses the same: content, question, recogniser and rules.

    The same bytes read as sound and read as text (`kind`) are not the same content. A `model` of
    None stands for the engine's only one; `digest` is that of its file, since two may have one
    name. Where no recogniser was needed (a written answer, a
    recording without speech), any recogniser would have given the same report.
    """

    sha256: str
    question: str | None
    engine: str | None
    model: str | None
    rules: str
    kind: str = "audio"
    digest: str | None = ""


_COLUMNS = "id, made, path, name, sha256, kind, duration, question, engine, model, rules"


class History:
    """An open history; use it as a context manager, one short-lived object an operation.

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

    def _cannot_open(self, error: Exception) -> HistoryError:
        return HistoryError(
            f"The history {self.path} cannot be opened ({error}): check the folder and its "
            "permissions, set SPEECHCOACH_HOME to another one, or use --no-save."
        )

    @classmethod
    def open(cls) -> History:
        """Open the user's history, made on first use."""
        return cls(data_dir() / FILE)

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def _migrate(self) -> None:
        (version,) = self.db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise HistoryError(
                f"The history {self.path} was made by a newer speechcoach (version {version}, this "
                f"one knows {len(MIGRATIONS)}): upgrade speechcoach."
            )
        if version == len(MIGRATIONS):
            return
        with self.transaction():
            (version,) = self.db.execute("PRAGMA user_version").fetchone()
            for step in MIGRATIONS[version:]:
                apply(step, self.db)
            self.db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything inside, or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def add(self, report: Report, *, made: datetime | None = None) -> int:
        """Keep a report and return its number; see `add_json`."""
        return self.add_json(to_json(report), made=made)

    def add_json(self, text: str, *, made: datetime | None = None) -> int:
        """Keep a report, given as its JSON, and return its number.

        The same analysis (see `Key`) is kept once: the new report takes the place of the old.

        Parameters
        ----------
        text : str
            What `speechcoach.views.to_json` gives.
        made : datetime, optional
            When the answer was given, with a time zone; if not given, the time of its file.
        """
        plain = json.loads(text)
        when = made or _time_of(plain["recording"]["path"])
        with self._said(), self.transaction():
            number = self._number(_key(plain))
            if number is None:
                return self._insert(plain, text, when)
            self._update(number, plain, text)
            return number

    def _insert(self, plain: dict[str, Any], text: str, made: datetime) -> int:
        recording, key = plain["recording"], _key(plain)
        row = (
            made.astimezone(UTC).isoformat(timespec="microseconds"),
            recording["path"],
            recording["name"],
            key.sha256,
            recording["kind"],
            recording["duration"],
            key.question,
            key.engine,
            key.model,
            key.rules,
            text,
        )
        cursor = self.db.execute(
            "INSERT INTO takes (made, path, name, sha256, kind, duration, question, engine, model, "
            "rules, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        number = int(cursor.lastrowid or 0)
        self._insert_numbers(number, plain)
        return number

    def _insert_numbers(self, number: int, plain: dict[str, Any]) -> None:
        measured = [
            (number, name, m["value"], m["unit"]) for name, m in plain["measurements"].items()
        ]
        scores = [(number, f"score.{n}", s, "points") for n, s in plain["scores"].items()]
        self.db.executemany("INSERT INTO measurements VALUES (?, ?, ?, ?)", [*measured, *scores])

    def replace(self, number: int, report: Report) -> None:
        """Put another report in the place of take `number`, which keeps its time.

        If another take is that same analysis already, `number` goes and the other one stays.
        """
        text = to_json(report)
        plain = json.loads(text)
        with self._said(), self.transaction():
            twin = self._number(_key(plain))
            if twin in (None, number):
                self._update(number, plain, text)
            else:
                self.db.execute(
                    "UPDATE takes SET made = min(made, (SELECT made FROM takes WHERE id = ?)) "
                    "WHERE id = ?",
                    (number, twin),
                )
                self.db.execute("DELETE FROM takes WHERE id = ?", (number,))

    def _update(self, number: int, plain: dict[str, Any], text: str) -> None:
        recording, key = plain["recording"], _key(plain)
        self.db.execute(
            "UPDATE takes SET path = ?, name = ?, question = ?, engine = ?, model = ?, rules = ?, "
            "report = ? WHERE id = ?",
            (
                *(recording["path"], recording["name"]),
                *(key.question, key.engine, key.model, key.rules),
                *(text, number),
            ),
        )
        self.db.execute("DELETE FROM measurements WHERE take = ?", (number,))
        self._insert_numbers(number, plain)

    def find(self, key: Key) -> dict[str, Any] | None:
        """Return the report with this key as plain values, None if there is none."""
        number = self._number(key)
        return None if number is None else self.plain(number)

    def _number(self, key: Key) -> int | None:
        row = self.db.execute(
            "SELECT id FROM takes WHERE sha256 = ? AND rules = ? AND kind = ? AND question IS ? "
            "AND (engine IS NULL OR (engine = ? AND model = coalesce(?, model) "
            "AND coalesce(json_extract(report, '$.engine.digest'), '') = ?)) "
            "ORDER BY id DESC LIMIT 1",
            (key.sha256, key.rules, key.kind, key.question, key.engine, key.model, key.digest),
        ).fetchone()
        return row[0] if row else None

    def takes(
        self, *, question: str | None = None, since: datetime | None = None
    ) -> tuple[Kept, ...]:
        """Return the kept takes, oldest first; all, or those of a question or since a time."""
        start = since.astimezone(UTC).isoformat(timespec="microseconds") if since else ""
        rows = self.db.execute(
            f"SELECT {_COLUMNS} FROM takes WHERE made >= ? AND (? IS NULL OR question = ?) "  # noqa: S608 - our own constant
            "ORDER BY made, id",
            (start, question, question),
        )
        return tuple(_kept(row) for row in rows)

    def take(self, number: int) -> Kept:
        """Return what lists show of take `number`."""
        row = self.db.execute(
            f"SELECT {_COLUMNS} FROM takes WHERE id = ?",  # noqa: S608 - our own constant
            (number,),
        ).fetchone()
        if row is None:
            raise self._no_take(number)
        return _kept(row)

    def report(self, number: int) -> Report:
        """Return the report of take `number`."""
        return from_dict(self.plain(number))

    def plain(self, number: int) -> dict[str, Any]:
        """Return the report of take `number` as plain values."""
        return upgraded(json.loads(self._text(number)))

    def _text(self, number: int) -> str:
        row = self.db.execute("SELECT report FROM takes WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise self._no_take(number)
        return str(row[0])

    def values(self, metric: str) -> dict[int, float | None]:
        """Return the values of one measurement or ``score.<name>``, by take number."""
        rows = self.db.execute("SELECT take, value FROM measurements WHERE name = ?", (metric,))
        return dict(rows.fetchall())

    def units(self) -> dict[str, str]:
        """Return the unit of every measurement that any take has, by name."""
        rows = self.db.execute(
            "SELECT name, unit FROM measurements WHERE take = (SELECT max(id) FROM takes)"
        )
        return dict(rows.fetchall())

    def note(self, name: str) -> str | None:
        """Return what was noted under `name`, None if nothing was."""
        row = self.db.execute("SELECT text FROM notes WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_note(self, name: str, text: str | None) -> None:
        """Note `text` under `name`, or take the note away."""
        with self._said(), self.transaction():
            self.db.execute("DELETE FROM notes WHERE name = ?", (name,))
            if text is not None:
                self.db.execute("INSERT INTO notes VALUES (?, ?)", (name, text))

    def delete(self, number: int) -> None:
        """Forget take `number`, and with its last analysis the copy of a recording."""
        content = self.take(number).sha256
        with self._said(), self.transaction():
            self.db.execute("DELETE FROM takes WHERE id = ?", (number,))
        if not self.db.execute("SELECT 1 FROM takes WHERE sha256 = ?", (content,)).fetchone():
            recordings.forget(content)

    def delete_all(self) -> int:
        """Forget every take, leave no trace of their words in the file, and return how many."""
        with self._said():
            with self.transaction():
                count = self.db.execute("DELETE FROM takes").rowcount
            self.db.execute("VACUUM")
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        recordings.forget_all()
        return count

    def _no_take(self, number: int) -> UnknownNameError:
        (last,) = self.db.execute("SELECT max(id) FROM takes").fetchone()
        known = f"the newest is {last}" if last else "the history is empty"
        return UnknownNameError(
            f"There is no take {number} in the history ({known}): see 'speechcoach history'."
        )

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        """Turn a database's fault into a sentence."""
        try:
            yield
        except sqlite3.Error as error:
            raise HistoryError(
                f"The history {self.path} cannot be written ({error}): "
                "free space, or use --no-save."
            ) from error


def _kept(row: tuple[Any, ...]) -> Kept:
    number, made, *rest = row
    return Kept(number, datetime.fromisoformat(made), *rest)


def _key(plain: dict[str, Any]) -> Key:
    """Return the key of a report in plain values."""
    engine = plain["engine"] or {"name": None, "model": None}
    return Key(
        plain["recording"]["sha256"],
        plain["question"],
        engine["name"],
        engine["model"],
        plain["rules"],
        plain["recording"]["kind"],
        engine.get("digest") or "",
    )


def _time_of(path: str | None) -> datetime:
    """Return when a file was last written, which is when the answer was given, else now."""
    now = datetime.now(UTC)
    try:
        changed = from_text(path).stat().st_mtime if path else now.timestamp()
        return min(now, datetime.fromtimestamp(changed, UTC))
    except (OSError, ValueError, OverflowError):
        return now
