"""Two takes side by side for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from speechcoach.harmless import harmless_line
from speechcoach.progress.comparison import Comparison, Pair
from speechcoach.quantities import cell, named
from speechcoach.views.columns import columns

WIDEST = 12  # characters of a name, its end


def render(found: Comparison, first: str, second: str) -> str:
    """Return the takes called `first` and `second` in columns, then what came and went."""
    return "\n".join(map(harmless_line, _lines(found, first, second))) + "\n"


def _lines(found: Comparison, first: str, second: str) -> Iterator[str]:
    if found.unlike:
        yield f"Note: {found.unlike}."
    yield from _table(found.pairs, first, second)
    lists = {
        "gained": found.gained,
        "lost": found.lost,
        "to avoid, new": found.faults,
        "to avoid, gone": found.mended,
        "fillers": [f"{word} {a} → {b}" for word, (a, b) in found.fillers.items()],
    }
    yield from (f"{name}: {', '.join(items)}" for name, items in lists.items() if items)
    if found.wording is not None:
        yield _again(found.wording, found.recited)


def _table(pairs: Sequence[Pair], first: str, second: str) -> Iterator[str]:
    """Return a line a measure, under a line of headings."""
    rows = [("", first[-WIDEST:], second[-WIDEST:], "difference"), *map(_row, pairs)]
    return columns(rows, right={1, 2, 3})


def _row(pair: Pair) -> tuple[str, ...]:
    values = (cell(value, pair.unit) for value in (pair.first, pair.second))
    sign = "+" if (pair.difference or 0) > 0 else ""
    return named(pair.label, pair.unit), *values, sign + cell(pair.difference, pair.unit)


def _again(wording: float, recited: bool) -> str:
    share = f"wording: {100 * wording:.0f}% of the words are the same runs again"
    if recited:
        return f"{share}: this is the same wording; vary it, or it sounds memorised."
    return f"{share}: told afresh."
