"""What to practise next, and how long until the interview."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from speechcoach.harmless import harmless_line

if TYPE_CHECKING:
    from speechcoach.progress.schedule import Suggestion


def render(suggestions: Iterable[Suggestion]) -> str:
    """Return each question's id with the reason for it, and under it the question."""
    lines = (
        line
        for one in suggestions
        for line in (f"{one.question.id}: {one.reason}", f"  {one.question.text}")
    )
    return "".join(f"{harmless_line(line)}\n" for line in lines)


def until(interview: date | None, today: date) -> str:
    """Return how long it is until the interview, in a sentence."""
    if interview is None:
        return "No interview date is set: goal --date sets it."
    days = (interview - today).days
    if days < 0:
        return f"The interview was on {interview}; 'goal --date' sets the next one."
    left = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"The interview is {left}, on {interview}."
