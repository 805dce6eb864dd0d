"""``speechcoach record`` and ``speechcoach devices``: from the microphone to the report."""

from __future__ import annotations

import sys
from pathlib import Path

import click

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
from speechcoach.cli.showing import note, report_text, write_result
from speechcoach.cli.unfinished import offer_unfinished
from speechcoach.errors import AudioError


@click.command()
def devices() -> None:
    """List the microphones.

    Each with number, name and rates in Hz; * marks the default.
    """
    from speechcoach.recorder import microphone
    from speechcoach.views.devices import render

    found = microphone.devices()
    if not found:
        raise AudioError(microphone.NONE)
    write_result(render((device, microphone.rates(device)) for device in found))


@click.command()
@click.option(
    "-o", "--output", type=ANY_FILE, help="The take's file, a WAV; never overwritten: name-2.wav."
)
@click.option("--question", metavar="ID", help="The question that is answered.")
@device_option
@channel_option
@countdown_option
@max_option
@click.option("--only", is_flag=True, help="Only record; 'speechcoach analyze' can follow later.")
@analysis_options
@save_option
def record(
    output: Path | None,
    question: str | None,
    device: str | None,
    channel: int | None,
    countdown: float,
    longest: float | None,
    only: bool,
    engine: str,
    model: str | None,
    guide: str | None,
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
    from speechcoach.workers import alone

    _needs_an_end(longest)
    coach = Coach(Settings(engine, model, bank, fillers, guide), note)
    coach.check(question)
    offer_unfinished()
    chosen = microphone.choose(device, channel)
    path = names.free(output or Path(), f"{question or 'answer'}.wav")
    plan = session.Plan(path, coach.bank[question] if question else None, countdown, longest)
    with alone(coach.settings if only else settled(coach.settings)) as workers:
        analyst = Analyst(workers)
        studio = Studio(chosen, analyst, Console(stderr=True), plan, not no_save, note)
        if not only:
            analyst.follow(path)
        take, _ = studio.record(plan)
        if take and not only:
            analyst.begin(take, question)
            write_result(report_text(coach, studio.report()))


def _needs_an_end(longest: float | None) -> None:
    """Raise where nobody could end the take."""
    if not sys.stdin.isatty() and longest is None:
        raise AudioError(
            "There is no terminal here to press keys in: give --max SECONDS to record for that "
            "long, or run this in a terminal."
        )
