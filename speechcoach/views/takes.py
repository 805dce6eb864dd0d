"""The takes that are kept, a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from speechcoach.paths import place
from speechcoach.quantities import cell
from speechcoach.views.columns import columns

if TYPE_CHECKING:
    from speechcoach.history.columns import Kept

NONE_YET = "No take is kept yet that fits: 'analyze', 'batch' and 'practice' keep them."


def render(takes: Sequence[Kept], overall: Mapping[int, float | None]) -> str:
    """Return a line a take: number, day, question, overall score (by take) and file."""
    rows = [_row(take, overall.get(take.id)) for take in takes]
    return "".join(f"{line}\n" for line in columns(rows, right={0, 3}))


def _row(take: Kept, score: float | None) -> tuple[str, ...]:
    day = f"{take.made.astimezone():%Y-%m-%d %H:%M}"
    asked = take.question or "–"
    return str(take.id), day, asked, cell(score, "points"), place(take.path, take.name)
