"""``speechcoach next`` and ``speechcoach goal``: which question to practise, and until when."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from speechcoach.cli.history import DAY
from speechcoach.cli.options import ANY_FILE, note


@click.command("next")
@click.option("--count", type=click.IntRange(1), default=3, show_default=True, help="How many.")
@click.option("--bank", type=ANY_FILE, multiple=True, help="Your own question file (TOML).")
def next_question(count: int, bank: tuple[Path, ...]) -> None:
    """Say which questions to practise next, and why.

    What went badly comes back soon, what went well later; what was never practised comes first
    while there is time. With a 'goal' the practice is spaced toward that day.
    """
    from speechcoach.guides import load_bank
    from speechcoach.history.store import History
    from speechcoach.progress import schedule

    today = date.today()
    questions = load_bank(*bank)
    with History.open() as history:
        interview = schedule.goal(history)
        found = schedule.suggestions(
            questions, history.takes(), history.values("score.overall"), today, interview
        )
    if interview:
        note(_until(interview, today))
    for suggestion in found[:count]:
        click.echo(f"{suggestion.question.id}: {suggestion.reason}")
        click.echo(f"  {suggestion.question.text}")


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

    today = date.today()
    if day and day.date() < today:
        raise SpeechCoachError(f"{day:%Y-%m-%d} is past: give the day of the interview to come.")
    with History.open() as history:
        if day or clear:
            schedule.set_goal(history, day.date() if day else None)
        found = schedule.goal(history)
    click.echo(_until(found, today) if found else "No interview date is set: goal --date sets it.")


def _until(interview: date, today: date) -> str:
    days = (interview - today).days
    if days < 0:
        return f"The interview was on {interview}; 'goal --date' sets the next one."
    left = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"The interview is {left}, on {interview}."
