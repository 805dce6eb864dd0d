"""What a batch prints at its end: a line a file, and what the folder comes to."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from speechcoach.paths import place
from speechcoach.quantities import cell, clock
from speechcoach.views.screen import Screen, laid_out

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from speechcoach.batch.run import Row

HEADINGS = ("file", "question", "length", "pace", "fillers", "structure", "overall", "warnings")
NUMBERS = frozenset({"length", "pace", "fillers", "structure", "overall"})
WIDEST_REMARK = 60  # columns; the whole text is in the report


@dataclass(frozen=True)
class Line:
    """What stays of a row once it is written; None is unknown."""

    path: str
    question: str | None = None
    length: float | None = None
    pace: float | None = None
    fillers: float | None = None
    structure: float | None = None
    overall: float | None = None
    remark: str = ""
    failed: bool = False
    kept: bool = False


def line(row: Row) -> Line:
    """Return what the table shows of a row."""
    if row.report is None:
        return Line(row.path, remark=row.error, failed=True)
    report = row.report
    scores = report["scores"]
    return Line(
        row.path,
        report["question"],
        report["recording"]["duration"],
        _measured(report, "speech_rate"),
        _measured(report, "filler_rate"),
        scores.get("structure"),
        scores.get("overall"),
        textwrap.shorten(" ".join(report["warnings"]), WIDEST_REMARK, placeholder=" …"),
        kept=row.kept,
    )


def _measured(report: Mapping[str, Any], name: str) -> float | None:
    found: float | None = report["measurements"].get(name, {"value": None})["value"]
    return found


def described(one: Line) -> str:
    """Return what came out of a file in one line."""
    overall = "not scored" if one.overall is None else f"overall {one.overall:.0f}"
    return f"{place(one.path, one.path)}: {one.question or 'no question'}, {overall}"


def render(lines: Sequence[Line], start: Path, screen: Screen) -> str:
    """Return the table of a folder and its totals; paths are shown from the folder `start` on."""
    from rich.text import Text

    return laid_out([_table(lines, start), *map(Text, totals(lines))], screen)


def _table(lines: Sequence[Line], start: Path) -> Table:
    from rich.table import Table

    shown = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in HEADINGS:
        shown.add_column(
            heading, justify="right" if heading in NUMBERS else "left", overflow="fold"
        )
    for one in lines:
        shown.add_row(
            place(one.path, one.path, start),
            one.question or "–",
            "–" if one.length is None else clock(one.length),
            cell(one.pace, "words/min"),
            cell(one.fillers, "1/min"),
            cell(one.structure, "points"),
            cell(one.overall, "points"),
            f"failed: {one.remark}" if one.failed else one.remark,
        )
    return shown


def totals(lines: Sequence[Line]) -> Iterator[str]:
    """Yield what the folder comes to, a line each."""
    done = [one for one in lines if not one.failed]
    kept, failed = sum(one.kept for one in done), len(lines) - len(done)
    fresh = len(done) - kept
    yield f"{len(lines)} files: {fresh} analysed, {kept} from the history, {failed} failed"
    spoken = [one.length for one in done if one.length is not None]
    if spoken:
        yield f"{clock(sum(spoken))} of recordings"
    means = {
        "overall {:.0f}": _mean(one.overall for one in done),
        "{:.0f} words/min": _mean(one.pace for one in done),
        "{:.1f} fillers a minute": _mean(one.fillers for one in done),
    }
    if known := [said.format(mean) for said, mean in means.items() if mean is not None]:
        yield f"on average: {', '.join(known)}"


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None
