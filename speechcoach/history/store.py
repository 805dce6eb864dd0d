"""The history: every report that was kept, in one SQLite file in the data folder.

Schema: ``takes`` holds a row a report (the whole report as JSON beside what it is searched by),
``measurements`` a row a number, so that SQL can ask for trends; scores are in it as
``score.<name>``. The same analysis is kept once: see `Key`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from speechcoach.data import Report
from speechcoach.errors import ContentError, HistoryError, UnknownNameError
from speechcoach.history import recordings
from speechcoach.history.columns import (
    KEPT,
    PERHAPS_SAME,
    SAME,
    UNITS,
    Kept,
    Key,
    columns_of,
    kept,
    key_of,
    numbers_of,
    time_text,
)
from speechcoach.history.database import Database
from speechcoach.paths import data_dir, from_text
from speechcoach.reports import Plain, from_dict, to_json, upgraded

FILE = "history.sqlite"

_INSERT = (
    "INSERT INTO takes (made, path, name, sha256, kind, duration, question, engine, model, digest, "
    "rules, report) VALUES (:made, :path, :name, :sha256, :kind, :duration, :question, :engine, "
    ":model, :digest, :rules, :report)"
)
_UPDATE = (
    "UPDATE takes SET path = :path, name = :name, question = :question, engine = :engine, "
    "model = :model, digest = :digest, rules = :rules, report = :report WHERE id = :id"
)


class History(Database):
    """An open history; use it as a context manager, one short-lived object an operation.

    Raises
    ------
    HistoryError
        If the file cannot be opened, read or written, or was made by a newer program.
    """

    @classmethod
    def open(cls) -> History:
        """Open the user's history, made on first use."""
        return cls(data_dir() / FILE)

    def add(self, report: Report, *, made: datetime | None = None) -> int:
        """Keep a report and return its number; see `add_json`."""
        return self.add_json(to_json(report), made=made)

    def add_json(self, text: str, *, made: datetime | None = None) -> int:
        """Keep a report, given as its JSON, and return its number.

        The same analysis (see `Key`) is kept once: the new report takes the place of the old.

        Parameters
        ----------
        text : str
            What `speechcoach.reports.to_json` gives.
        made : datetime, optional
            When the answer was given, with a time zone; if not given, the time of its file.
        """
        plain = json.loads(text)
        when = made or _time_of(plain["recording"]["path"])
        with self.transaction():
            number = self._number(key_of(plain), PERHAPS_SAME)
            if number is None:
                return self._insert(plain, text, when)
            self._update(number, plain, text)
            return number

    def replace(self, number: int, report: Report) -> None:
        """Put another report in the place of take `number`, which keeps its time.

        If another take is that same analysis already, `number` goes and the other one stays.
        """
        text = to_json(report)
        plain = json.loads(text)
        with self.transaction():
            twin = self._number(key_of(plain), PERHAPS_SAME)
            if twin in (None, number):
                self._update(number, plain, text)
            else:
                self.db.execute(
                    "UPDATE takes SET made = min(made, (SELECT made FROM takes WHERE id = ?)) "
                    "WHERE id = ?",
                    (number, twin),
                )
                self.db.execute("DELETE FROM takes WHERE id = ?", (number,))

    def _insert(self, plain: Plain, text: str, made: datetime) -> int:
        values = {**columns_of(plain, text), "made": time_text(made)}
        number = int(self.db.execute(_INSERT, values).lastrowid or 0)
        self._insert_numbers(number, plain)
        return number

    def _update(self, number: int, plain: Plain, text: str) -> None:
        self.db.execute(_UPDATE, {**columns_of(plain, text), "id": number})
        self.db.execute("DELETE FROM measurements WHERE take = ?", (number,))
        self._insert_numbers(number, plain)

    def _insert_numbers(self, number: int, plain: Plain) -> None:
        rows = [(number, *one) for one in numbers_of(plain)]
        self.db.executemany("INSERT INTO measurements VALUES (?, ?, ?, ?)", rows)

    def find(self, key: Key) -> Plain | None:
        """Return the report with this key as plain values, None if there is none."""
        number = self._number(key, SAME)
        return None if number is None else self.plain(number)

    def _number(self, key: Key, same: str) -> int | None:
        """Return the latest take that `same`, one of the conditions in `columns`, holds for."""
        newest = f"SELECT id FROM takes WHERE {same} ORDER BY id DESC LIMIT 1"  # noqa: S608 - ours
        rows = self.rows(newest, vars(key))
        return rows[0][0] if rows else None

    def takes(
        self, *, question: str | None = None, since: datetime | None = None
    ) -> tuple[Kept, ...]:
        """Return the kept takes, oldest first; all, or those of a question or since a time."""
        rows = self.rows(
            f"SELECT {KEPT} FROM takes WHERE made >= ? AND (? IS NULL OR question = ?) "  # noqa: S608 - ours
            "ORDER BY made, id",
            (time_text(since) if since else "", question, question),
        )
        return tuple(map(kept, rows))

    def take(self, number: int) -> Kept:
        """Return what lists show of take `number`."""
        rows = self.rows(f"SELECT {KEPT} FROM takes WHERE id = ?", (number,))  # noqa: S608 - ours
        if not rows:
            raise self._no_take(number)
        return kept(rows[0])

    def report(self, number: int) -> Report:
        """Return the report of take `number`; see `plain`."""
        return from_dict(self.plain(number))

    def plain(self, number: int) -> Plain:
        """Return the report of take `number` as plain values of today's schema.

        Raises
        ------
        UnknownNameError
            If there is no such take.
        HistoryError
            If a newer program wrote that report.
        """
        rows = self.rows("SELECT report FROM takes WHERE id = ?", (number,))
        if not rows:
            raise self._no_take(number)
        try:
            return upgraded(json.loads(rows[0][0]))
        except ContentError as error:
            raise HistoryError(f"Take {number} cannot be read. {error}") from error

    def values(self, metric: str) -> dict[int, float | None]:
        """Return the values of one measurement or ``score.<name>``, by take number."""
        return dict(self.rows("SELECT take, value FROM measurements WHERE name = ?", (metric,)))

    def units(self) -> dict[str, str]:
        """Return the unit of every measurement that any take has, by name."""
        return dict(self.rows(UNITS))

    def note(self, name: str) -> str | None:
        """Return what was noted under `name`, None if nothing was."""
        rows = self.rows("SELECT text FROM notes WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def set_note(self, name: str, text: str | None) -> None:
        """Note `text` under `name`, or take the note away."""
        with self.transaction():
            self.db.execute("DELETE FROM notes WHERE name = ?", (name,))
            if text is not None:
                self.db.execute("INSERT INTO notes VALUES (?, ?)", (name, text))

    def delete(self, number: int) -> None:
        """Forget take `number`, leave no trace of its words in the file.

        With the last analysis of a recording its copy goes, too.
        """
        content = self.take(number).sha256
        with self.transaction():
            self.db.execute("DELETE FROM takes WHERE id = ?", (number,))
        self.empty_log()
        if not self.rows("SELECT 1 FROM takes WHERE sha256 = ?", (content,)):
            recordings.forget(content)

    def delete_all(self) -> int:
        """Forget every take, leave no trace of their words in the file, and return how many."""
        with self.transaction():
            count = self.db.execute("DELETE FROM takes").rowcount
        self.shrink()
        self.empty_log()
        recordings.forget_all()
        return count

    def _no_take(self, number: int) -> UnknownNameError:
        ((last,),) = self.rows("SELECT max(id) FROM takes")
        known = f"the newest is {last}" if last else "the history is empty"
        return UnknownNameError(
            f"There is no take {number} in the history ({known}): see 'speechcoach history'."
        )


def _time_of(path: str | None) -> datetime:
    """Return when a file was last written, which is when the answer was given, else now."""
    now = datetime.now(UTC)
    try:
        changed = from_text(path).stat().st_mtime if path else now.timestamp()
        return min(now, datetime.fromtimestamp(changed, UTC))
    except (OSError, ValueError, OverflowError):
        return now
