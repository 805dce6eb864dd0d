"""``speechcoach progress``: how each measure moves from take to take."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from speechcoach.cli.destination import destination
from speechcoach.cli.options import (
    force_option,
    format_option,
    guide_options,
    output_option,
    question_option,
    since_option,
)
from speechcoach.cli.showing import note, write_result
from speechcoach.views import PROGRESS

NARROWEST, WIDEST = 60, 120  # columns that trends are laid out for


@click.command()
@question_option
@click.option("--metric", metavar="M", help="Only this measure, such as filler_rate or overall.")
@since_option
@guide_options
@format_option(PROGRESS)
@output_option
@force_option
def progress(
    question: str | None,
    metric: str | None,
    since: datetime | None,
    guide: str | None,
    bank: tuple[Path, ...],
    format_: str,
    output: Path | None,
    force: bool,
) -> None:
    """Show how each measure has moved over your takes.

    A verdict says whether that is more than your usual spread from take to take.
    Like is compared with like: the same kind of question, similar length, the same rules and
    recogniser. "no change yet" means that the difference could be chance.
    """
    from speechcoach.coach import Coach, Settings
    from speechcoach.history.store import History
    from speechcoach.progress import trends
    from speechcoach.terminal.screen import screen
    from speechcoach.views.takes import NONE_YET

    render = PROGRESS[format_]
    settings = Settings(bank=bank, guide=guide)
    target = destination(output, (), settings, force=force) if output else None
    coach = Coach(settings, note)
    with History.read() as history:
        found = trends.progress(history, coach, question=question, metric=metric, since=since)
    if not found:
        note(NONE_YET)
    plain = output is not None
    shown = screen(narrowest=NARROWEST, widest=WIDEST, piped=WIDEST, plain=plain)
    if text := render(found, shown):
        write_result(text, target)
