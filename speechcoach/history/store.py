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
    moment,
    numbers_of,
    time_text,
)
from speechcoach.history.database import Database, Row
from speechcoach.history.faults import DamagedHistoryError, damaged_take
from speechcoach.paths import data_dir, from_text
from speechcoach.plausible import is_plausible
from speechcoach.reports import NoReportError, Plain, from_dict, parsed, to_json, upgraded

FILE = "history.sqlite"
LARGEST_NUMBER = 2**63 - 1  # that SQLite knows

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
        recordings.close_to_others()
        return cls(data_dir() / FILE)

    @classmethod
    def read(cls, *, whole: bool = True) -> History:
        """Open the user's history to read it, an empty one where there is none.

        If not `whole`, also where what is not read is missing: see `Database`.
        """
        recordings.close_to_others()
        return cls(data_dir() / FILE, reading=True, whole=whole)

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
        """Return the report with this key as plain values, None if there is none that can be read.

        What takes the place of a damaged one mends it.
        """
        number = self._number(key, SAME)
        try:
            return None if number is None else self.plain(number)
        except DamagedHistoryError:
            return None

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
        return tuple(map(self._kept, rows))

    def _kept(self, row: Row) -> Kept:
        try:
            return kept(row)
        except ValueError as error:
            raise damaged_take(self.path, row[0], str(error)) from error

    def take(self, number: int) -> Kept:
        """Return what lists show of take `number`."""
        return self._kept(self.row(KEPT, number))

    def row(self, columns: str, number: int) -> Row:
        """Return these columns of take `number`.

        Raises
        ------
        UnknownNameError
            If there is no such take.
        """
        if number <= LARGEST_NUMBER:
            rows = self.rows(f"SELECT {columns} FROM takes WHERE id = ?", (number,))  # noqa: S608 - ours
            if rows:
                return rows[0]
        raise self._no_take(number)

    def report(self, number: int) -> Report:
        """Return the report of take `number`; see `plain`."""
        return self._reports(number)[1]

    def plain(self, number: int) -> Plain:
        """Return the report of take `number` as plain values of today's schema.

        Raises
        ------
        UnknownNameError
            If there is no such take.
        HistoryError
            If a newer program wrote that report, or it is damaged.
        """
        return self._reports(number)[0]

    def _reports(self, number: int) -> tuple[Plain, Report]:
        (text,) = self.row("report", number)
        try:
            plain = upgraded(parsed(text))
            return plain, from_dict(plain)
        except NoReportError as error:
            raise damaged_take(self.path, number, error.reason) from error
        except ContentError as error:
            raise HistoryError(f"Take {number} cannot be read. {error}") from error

    def values(self, metric: str) -> dict[int, float | None]:
        """Return the values of one measurement or ``score.<name>``, by take number."""
        found = self.rows("SELECT take, value FROM measurements WHERE name = ?", (metric,))
        for take, value in found:
            if value is not None and not is_plausible(value):
                raise damaged_take(self.path, take, f"its {metric} is {value}")
        return dict(found)

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
        (content,) = self.row("sha256", number)
        self.erase("DELETE FROM takes WHERE id = ?", (number,))
        if not self.rows("SELECT 1 FROM takes WHERE sha256 = ?", (content,)):
            recordings.forget(content)

    def delete_all(self) -> int:
        """Forget every take, leave no trace of their words in the file, and return how many."""
        count = self.erase("DELETE FROM takes")
        self.shrink()
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
        return min(now, moment(time_text(datetime.fromtimestamp(changed, UTC))))
    except (OSError, ValueError, OverflowError):
        return now
