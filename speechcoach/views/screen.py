"""Text for a terminal of some width, or for a file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from speechcoach.harmless import harmless

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.segment import Segment

WHOLE = 10_000
"""Columns where nobody looks, as in a pipe: no line is folded."""


@dataclass(frozen=True)
class Screen:
    """What a text is laid out for: `width` in columns, `colour` whether styles are shown."""

    width: int = 80
    colour: bool = False


def laid_out(blocks: Iterable[RenderableType], screen: Screen) -> str:
    """Return `blocks` one below the other, no wider than the screen, without trailing blanks.

    Strings are taken as they are: nothing in them is markup.
    """
    from rich.console import Console
    from rich.segment import Segments

    out = io.StringIO()
    console = Console(
        file=out,
        width=screen.width,
        force_terminal=screen.colour,
        color_system="standard" if screen.colour else None,
        no_color=not screen.colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for block in blocks:
        console.print(Segments(_harmless(console.render(block))))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).rstrip("\n") + "\n"


def _harmless(segments: Iterable[Segment]) -> Iterator[Segment]:
    for segment in segments:
        yield segment._replace(text=harmless(segment.text))
