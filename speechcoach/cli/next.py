"""``speechcoach next`` and ``speechcoach goal``: which question to practise, and until when."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from speechcoach.cli.options import DAY, guide_options
from speechcoach.cli.showing import note, write_result


@click.command("next")
@click.option("--count", type=click.IntRange(1), default=3, show_default=True, help="How many.")
@guide_options
def next_question(count: int, guide: str | None, bank: tuple[Path, ...]) -> None:
    """Say which questions to practise next, and why.

    What went badly comes back soon, what went well later; what was never practised comes first
    while there is time. With a 'goal' the practice is spaced toward that day.
    """
    from speechcoach.coach import Coach, Settings
    from speechcoach.history.store import History
    from speechcoach.progress import schedule
    from speechcoach.views.plan import render, until

    today = date.today()
    questions = Coach(Settings(bank=bank, guide=guide)).bank
    with History.read() as history:
        interview = schedule.goal(history)
        found = schedule.suggestions(
            questions, history.takes(), history.values("score.overall"), today, interview
        )
    if interview:
        note(until(interview, today))
    write_result(render(found[:count]))


@click.command()
@click.option("--date", "day", type=DAY, metavar="YYYY-MM-DD", help="The day of the interview.")
@click.option("--clear", is_flag=True, help="Forget it.")
def goal(day: datetime | None, clear: bool) -> None:
    """Set the interview's date, which spaces the practice.

    Without an option: tell it.
    """
    from speechcoach.errors import SpeechCoachError
    from speechcoach.history.store import History
    from speechcoach.progress import schedule
    from speechcoach.views.plan import until

    today = date.today()
    if day and day.date() < today:
        raise SpeechCoachError(f"{day:%Y-%m-%d} is past: give the day of the interview to come.")
    if day or clear:
        with History.open() as history:
            schedule.set_goal(history, day.date() if day else None)
    with History.read() as history:
        found = schedule.goal(history)
    write_result(until(found, today))
