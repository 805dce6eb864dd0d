"""``speechcoach practice`` and ``speechcoach mock``: questions asked, answered, reported on."""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.dialogue import hold, practise
from speechcoach.cli.options import (
    ANY_FILE,
    analysis_options,
    channel_option,
    countdown_option,
    device_option,
    max_option,
    save_option,
)
from speechcoach.cli.recognisers import settled
from speechcoach.cli.showing import note
from speechcoach.cli.unfinished import offer_unfinished
from speechcoach.errors import AudioError

if TYPE_CHECKING:
    from speechcoach.coach import Coach
    from speechcoach.data import Question
    from speechcoach.practice.studio import Studio
    from speechcoach.terminal.session import Plan

folder_option = click.option(
    "--folder", type=ANY_FILE, default=Path(), help="Where takes are kept.  [default: this folder]"
)
FEW = 5  # questions of an interview


@click.command()
@click.argument("name", required=False, metavar="[QUESTION]")
@click.option("--category", help="Only questions of this category.")
@click.option("--random", "surprise", is_flag=True, help="Any question; the default.")
@click.option("--weakest", is_flag=True, help="What 'speechcoach next' would suggest.")
@click.option(
    "--prep",
    type=click.FloatRange(0, 3600),
    default=0.0,
    metavar="SECONDS",
    help="Thinking time before the take; Enter ends it.",
)
@device_option
@channel_option
@countdown_option
@max_option
@folder_option
@analysis_options
@save_option
def practice(
    name: str | None,
    category: str | None,
    surprise: bool,
    weakest: bool,
    prep: float,
    device: str | None,
    channel: int | None,
    countdown: float,
    longest: float | None,
    folder: Path,
    engine: str,
    model: str | None,
    guide: str | None,
    bank: tuple[Path, ...],
    fillers: Path | None,
    no_save: bool,
) -> None:
    """Practise: a question, your answer, the report.

    After the report: again, next, listen or quit.

    QUESTION is a question's id (see 'speechcoach questions'). While you record, Enter stops,
    space pauses and goes on, Esc or q throws the take away after asking.
    """
    from speechcoach.coach import Coach, Settings
    from speechcoach.terminal.session import STARTING, THINKING, Plan

    if sum((name is not None, category is not None, surprise, weakest)) > 1:
        raise click.UsageError("Give a QUESTION, --category, --random or --weakest: one of them.")
    coach = Coach(Settings(engine, model, bank, fillers, guide), note)
    coach.check(name)
    questions = _questions(coach, name, category, weakest)
    counting = THINKING if prep else STARTING
    plan = Plan(folder / "take.wav", None, prep or countdown, longest, counting=counting)
    with _studio(coach, plan, device, channel, saved=not no_save) as studio:
        practise(coach, studio, questions)


@click.command()
@click.option(
    "--questions", "count", type=click.IntRange(1), metavar="N", help="How many; 5 if not told."
)
@click.option(
    "--minutes", type=click.FloatRange(min=0, min_open=True), metavar="M", help="About how long."
)
@click.option("--seed", type=int, metavar="S", help="The same questions in the same order again.")
@click.option(
    "--prep",
    type=click.FloatRange(0, 3600),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="Thinking time before each take; Enter ends it.",
)
@device_option
@channel_option
@max_option
@folder_option
@analysis_options
@save_option
def mock(
    count: int | None,
    minutes: float | None,
    seed: int | None,
    prep: float,
    device: str | None,
    channel: int | None,
    longest: float | None,
    folder: Path,
    engine: str,
    model: str | None,
    guide: str | None,
    bank: tuple[Path, ...],
    fillers: Path | None,
    no_save: bool,
) -> None:
    """Hold an interview of several questions, without stopping.

    Enter ends an answer and brings the next question, Ctrl-C ends the interview early. One report
    comes at the end; takes and reports are kept in a folder of their own, mock-DATE, as soon as
    they are there.
    """
    from speechcoach.coach import Coach, Settings
    from speechcoach.practice.choice import interview
    from speechcoach.terminal.session import THINKING, Plan

    if count and minutes:
        raise click.UsageError("Give --questions or --minutes, one of them.")
    coach = Coach(Settings(engine, model, bank, fillers, guide), note)
    coach.check()
    seed = random.randrange(10_000) if seed is None else seed
    wanted = (count or FEW) if minutes is None else None
    seconds = None if minutes is None else 60 * minutes
    questions = interview(coach.bank, random.Random(seed), count=wanted, seconds=seconds)
    plan = Plan(folder / "take.wav", None, prep, longest, counting=THINKING)
    with _studio(coach, plan, device, channel, saved=not no_save) as studio:
        note(f"{len(questions)} questions; --seed {seed} asks the same again.")
        hold(coach, studio.within(f"mock-{datetime.now():%Y-%m-%d-%H%M}"), questions)


def _questions(
    coach: Coach, name: str | None, category: str | None, suggested: bool
) -> Iterator[Question]:
    """Return the question asked for, then others without end: suggested, of a category, or any."""
    from speechcoach.practice import choice

    bank = coach.bank
    if suggested:
        return choice.suggested(bank, note)
    pool = bank.of_category(category) if category else tuple(bank.values())
    if name is None:
        return choice.shuffled(pool, random.Random())
    return itertools.chain([bank[name]], choice.shuffled(pool, random.Random(), last=bank[name]))


@contextmanager
def _studio(
    coach: Coach, plan: Plan, device: str | None, channel: int | None, *, saved: bool
) -> Iterator[Studio]:
    """Give the microphone and a warm analyst to a session at the terminal."""
    from rich.console import Console

    from speechcoach.practice.analyst import Analyst
    from speechcoach.practice.studio import Studio
    from speechcoach.recorder import microphone
    from speechcoach.workers import alone

    if not sys.stdin.isatty():
        raise AudioError(
            "Practice needs a terminal for its keys; 'speechcoach record --max SECONDS' works "
            "without one."
        )
    offer_unfinished()
    chosen = microphone.choose(device, channel)
    with alone(settled(coach.settings)) as workers:
        analyst = Analyst(workers)
        analyst.warm()
        yield Studio(chosen, analyst, Console(stderr=True, highlight=False), plan, saved, note)
