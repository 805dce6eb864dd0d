"""All that can be read of a history, each take by itself, however damaged the others are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from speechcoach.errors import HistoryError, UnknownNameError
from speechcoach.history.columns import moment
from speechcoach.history.store import History
from speechcoach.reports import Plain

MOST = 1_000_000
"""Numbers that are tried where the history does not tell which it has."""


@dataclass(frozen=True)
class Saved:
    """A take as it was kept; `made` is None where that cannot be read."""

    id: int
    made: datetime | None
    path: str | None
    name: str
    report: Plain


def readable(
    history: History, lost: list[int], *, question: str | None = None, since: datetime | None = None
) -> Iterator[Saved]:
    """Yield the takes that can be read, oldest first as far as that is known.

    Parameters
    ----------
    lost : list of int
        Receives the numbers of the others.

    Raises
    ------
    HistoryError
        If there is not a single take that can be.
    """
    problem, any_read = None, False
    for number in _numbers(history):
        try:
            found = _saved(history, number)
        except UnknownNameError:
            continue
        except HistoryError as error:
            lost.append(number)
            problem = error
            continue
        any_read = True
        late = since is None or (found.made is not None and found.made >= since.astimezone())
        if late and question in (None, found.report["question"]):
            yield found
    if problem and not any_read:
        raise problem


def _saved(history: History, number: int) -> Saved:
    report = history.plain(number)
    made, path, name = history.row("made, path, name", number)
    try:
        return Saved(number, moment(made), path, name, report)
    except ValueError:
        return Saved(number, None, path, name, report)


def _numbers(history: History) -> Iterable[int]:
    """Return the takes' numbers; where they cannot be listed, all that there may be."""
    try:
        return [number for (number,) in history.rows("SELECT id FROM takes ORDER BY made, id")]
    except HistoryError as error:
        return range(1, _last(history, error) + 1)


def _last(history: History, error: HistoryError) -> int:
    """Return the greatest number that any take had."""
    for ask in (
        "SELECT seq FROM sqlite_sequence WHERE name = 'takes'",
        "SELECT max(id) FROM takes",
    ):
        try:
            ((last,),) = history.rows(ask)
            return min(int(last), MOST)
        except (HistoryError, ValueError, TypeError):
            continue
    raise error
