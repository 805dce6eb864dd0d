"""``speechcoach questions``: the bank of interview questions, and all about one of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from speechcoach.cli.options import ANY_FILE

Command = TypeVar("Command", bound=Callable[..., Any])


def bank_option(command: Command) -> Command:
    """Add the option that both commands take."""
    option = click.option(
        "--bank",
        "banks",
        type=ANY_FILE,
        multiple=True,
        help="Your own question file (TOML); may be given more than once.",
    )
    return option(command)


@click.group(invoke_without_command=True)
@click.option("--category", help="Only the questions of this category.")
@bank_option
@click.pass_context
def questions(ctx: click.Context, category: str | None, banks: tuple[Path, ...]) -> None:
    """List the interview questions: id, target length, kind, text; `show ID` tells all of one.

    Kinds: STAR asks for situation, task, action and result; timeline for present, past and
    future; open for the question's own elements only.
    """
    ctx.obj = banks
    if ctx.invoked_subcommand:
        return
    from speechcoach.questions import display, load_bank

    bank = load_bank(*banks)
    terminal = sys.stdout.isatty()
    lines = display.listing(bank, category) if terminal else display.table(bank, category)
    click.echo(display.render(lines), nl=False)


@questions.command()
@click.argument("name", metavar="ID")
@click.option("--examples", is_flag=True, help="Print every sentence that matching rests on.")
@bank_option
@click.pass_obj
def show(earlier: tuple[Path, ...], name: str, examples: bool, banks: tuple[Path, ...]) -> None:
    """Show the question ID: what is asked, target length, the rubric, what to avoid, tips."""
    from speechcoach.questions import display, load_bank

    question = load_bank(*earlier, *banks)[name]
    click.echo(display.render(display.card(question, examples=examples)), nl=False)
