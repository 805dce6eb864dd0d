"""The command line: parses, calls, prints.

Results go to stdout, everything else to stderr. Exit codes: 0 done; 1 an error of the user's to
mend, said in one sentence; 2 wrong usage; 3 a batch that is done with some files failed; 130
stopped with Ctrl-C.
Commands are imported when they run, so ``--version`` and ``--help`` stay instant.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from speechcoach import __version__
from speechcoach.errors import SpeechCoachError
from speechcoach.paths import one_line
from speechcoach.registry import unknown

COMMANDS = {
    "analyze": "speechcoach.cli.analyze:analyze",
    "batch": "speechcoach.cli.batch:batch",
    "compare": "speechcoach.cli.compare:compare",
    "devices": "speechcoach.cli.record:devices",
    "doctor": "speechcoach.cli.doctor:doctor",
    "goal": "speechcoach.cli.next:goal",
    "history": "speechcoach.cli.history:history",
    "mock": "speechcoach.cli.practice:mock",
    "models": "speechcoach.cli.models:models",
    "next": "speechcoach.cli.next:next_question",
    "practice": "speechcoach.cli.practice:practice",
    "progress": "speechcoach.cli.progress:progress",
    "questions": "speechcoach.cli.questions:questions",
    "record": "speechcoach.cli.record:record",
}

_INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it


class Cli(click.Group):
    """Loads a command when it is asked for; the one place where errors become exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names without importing a single command."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Import the command's module and return the command; suggest near names if none."""
        if cmd_name not in COMMANDS:
            ctx.fail(str(unknown("command", cmd_name, COMMANDS)))
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line on streams that take whatever is said."""
        from speechcoach.terminal import streams

        streams.prepare()
        return super().main(*args, **extra)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the arguments, which may print help and end there."""
        with _answered_for():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _answered_for():
            return super().invoke(ctx)


class _Problem(click.ClickException):
    """A user's problem, said on the stream that `speechcoach.terminal.streams` has prepared."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it."""
        click.echo(f"Error: {self.format_message()}", file=file or sys.stderr)


@contextmanager
def _answered_for() -> Iterator[None]:
    """Turn a user's problem into one sentence and exit code 1, and what it quotes into text."""
    try:
        yield
    except SpeechCoachError as error:
        lines = str(error).splitlines()
        raise _Problem("\n".join(map(one_line, lines))) from error
    except click.ClickException as error:
        error.message = "\n".join(map(one_line, error.message.splitlines()))  # type: ignore[misc]
        raise
    except KeyboardInterrupt:
        click.echo("\nStopped.", err=True)
        raise click.exceptions.Exit(_INTERRUPTED) from None
    except BrokenPipeError:  # the reader (``| head``) has gone: nothing left to say
        raise click.exceptions.Exit(0) from None


@click.command(cls=Cli, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="speechcoach")
def main() -> None:
    """Practise spoken interview answers on your own machine.

    Record or hand in an answer, and get its filler words, length, pace, pauses and structure,
    each with its time, its norm and where the norm comes from. Nothing leaves this machine.
    """
