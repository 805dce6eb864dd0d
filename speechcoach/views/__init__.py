"""What people see: pure functions from data to text, Markdown, HTML and JSON.

What is shown in several forms has a folder of its own: a file a form, found by its name, with a
function ``render``. What these have in common lies beside them: ``summary`` is what a report says,
``trends`` how a change is told, ``screen`` the laying out of text, ``page`` that of HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from speechcoach.views.forms import Forms
from speechcoach.views.screen import Screen
from speechcoach.views.view import View

if TYPE_CHECKING:
    from speechcoach.batch.run import Row
    from speechcoach.progress.comparison import Comparison
    from speechcoach.progress.trends import Progress

__all__ = ["COMPARISON", "FORMATS", "PROGRESS", "ROWS", "Screen", "View", "rows_form"]

FORMATS: Forms[Callable[[View], str]] = Forms(f"{__name__}.report", "report format")
PROGRESS: Forms[Callable[[Sequence[Progress], Screen], str]] = Forms(
    f"{__name__}.progress", "progress format"
)
COMPARISON: Forms[Callable[[Comparison, str, str], str]] = Forms(
    f"{__name__}.comparison", "comparison format"
)
ROWS: Forms[Callable[[Iterable[Row]], Iterator[str]]] = Forms(
    f"{__name__}.rows", "output file ending"
)


def rows_form(path: Path) -> Callable[[Iterable[Row]], Iterator[str]]:
    """Return the form that the ending of `path` tells.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    return ROWS[path.suffix.lower().removeprefix(".")]
