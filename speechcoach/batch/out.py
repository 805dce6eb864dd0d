"""Writing the rows of a batch to a file, each as it comes, whole lines only."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from speechcoach.batch.run import Row
from speechcoach.errors import OutputError
from speechcoach.paths import file_name, from_text
from speechcoach.registry import Registry
from speechcoach.reports import encode

FACTS = ("file", "question", "kind", "engine", "model", "rules")
REMARKS = ("warnings", "error")
IN_HISTORY = ("take", "made")  # beside the report of a take that comes from there

Form = Callable[[Iterable[Row]], Iterator[str]]
FORMS: Registry[Form] = Registry("output file ending")
"""From rows to the lines of a file, by the file's ending."""


def written(rows: Iterable[Row], path: Path) -> Iterator[Row]:
    """Pass `rows` on, each after it was written to `path`, whose ending tells the form.

    A line goes to the file in one write, so that a run that is killed leaves whole lines.

    Raises
    ------
    UnknownNameError, OutputError
        Before the first row, if the ending or the place is no good; later, if the disk is full.
    """
    form = FORMS[path.suffix.lower()]
    try:
        file = path.open("wb", buffering=0)
    except OSError as error:
        raise _cannot_write(path, error) from error
    return _written(rows, form, file, path)


def _written(rows: Iterable[Row], form: Form, file: Any, path: Path) -> Iterator[Row]:
    passed: list[Row] = []

    def noted() -> Iterator[Row]:
        for row in rows:
            passed.append(row)
            yield row

    with file:
        for line in form(noted()):
            try:
                file.write(line.encode())
            except OSError as error:
                raise _cannot_write(path, error) from error
            yield from passed
            passed.clear()
        yield from passed


@FORMS.add(".jsonl")
def _jsonl(rows: Iterable[Row]) -> Iterator[str]:
    """Yield whole reports; in the place of one that failed, its path and the reason."""
    for row in rows:
        yield encode(row.report or _failed(row)) + "\n"


def _failed(row: Row) -> dict[str, Any]:
    recording = {"path": row.path, "name": file_name(from_text(row.path))}
    return {"recording": recording, "error": row.error}


@FORMS.add(".csv")
def _csv(rows: Iterable[Row]) -> Iterator[str]:
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
    csv.writer(text, lineterminator="\n").writerow("" if c is None else c for c in cells)
    return text.getvalue()


def _cannot_write(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path} cannot be written ({error.strerror}): choose another --out, or free space."
    )
