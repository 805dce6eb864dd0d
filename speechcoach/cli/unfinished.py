"""Takes that were cut off, offered by what records before it begins."""

from __future__ import annotations

import shlex
import sys

import click

from speechcoach.cli.showing import note
from speechcoach.paths import shown


def offer_unfinished() -> None:
    """Say which takes were cut off earlier, and ask about each where somebody can answer."""
    from speechcoach.quantities import clock
    from speechcoach.recorder.unfinished import unfinished

    for take in unfinished():
        note(f"An unfinished take of {clock(take.seconds)} was found: {shown(take.path)}")
        question = f" --question {take.question}" if take.question else ""
        if sys.stdin.isatty() and not click.confirm("Keep it?", default=True, err=True):
            take.path.unlink(missing_ok=True)
            note("Thrown away.")
        else:
            name = shlex.quote(shown(take.path))
            note(f"It is whole up to there: speechcoach analyze {name}{question}")
        take.forget()
