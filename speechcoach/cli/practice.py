"""``speechcoach practice`` and ``speechcoach mock``: questions asked, answered, reported on."""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.options import (
    ANY_FILE,
    analysis_options,
    countdown_option,
    device_option,
    max_option,
    save_option,
)
from speechcoach.cli.recognisers import settled
from speechcoach.cli.showing import note, report_text, write_result
from speechcoach.cli.unfinished import offer_unfinished
from speechcoach.errors import AudioError, SpeechCoachError
from speechcoach.paths import shown

if TYPE_CHECKING:
    from speechcoach.coach import Coach
    from speechcoach.data import Form, Question, Report
    from speechcoach.practice.interview import Interview
    from speechcoach.practice.studio import Studio
    from speechcoach.recorder.recorder import Recorded
    from speechcoach.terminal.session import Plan

folder_option = click.option(
    "--folder", type=ANY_FILE, default=Path(), help="Where takes are kept.  [default: this folder]"
)
FEW = 5  # questions of an interview
MENU = "again (a), next (n), listen (l, l 3 or l 0:42), quit (q)"


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
    with _studio(coach, plan, device, saved=not no_save) as studio:
        _practise(coach, studio, questions)


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
    with _studio(coach, plan, device, saved=not no_save) as studio:
        note(f"{len(questions)} questions; --seed {seed} asks the same again.")
        _hold(coach, studio.within(f"mock-{datetime.now():%Y-%m-%d-%H%M}"), questions)


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
def _studio(coach: Coach, plan: Plan, device: str | None, *, saved: bool) -> Iterator[Studio]:
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
    chosen = microphone.choose(device)
    with alone(settled(coach.settings)) as workers:
        analyst = Analyst(workers)
        analyst.warm()
        yield Studio(chosen, analyst, Console(stderr=True, highlight=False), plan, saved, note)


def _practise(coach: Coach, studio: Studio, questions: Iterator[Question]) -> None:
    """Ask, record, report and offer what comes next until the user quits."""
    question = next(questions)
    wish = "n"
    while wish != "q":
        if wish == "n" and not _presented(question, coach.guide.form_of(question)):
            return
        take, _ = studio.answer(question)
        made = _reported(coach, studio, take, question) if take else None
        wish = _wish(take, made)
        if wish == "n":
            question = next(questions)


def _hold(coach: Coach, studio: Studio, questions: Sequence[Question]) -> None:
    """Ask one question after another, then report on all answers that were given."""
    from speechcoach.practice.interview import Interview

    held = Interview(studio)
    problem: SpeechCoachError | None = None
    try:
        held.ask(questions, _put)
    except SpeechCoachError as error:  # the answers before it still get their report
        problem = error
    held.collect(wait=True)
    _conclude(coach, held, studio.plan.path.parent)
    if problem:
        raise problem


def _conclude(coach: Coach, held: Interview, folder: Path) -> None:
    """Print the report on an interview, and keep it beside the takes."""
    from speechcoach.files import write_whole
    from speechcoach.views.interview import render

    if not held.reports:
        with suppress(OSError):
            folder.rmdir()  # unless a take is in it
        return
    overview = render(held.reports)
    for made in held.reports:
        write_result(report_text(coach, made) + "\n")
    write_result(overview)
    reports = (report_text(coach, made, plain=True) for made in held.reports)
    write_whole(folder / "interview.txt", "\n".join([overview, *reports]))
    note(f"Everything is kept in {shown(folder)}.")


def _put(question: Question, place: int, count: int) -> None:
    """Put a question of an interview."""
    from speechcoach.views.questions import asked_in_turn

    note(f"\n{asked_in_turn(question, place, count)}")


def _presented(question: Question, form: Form | None) -> bool:
    """Show a question, and on request what is assessed; tell whether it is to be answered."""
    from speechcoach.terminal.screen import screen
    from speechcoach.views import questions as display

    note(f"\n{display.asked(question)}")
    while True:
        told = _asked("Enter begins, ? tells what is assessed, q quits")
        if told != "?":
            return told != "q"
        card = display.card(question, form)
        note(display.render(card, screen(sys.stderr, widest=display.WIDEST)))


def _reported(coach: Coach, studio: Studio, take: Recorded, question: Question) -> Report | None:
    """Analyse a take and show the report; a take that cannot be analysed is said."""
    studio.analyst.begin(take, question.id)
    try:
        made = studio.report()
    except SpeechCoachError as error:
        note(str(error))
        return None
    write_result(report_text(coach, made))
    return made


def _wish(take: Recorded | None, made: Report | None) -> str:
    """Ask what comes next, play what is to be heard; return a, n or q."""
    while True:
        told, _, place = _asked(MENU).partition(" ")
        if told in ("a", "n", "q"):
            return told
        if told == "l" and take is not None:
            _listen(take, made, place)


def _asked(prompt: str) -> str:
    """Return what is answered, in lower case; a closed terminal or Ctrl-C is a q."""
    try:
        told = click.prompt(prompt, default="", show_default=False, err=True)
    except click.Abort:
        return "q"
    return str(told).strip().lower()


def _listen(take: Recorded, made: Report | None, place: str) -> None:
    """Play a take from a place, asked for with the list of its moments if none was given."""
    from speechcoach.practice.moments import moments, start_of
    from speechcoach.recorder.playback import play
    from speechcoach.terminal.keyboard import Keyboard
    from speechcoach.views.moments import render

    among = moments(made) if made else ()
    if not place and among:
        note(render(among))
        place = _asked("From which of these, or a time such as 0:42; Enter for all")
    start = start_of(place, among)
    if start is None:
        note(f"{place!r} is neither a number of the list nor a time such as 0:42.")
        return
    note("Any key stops.")
    try:
        with Keyboard() as keys:
            play(take.path, start=start, stop=lambda: keys.key(0) is not None)
    except AudioError as error:
        note(str(error))
