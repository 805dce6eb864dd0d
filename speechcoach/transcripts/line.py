"""What every form of transcript is read into: lines, with what stood at their heads apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line of a transcript, its stamp and its speaker's label taken out of `text`.

    `start` and `end` are the seconds of a stamp; without one (`stamped` false) it goes on with the
    line before. `speaker` is the label that stands at it. `opens` tells the first line of a
    paragraph.
    """

    text: str
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    stamped: bool = False
    opens: bool = True
