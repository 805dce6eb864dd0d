"""What people see: pure functions from data to text, Markdown, HTML and JSON.

What is shown in several formats has a folder of its own: a file a format, found by its name, with a
function ``render``. What these have in common lies beside them: ``summary`` is what a report says,
``trends`` how a change is told, ``screen`` the laying out of text, ``page`` that of HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from speechcoach.views.formats import Formats
from speechcoach.views.screen import Screen
from speechcoach.views.view import View

if TYPE_CHECKING:
    from speechcoach.batch.run import Row
    from speechcoach.progress.comparison import Comparison
    from speechcoach.progress.trends import Progress

__all__ = ["COMPARISON", "FORMATS", "PROGRESS", "ROWS", "Screen", "View", "rows_format"]

FORMATS: Formats[Callable[[View], str]] = Formats(f"{__name__}.report", "report format")
PROGRESS: Formats[Callable[[Sequence[Progress], Screen], str]] = Formats(
    f"{__name__}.progress", "progress format"
)
COMPARISON: Formats[Callable[[Comparison, str, str], str]] = Formats(
    f"{__name__}.comparison", "comparison format"
)
ROWS: Formats[Callable[[Iterable[Row]], Iterator[str]]] = Formats(
    f"{__name__}.rows", "output file ending"
)


def rows_format(path: Path) -> Callable[[Iterable[Row]], Iterator[str]]:
    """Return the format that the ending of `path` tells.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    return ROWS[path.suffix.lower().removeprefix(".")]
