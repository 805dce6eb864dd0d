"""Numbers, one file a line: facts, scores and measurements, under a line of their names.

A spreadsheet takes text that begins like a formula for one, and runs it: such text gets the
apostrophe before it that spreadsheets know as "this is text". Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from speechcoach.harmless import harmless_line

if TYPE_CHECKING:
    from speechcoach.batch.run import Row

FACTS = ("file", "question", "kind", "engine", "model", "rules")
REMARKS = ("warnings", "error")
FORMULA = tuple("=+-@＝＋－＠")  # how one may begin, also in wide letters
IN_HISTORY = ("take", "made")  # beside the report of a take that comes from there


def render(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a line of facts, scores and measurements a file, under a line of their names.

    The first report tells the names; failures that come before it wait for it.
    """
    names: tuple[str, ...] = ()
    early: list[Row] = []
    for row in rows:
        if not names and row.report is None:
            early.append(row)
            continue
        if not names and row.report:
            numbers = (*_scores(row.report), *row.report["measurements"])
            place = tuple(name for name in IN_HISTORY if name in row.report)
            names = (*place, *FACTS, *numbers, *REMARKS)
            yield _line(names)
            yield from (_values(one, names) for one in early)
        yield _values(row, names)
    if early and not names:
        yield _line((*FACTS, *REMARKS))
        yield from (_values(one, (*FACTS, *REMARKS)) for one in early)


def _values(row: Row, names: Iterable[str]) -> str:
    known = {"file": row.path, **(_facts(row.report) if row.report else {"error": row.error})}
    return _line(known.get(name) for name in names)


def _facts(report: Mapping[str, Any]) -> dict[str, object]:
    engine = report["engine"] or {"name": None, "model": None}
    return {
        **{name: report[name] for name in IN_HISTORY if name in report},
        "question": report["question"],
        "kind": report["recording"]["kind"],
        "engine": engine["name"],
        "model": engine["model"],
        "rules": report["rules"],
        **_scores(report),
        **{name: measured["value"] for name, measured in report["measurements"].items()},
        "warnings": " ".join(report["warnings"]),
    }


def _scores(report: Mapping[str, Any]) -> dict[str, float | None]:
    return {f"score_{name}": score for name, score in report["scores"].items()}


def _line(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(map(_cell, cells))
    return text.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return "" if value is None else value
    text = harmless_line(value)
    return f"'{text}" if text.startswith(FORMULA) else text
