"""``speechcoach record`` and ``speechcoach devices``: from the microphone to the report."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.options import ANY_FILE, analysis_options, note, save_option
from speechcoach.cli.recognisers import settled
from speechcoach.errors import AudioError

if TYPE_CHECKING:
    from speechcoach.coach import Coach
    from speechcoach.data import Report

device_option = click.option(
    "--device", metavar="NUMBER|NAME", help="The microphone: its number or part of its name."
)
max_option = click.option(
    "--max",
    "longest",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="End a take by itself after this long.",
)
countdown_option = click.option(
    "--countdown",
    type=click.FloatRange(0, 60),
    default=3.0,
    show_default=True,
    metavar="SECONDS",
    help="Count down before a take.",
)


@click.command()
def devices() -> None:
    """List the microphones.

    Each with number, name and rates in Hz; * marks the default.
    """
    from speechcoach.recorder import microphone

    found = microphone.devices()
    if not found:
        raise AudioError(microphone.NONE)
    for device in found:
        mark = "*" if device.default else " "
        rates = ", ".join(map(str, microphone.rates(device))) or "none of the usual rates"
        click.echo(f"{mark} {device.number:>2}  {device.name} ({device.system})  {rates}")


@click.command()
@click.option(
    "-o", "--output", type=ANY_FILE, help="The take's file, a WAV; never overwritten: name-2.wav."
)
@click.option("--question", metavar="ID", help="The question that is answered.")
@device_option
@countdown_option
@max_option
@click.option("--only", is_flag=True, help="Only record; 'speechcoach analyze' can follow later.")
@analysis_options
@save_option
def record(
    output: Path | None,
    question: str | None,
    device: str | None,
    countdown: float,
    longest: float | None,
    only: bool,
    engine: str,
    model: str | None,
    bank: tuple[Path, ...],
    fillers: Path | None,
    no_save: bool,
) -> None:
    """Record an answer and report on it.

    Enter stops, space pauses and goes on, Esc or q throws the take away after asking, Ctrl-C
    stops and keeps. The take is a WAV file in this folder, named after the question, and playable
    at any moment, even if the computer goes down.
    """
    from rich.console import Console

    from speechcoach.coach import Coach, Settings
    from speechcoach.practice.analyst import Analyst
    from speechcoach.practice.studio import Studio
    from speechcoach.recorder import microphone, names
    from speechcoach.terminal import session

    _needs_an_end(longest)
    coach = Coach(Settings(engine, model, bank, fillers), note)
    coach.check(question)
    offer_unfinished()
    chosen = microphone.choose(device)
    path = names.free(output or Path(), f"{question or 'answer'}.wav")
    plan = session.Plan(path, coach.bank[question] if question else None, countdown, longest)
    with Analyst(coach.settings if only else settled(coach.settings)) as analyst:
        studio = Studio(chosen, analyst, Console(stderr=True), plan, not no_save, note)
        if not only:
            analyst.follow(path)
        take, _ = studio.record(plan)
        if take and not only:
            analyst.begin(take, question)
            show(coach, studio.report())


def _needs_an_end(longest: float | None) -> None:
    """Raise where nobody could end the take."""
    if not sys.stdin.isatty() and longest is None:
        raise AudioError(
            "There is no terminal here to press keys in: give --max SECONDS to record for that "
            "long, or run this in a terminal."
        )


def offer_unfinished() -> None:
    """Say which takes were cut off earlier, and ask about each where somebody can answer."""
    from speechcoach.quantities import clock
    from speechcoach.recorder.unfinished import unfinished

    for take in unfinished():
        note(f"An unfinished take of {clock(take.seconds)} was found: {take.path}")
        question = f" --question {take.question}" if take.question else ""
        if sys.stdin.isatty() and not click.confirm("Keep it?", default=True, err=True):
            take.path.unlink(missing_ok=True)
            note("Thrown away.")
        else:
            path = shlex.quote(str(take.path))
            note(f"It is whole up to there: speechcoach analyze {path}{question}")
        take.forget()


def show(coach: Coach, made: Report) -> None:
    """Print a report."""
    click.echo(rendered(coach, made, shown=True), nl=False)


def rendered(coach: Coach, made: Report, *, shown: bool) -> str:
    """Return a report as text: for the terminal if `shown`, else for a file."""
    from speechcoach.cli.analyze import view_of
    from speechcoach.views import FORMATS

    return FORMATS["text"](view_of(coach, made, shown=shown, explain=False))
