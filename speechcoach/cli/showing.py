"""How commands show things: results on stdout or in a file, everything else on stderr.

The streams are named, since click would choose others: it takes a terminal with nothing but ASCII
for one that is set up wrongly, and sends it UTF-8.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.paths import shown

if TYPE_CHECKING:
    from speechcoach.coach import Coach
    from speechcoach.data import Report
    from speechcoach.outputs import Output
    from speechcoach.views import View

NARROWEST, WIDEST = 40, 100  # columns a report is laid out for


def note(text: str) -> None:
    """Say something beside the result; names in it do nothing to the terminal."""
    from speechcoach.harmless import harmless

    click.echo(harmless(text), file=sys.stderr)


def write_result(text: str, output: Output | None = None) -> None:
    """Print a result, or write it to `output` whole or not at all; nothing in it steers.

    Raises
    ------
    OutputError
        If it cannot be written there; not if the reader of a pipe has gone.
    """
    from speechcoach.harmless import harmless, harmless_but_for_colours

    if output is None:
        plain = harmless_but_for_colours(text)
        click.echo(plain, file=sys.stdout, nl=not text.endswith("\n"))
        return
    output.write(harmless(text))
    note(f"Written to {shown(output.path)}.")


def write_path(path: Path) -> None:
    """Print a path: to people as they read it, to programs as it is."""
    click.echo(shown(path) if sys.stdout.isatty() else str(path), file=sys.stdout)


def view_of(
    coach: Coach, report: Report, *, plain: bool, explain: bool = False, compact: bool = False
) -> View:
    """Return what is needed to lay out `report`: for the terminal, or `plain` for a file."""
    from speechcoach.terminal.screen import screen
    from speechcoach.views import View

    return View(
        report=report,
        question=coach.bank.get(report.question) if report.question else None,
        norms=coach.norms,
        guide=coach.guide,
        screen=screen(narrowest=NARROWEST, widest=WIDEST, plain=plain),
        explain=explain,
        compact=compact,
    )


def report_text(coach: Coach, report: Report, *, plain: bool = False) -> str:
    """Return a report as text: for the terminal, or `plain` for a file."""
    from speechcoach.views import FORMATS

    return FORMATS["text"](view_of(coach, report, plain=plain))
