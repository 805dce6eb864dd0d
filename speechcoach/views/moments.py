"""Moments of a take, numbered to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from speechcoach.harmless import harmless_line
from speechcoach.quantities import clock

if TYPE_CHECKING:
    from speechcoach.practice.moments import Moment


def render(among: Sequence[Moment]) -> str:
    """Return a numbered line a moment: its time, and what is there."""
    return "\n".join(
        f"{number:>3}  {clock(moment.start)}  {harmless_line(moment.what)}"
        for number, moment in enumerate(among, start=1)
    )
