"""The takes that are kept, a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from speechcoach.paths import place
from speechcoach.quantities import cell

if TYPE_CHECKING:
    from speechcoach.history.columns import Kept

NONE_YET = "No take is kept yet that fits: 'analyze', 'batch' and 'practice' keep them."


def render(takes: Sequence[Kept], overall: Mapping[int, float | None]) -> str:
    """Return a line a take: number, day, question, overall score (by take) and file."""
    width = max((len(take.question or "–") for take in takes), default=0)
    return "".join(f"{_line(take, overall.get(take.id), width)}\n" for take in takes)


def _line(take: Kept, score: float | None, width: int) -> str:
    day = f"{take.made.astimezone():%Y-%m-%d %H:%M}"
    asked = f"{take.question or '–':{width}}"
    return f"{take.id:5}  {day}  {asked}  {cell(score, 'points'):>3}  {place(take.path, take.name)}"
