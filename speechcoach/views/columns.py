"""Plain columns, for lists that other programs and grep read too: no line is ever folded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from speechcoach.harmless import harmless_line

BETWEEN = "  "


def columns(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> Iterator[str]:
    """Yield a line a row, its cells under those of the other rows, whatever a cell holds.

    Parameters
    ----------
    rows : sequence of sequences of str
        All of the same length.
    right : collection of int
        The columns, from 0, that are set to the right.
    """
    from rich.cells import cell_len

    shown = [[harmless_line(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        blanks = [" " * (width - cell_len(c)) for c, width in zip(row, widths, strict=True)]
        cells = (
            blank + cell if place in right else cell + blank
            for place, (cell, blank) in enumerate(zip(row, blanks, strict=True))
        )
        yield BETWEEN.join(cells).rstrip()
