"""What is asked and answered at the terminal around the takes of `practice` and `mock`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach import privacy
from speechcoach.cli.showing import note, report_text, write_result
from speechcoach.errors import AudioError, SpeechCoachError
from speechcoach.paths import shown

if TYPE_CHECKING:
    from speechcoach.coach import Coach
    from speechcoach.data import Form, Question, Report
    from speechcoach.practice.interview import Interview
    from speechcoach.practice.studio import Studio
    from speechcoach.recorder.recorder import Recorded

MENU = "again (a), next (n), listen (l, l 3 or l 0:42), quit (q)"


def practise(coach: Coach, studio: Studio, questions: Iterator[Question]) -> None:
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


def hold(coach: Coach, studio: Studio, questions: Sequence[Question]) -> None:
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
    from speechcoach.outputs import write_whole
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
    text = "\n".join([overview, *reports])
    write_whole(folder / "interview.txt", text, mode=privacy.FILE)
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
