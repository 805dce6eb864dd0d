"""``speechcoach progress``: how each measure moves from take to take."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from speechcoach.cli.history import question_option, since_option
from speechcoach.cli.options import ANY_FILE, note, write_result

NARROWEST, WIDEST = 60, 120  # columns that trends are laid out for

bank_option = click.option("--bank", type=ANY_FILE, multiple=True, help="Your own question file.")


@click.command()
@question_option
@click.option("--metric", metavar="M", help="Only this measure, such as filler_rate or overall.")
@since_option
@bank_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="Form; html is a page with charts.",
)
@click.option("-o", "--output", type=ANY_FILE, help="Write it to this file.")
def progress(
    question: str | None,
    metric: str | None,
    since: datetime | None,
    bank: tuple[Path, ...],
    form: str,
    output: Path | None,
) -> None:
    """Show how each measure has moved over your takes.

    A verdict says whether that is more than your usual spread from take to take.
    Like is compared with like: the same kind of question, similar length, the same rules and
    recogniser. "no change yet" means that the difference could be chance.
    """
    from speechcoach.coach import Coach, Settings
    from speechcoach.history.store import History
    from speechcoach.progress import trends

    coach = Coach(Settings(bank=bank), note)
    with History.open() as history:
        found = trends.progress(history, coach, question=question, metric=metric, since=since)
    if not found:
        note("No take is kept yet that fits: 'analyze', 'batch' and 'practice' keep them.")
    if form == "html":
        from speechcoach.views import progress_page as page

        write_result(page.render(found), output)
    elif form == "json":
        from speechcoach.views.progress_plain import to_plain

        write_result(json.dumps(to_plain(found), ensure_ascii=False, indent=1), output)
    elif found:
        from speechcoach.views import progress_text as text

        width, colour = _terminal()
        write_result(text.render(found, width=width, colour=colour and not output), output)


def _terminal() -> tuple[int, bool]:
    """Return the columns to use and whether colours are shown."""
    from rich.console import Console

    console = Console(file=sys.stdout)
    width = max(NARROWEST, min(console.width, WIDEST)) if console.is_terminal else WIDEST
    return width, console.is_terminal and console.color_system is not None
