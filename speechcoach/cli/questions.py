"""``speechcoach questions``: the bank of interview questions, and all about one of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.options import bank_option

if TYPE_CHECKING:
    from speechcoach.views.questions import Line


@click.group(invoke_without_command=True)
@click.option("--category", help="Only the questions of this category.")
@bank_option
@click.pass_context
def questions(ctx: click.Context, category: str | None, bank: tuple[Path, ...]) -> None:
    """List the interview questions.

    Each with id, target length, kind and text; `show ID` tells all of one.

    Kinds: STAR asks for situation, task, action and result; timeline for present, past and
    future; open for the question's own elements only.
    """
    ctx.obj = bank
    if ctx.invoked_subcommand:
        return
    from speechcoach.guides import load_bank
    from speechcoach.views import questions as display

    layout = display.listing if sys.stdout.isatty() else display.table
    _print(layout(load_bank(*bank), category))


@questions.command()
@click.argument("name", metavar="ID")
@click.option("--examples", is_flag=True, help="Print every sentence that matching rests on.")
@bank_option
@click.pass_obj
def show(earlier: tuple[Path, ...], name: str, examples: bool, bank: tuple[Path, ...]) -> None:
    """Show the question ID: what is asked, target length, the rubric, what to avoid, tips."""
    from speechcoach.guides import load_bank
    from speechcoach.views import questions as display

    question = load_bank(*earlier, *bank)[name]
    _print(display.card(question, examples=examples))


def _print(lines: Iterable[Line]) -> None:
    """Print lines; in a pipe each stays whole."""
    from speechcoach.terminal.screen import screen
    from speechcoach.views.questions import WIDEST, render
    from speechcoach.views.screen import WHOLE

    click.echo(render(lines, screen(widest=WIDEST, piped=WHOLE)), nl=False)
