"""Options that several commands share, each defined once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from speechcoach.cli.recognisers import engine_option, model_option
from speechcoach.errors import OutputError

Command = TypeVar("Command", bound=Callable[..., Any])

ANY_FILE = click.Path(path_type=Path)


def analysis_options(command: Command) -> Command:
    """Add what decides how an answer is analysed; see `speechcoach.coach.Settings`."""
    for option in reversed(_ANALYSIS):
        command = option(command)
    return command


bank_option = click.option(
    "--bank",
    type=ANY_FILE,
    multiple=True,
    help="Your own question file (TOML); may be given more than once.",
)

_ANALYSIS = (
    engine_option,
    model_option,
    bank_option,
    click.option(
        "--fillers",
        type=ANY_FILE,
        help="Your own list of filler words to add or leave out (TOML).",
    ),
)

save_option = click.option(
    "--no-save", is_flag=True, help="Leave no trace: keep the report out of the history."
)

keep_option = click.option(
    "--keep-audio", is_flag=True, help="Keep a copy of the recording in the data folder, too."
)


def write_result(text: str, output: Path | None) -> None:
    """Print a result, or write it to `output` whole or not at all.

    Raises
    ------
    OutputError
        If it cannot be written there; not if the reader of a pipe has gone.
    """
    from speechcoach.files import write_whole

    if output is None:
        try:
            click.echo(text, nl=not text.endswith("\n"))
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(
                f"The result cannot be printed ({error.strerror}): free space where the output "
                "goes, or write it elsewhere."
            ) from error
        return
    write_whole(output, text)
    click.echo(f"Written to {output}.", err=True)


def note(text: str) -> None:
    """Say something beside the result."""
    click.echo(text, err=True)
