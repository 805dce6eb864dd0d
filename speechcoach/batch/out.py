"""Writing the rows of a batch, each as it comes, whole lines only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from speechcoach.batch.run import Row

LinesOf = Callable[[Iterable[Row]], Iterator[str]]
"""From rows to the lines of a file; see `speechcoach.views.rows`."""


def written(rows: Iterable[Row], lines_of: LinesOf, write: Callable[[str], None]) -> Iterator[Row]:
    """Pass `rows` on, each after it was written in the lines of a format.

    Parameters
    ----------
    rows : iterable of Row
    lines_of : callable
    write : callable
        Writes a line, in one piece; see `speechcoach.outputs.Output.growing`.
    """
    passed: list[Row] = []

    def noted() -> Iterator[Row]:
        for row in rows:
            passed.append(row)
            yield row

    for line in lines_of(noted()):
        write(line)
        yield from passed
        passed.clear()
    yield from passed
