"""What a terminal shows: its columns, and whether it has colours."""

from __future__ import annotations

import sys
from typing import TextIO

from speechcoach.views.screen import Screen


def screen(
    stream: TextIO | None = None,
    *,
    narrowest: int = 1,
    widest: int | None = None,
    piped: int | None = None,
    plain: bool = False,
) -> Screen:
    """Return what a text on `stream` is laid out for.

    Parameters
    ----------
    stream : text stream, optional
        stdout if not given.
    narrowest, widest : int
        Bounds of the columns on a terminal.
    piped : int, optional
        Columns where there is no terminal; as many as the user tells it has, if not given.
    plain : bool
        No colours, as for a file.
    """
    from rich.console import Console

    console = Console(file=stream or sys.stdout)
    if piped is not None and not console.is_terminal:
        return Screen(piped)
    width = max(narrowest, min(console.width, widest or console.width))
    colours = console.color_system is not None and not console.no_color
    return Screen(width, not plain and console.is_terminal and colours)
