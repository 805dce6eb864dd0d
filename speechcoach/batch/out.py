"""Writing the rows of a batch to a file, each as it comes, whole lines only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from speechcoach.batch.run import Row
from speechcoach.errors import OutputError
from speechcoach.paths import shown

LinesOf = Callable[[Iterable[Row]], Iterator[str]]
"""From rows to the lines of a file; see `speechcoach.views.rows`."""


def written(rows: Iterable[Row], lines_of: LinesOf, path: Path) -> Iterator[Row]:
    """Pass `rows` on, each after it was written to `path` in the lines of a format.

    A line goes to the file in one write, so that a run that is killed leaves whole lines.

    Raises
    ------
    OutputError
        Before the first row, if the place is no good; later, if the disk is full.
    """
    try:
        file = path.open("wb", buffering=0)
    except OSError as error:
        raise _cannot_write(path, error) from error
    return _written(rows, lines_of, file, path)


def _written(rows: Iterable[Row], lines_of: LinesOf, file: Any, path: Path) -> Iterator[Row]:
    passed: list[Row] = []

    def noted() -> Iterator[Row]:
        for row in rows:
            passed.append(row)
            yield row

    with file:
        for line in lines_of(noted()):
            try:
                file.write(line.encode())
            except OSError as error:
                raise _cannot_write(path, error) from error
            yield from passed
            passed.clear()
        yield from passed


def _cannot_write(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{shown(path)} cannot be written ({error.strerror}): choose another --out, or free space."
    )
