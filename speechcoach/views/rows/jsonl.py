"""Whole reports, one a line; in the place of one that failed, its path and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from speechcoach.paths import file_name, from_text
from speechcoach.strict_json import encode

if TYPE_CHECKING:
    from speechcoach.batch.run import Row


def render(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a line a row, each as its row comes."""
    for row in rows:
        yield encode(row.report or _failed(row)) + "\n"


def _failed(row: Row) -> dict[str, Any]:
    recording = {"path": row.path, "name": file_name(from_text(row.path))}
    return {"recording": recording, "error": row.error}
