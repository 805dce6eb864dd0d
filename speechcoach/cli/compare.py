"""``speechcoach compare``: two takes side by side."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.options import analysis_options, note, write_result

if TYPE_CHECKING:
    from speechcoach.coach import Coach
    from speechcoach.data import Report
    from speechcoach.progress.comparison import Comparison, Pair

COLUMN = 12  # characters


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@analysis_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form.",
)
def compare(
    first: str,
    second: str,
    engine: str,
    model: str | None,
    bank: tuple[Path, ...],
    fillers: Path | None,
    form: str,
) -> None:
    """Set take A beside take B.

    A and B are numbers of the history, or files: a recording, a .txt transcript, or a report that
    was written as JSON.
    """
    from speechcoach.cli.recognisers import bar
    from speechcoach.coach import Coach, Settings
    from speechcoach.progress.comparison import compare as compared

    coach = Coach(Settings(engine, model, bank, fillers), note, bar)
    found = compared(_report(first, coach), _report(second, coach))
    if form == "json":
        plain = dataclasses.asdict(found) | {"recited": found.recited}
        for pair in plain["pairs"]:
            if pair["first"] is not None and pair["second"] is not None:
                pair["difference"] = round(pair["second"] - pair["first"], 4)
        write_result(json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=1), None)
    else:
        write_result("\n".join(_lines(found, first, second)), None)


def _report(place: str, coach: Coach) -> Report:
    """Return the report of a take by its number or file."""
    if place.isdecimal() and not Path(place).exists():
        from speechcoach.history.store import History

        with History.open() as history:
            return history.report(int(place))
    if Path(place).suffix.lower() == ".json":
        from speechcoach.reports import read

        return read(Path(place))
    return coach.analyze(Path(place))


def _lines(found: Comparison, first: str, second: str) -> list[str]:
    lists = {
        "gained": found.gained,
        "lost": found.lost,
        "to avoid, new": found.faults,
        "to avoid, gone": found.mended,
        "fillers": [f"{word} {a} → {b}" for word, (a, b) in found.fillers.items()],
    }
    return [
        *([f"Note: {found.unlike}."] if found.unlike else []),
        *_table(found.pairs, first, second),
        *(f"{name}: {', '.join(items)}" for name, items in lists.items() if items),
        *([_wording_line(found)] if found.wording is not None else []),
    ]


def _table(pairs: Sequence[Pair], first: str, second: str) -> list[str]:
    """Return a line a measure, under a line of headings."""
    from speechcoach.views.progress_wording import named, said

    rows = [("", first[-COLUMN:], second[-COLUMN:], "difference")]
    for pair in pairs:
        sign = "+" if (pair.difference or 0) > 0 else ""
        values = (said(pair.first, pair.unit), said(pair.second, pair.unit))
        rows.append(
            (named(pair.label, pair.unit), *values, sign + said(pair.difference, pair.unit))
        )
    width = max(len(row[0]) for row in rows)
    return [
        f"{label:{width}}" + "".join(f"  {cell:>{COLUMN}}" for cell in cells)
        for label, *cells in rows
    ]


def _wording_line(found: Comparison) -> str:
    share = f"{100 * (found.wording or 0.0):.0f}% of the words are the same runs again"
    if found.recited:
        return f"wording: {share}: this is the same wording; vary it, or it sounds memorised."
    return f"wording: {share}: told afresh."
