"""What every report format is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from speechcoach.data import Question, Report

if TYPE_CHECKING:
    from speechcoach.judging.norms import Norms


@dataclass(frozen=True)
class View:
    """A report and what is needed to show it.

    `width` is the number of columns, `colour` whether the terminal shows styles, `explain`
    whether every formula and source is printed, `compact` whether a file format keeps to one line.
    """

    report: Report
    question: Question | None
    norms: Norms
    width: int = 80
    colour: bool = False
    explain: bool = False
    compact: bool = False
