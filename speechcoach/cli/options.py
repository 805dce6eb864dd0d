"""Options that several commands share, each defined once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from speechcoach.cli.recognisers import engine_option, model_option

Command = TypeVar("Command", bound=Callable[..., Any])

ANY_FILE = click.Path(path_type=Path)


class _Day(click.DateTime):
    """A day of our times: at the edges of the calendar, other zones have none."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return midnight of the day, in no zone."""
        day: datetime = super().convert(value, param, ctx)
        if not 1900 <= day.year <= 2999:
            self.fail(f"{day:%Y-%m-%d} is not between 1900 and 2999.", param, ctx)
        return day


def _as_text(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return what is looked for as text: bytes that are none are found nowhere."""
    return value and value.encode("utf-8", "replace").decode()


DAY = _Day(["%Y-%m-%d"])


def analysis_options(command: Command) -> Command:
    """Add what decides how an answer is analysed; see `speechcoach.coach.Settings`."""
    for option in reversed(_ANALYSIS):
        command = option(command)
    return command


def guide_options(command: Command) -> Command:
    """Add what decides which questions there are and how they are judged."""
    for option in reversed(_GUIDE):
        command = option(command)
    return command


def format_option(formats: Iterable[str]) -> Callable[[Command], Command]:
    """Return ``--format`` with the names of those that there are; a wrong one is met later."""
    return click.option(
        "--format",
        "format_",
        default="text",
        show_default=True,
        metavar="|".join(formats),
        help="Format.",
    )


# What an answer is analysed with

_GUIDE = (
    click.option(
        "--guide",
        envvar="SPEECHCOACH_GUIDE",
        metavar="NAME|FOLDER",
        help="The guide to your interview, in place of the built-in one: its questions and norms.",
    ),
    click.option(
        "--bank",
        type=ANY_FILE,
        multiple=True,
        help="Your own question file (TOML), added to the guide; may be given more than once.",
    ),
)
fillers_option = click.option(
    "--fillers",
    type=ANY_FILE,
    help="Your own list of filler words to add or leave out (TOML).",
)
_ANALYSIS = (
    engine_option,
    model_option,
    *_GUIDE,
    fillers_option,
)

track_option = click.option(
    "--track",
    type=click.IntRange(1),
    metavar="N",
    help="Which sound track of a file with several; else the one in which somebody speaks.",
)

# What becomes of a report

save_option = click.option(
    "--no-save", is_flag=True, help="Leave no trace: keep the report out of the history."
)
keep_option = click.option(
    "--keep-audio", is_flag=True, help="Keep a copy of the recording in the data folder, too."
)
output_option = click.option("-o", "--output", type=ANY_FILE, help="Write it to this file.")
force_option = click.option(
    "--force", is_flag=True, help="Replace a file that is no earlier output, too; never an input."
)
explain_option = click.option(
    "--explain", is_flag=True, help="Print every formula and source as well."
)

# Which takes of the history

question_option = click.option(
    "--question", callback=_as_text, metavar="ID", help="Only takes of this question."
)
since_option = click.option(
    "--since", type=DAY, metavar="YYYY-MM-DD", help="Only takes from this day on."
)

# How a take is recorded

device_option = click.option(
    "--device", metavar="NUMBER|NAME", help="The microphone: its number or part of its name."
)
channel_option = click.option(
    "--channel",
    type=click.IntRange(1),
    metavar="N",
    help="Record only this input of the microphone; else the one that has a voice.",
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
