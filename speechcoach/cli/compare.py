"""``speechcoach compare``: two takes side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.options import analysis_options, format_option, track_option
from speechcoach.cli.showing import note, write_result
from speechcoach.views import COMPARISON

if TYPE_CHECKING:
    from speechcoach.coach import Coach
    from speechcoach.data import Report

MOST_DIGITS = 18  # of a take's number


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@analysis_options
@track_option
@format_option(COMPARISON)
def compare(
    first: str,
    second: str,
    engine: str,
    model: str | None,
    guide: str | None,
    bank: tuple[Path, ...],
    fillers: Path | None,
    track: int | None,
    format_: str,
) -> None:
    """Set take A beside take B.

    A and B are numbers of the history, or files: a recording, a transcript, or a report that was
    written as JSON.
    """
    from speechcoach.cli.recognisers import bar
    from speechcoach.coach import Coach, Settings
    from speechcoach.progress.comparison import compare as compared

    render = COMPARISON[format_]
    coach = Coach(Settings(engine, model, bank, fillers, guide, track), note, bar)
    found = compared(_report(first, coach), _report(second, coach), coach.norms)
    write_result(render(found, first, second))


def _report(place: str, coach: Coach) -> Report:
    """Return the report of a take by its number or file."""
    if place.isdecimal() and len(place) <= MOST_DIGITS and not Path(place).exists():
        from speechcoach.history.store import History

        with History.read() as history:
            return history.report(int(place))
    if Path(place).suffix.lower() == ".json":
        from speechcoach.reports import read

        return read(Path(place))
    return coach.analyze(Path(place))
