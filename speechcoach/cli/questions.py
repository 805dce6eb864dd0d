"""``speechcoach questions``: the bank of interview questions, and all about one of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.options import guide_options
from speechcoach.cli.showing import write_result

if TYPE_CHECKING:
    from speechcoach.views.questions import Line


@click.group(invoke_without_command=True)
@click.option("--category", help="Only the questions of this category.")
@guide_options
@click.pass_context
def questions(
    ctx: click.Context, category: str | None, guide: str | None, bank: tuple[Path, ...]
) -> None:
    """List the interview questions.

    Each with id, target length, kind and text; `show ID` tells all of one.

    A kind is the form that an answer should have (`show` names its parts); open asks for the
    question's own elements only.
    """
    ctx.obj = guide, bank
    if ctx.invoked_subcommand:
        return
    from speechcoach.coach import Coach, Settings
    from speechcoach.views import questions as display

    coach = Coach(Settings(bank=bank, guide=guide))
    layout = display.listing if sys.stdout.isatty() else display.table
    _print(layout(coach.bank, coach.guide.forms, category))


@questions.command()
@click.argument("name", metavar="ID")
@click.option("--examples", is_flag=True, help="Print every sentence that matching rests on.")
@guide_options
@click.pass_obj
def show(
    earlier: tuple[str | None, tuple[Path, ...]],
    name: str,
    examples: bool,
    guide: str | None,
    bank: tuple[Path, ...],
) -> None:
    """Show the question ID: what is asked, target length, the rubric, what to avoid, tips."""
    from speechcoach.coach import Coach, Settings
    from speechcoach.views import questions as display

    before, banks = earlier
    coach = Coach(Settings(bank=(*banks, *bank), guide=guide or before))
    question = coach.bank[name]
    _print(display.card(question, coach.guide.form_of(question), examples=examples))


def _print(lines: Iterable[Line]) -> None:
    """Print lines; in a pipe each stays whole."""
    from speechcoach.terminal.screen import screen
    from speechcoach.views.questions import WIDEST, render
    from speechcoach.views.screen import WHOLE

    write_result(render(lines, screen(widest=WIDEST, piped=WHOLE)))
