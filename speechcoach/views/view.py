"""What every format of a report is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from speechcoach.data import Question, Report
from speechcoach.views.screen import Screen

if TYPE_CHECKING:
    from speechcoach.guides import Guide
    from speechcoach.judging.norms import Norms


@dataclass(frozen=True)
class View:
    """A report and what is needed to show it: its question, and what it was judged by.

    `screen` is what a text is laid out for, `explain` whether every formula and source is shown,
    `compact` whether a file format keeps to one line.
    """

    report: Report
    question: Question | None
    norms: Norms
    guide: Guide
    screen: Screen = field(default_factory=Screen)
    explain: bool = False
    compact: bool = False
