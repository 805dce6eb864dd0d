"""What to practise next: the worst, the longest unpractised, the never practised, in time.

Each question comes back after a pause that is the longer the better it went and the more often it
was practised, and never so long that it would miss its turn before the interview. Spaced practice
keeps better than massed practice (Cepeda et al. 2006); the numbers here are our guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from speechcoach.data import Question
from speechcoach.errors import HistoryError, UnknownNameError
from speechcoach.history.columns import Kept
from speechcoach.history.store import History

GOAL = "goal"
PAUSES = ((85.0, 6.0), (70.0, 3.0), (50.0, 2.0), (0.0, 1.0))  # (least score, days)
GROWTH = 1.5  # factor by which the pause grows with each further take
ENOUGH = 10  # takes beyond which the pause grows no further
LONGEST = 30.0  # days
REPEATS = 3  # times that a question should still come before the interview


@dataclass(frozen=True)
class Suggestion:
    """A question to practise; the higher `urgency`, the sooner. `reason` is for the user."""

    question: Question
    urgency: float
    reason: str


def goal(history: History) -> date | None:
    """Return the interview's date, None if none is set.

    Raises
    ------
    HistoryError
        If what was noted is no date.
    """
    noted = history.note(GOAL)
    try:
        return date.fromisoformat(noted) if noted else None
    except ValueError:
        raise HistoryError(
            f"The interview's date in the history is none ({noted!r:.40}): 'speechcoach goal "
            "--date' sets it again, 'goal --clear' forgets it."
        ) from None


def set_goal(history: History, day: date | None) -> None:
    """Note the interview's date, or forget it."""
    history.set_note(GOAL, day.isoformat() if day else None)


def suggestions(
    bank: Mapping[str, Question],
    takes: Iterable[Kept],
    overall: Mapping[int, float | None],
    today: date,
    interview: date | None = None,
) -> tuple[Suggestion, ...]:
    """Return every question of the bank, the most urgent first.

    Parameters
    ----------
    overall : Mapping
        Overall scores by take.
    interview : date, optional
        What the practice is spaced toward; one in the past is none.

    Raises
    ------
    UnknownNameError
        If there is no question at all.
    """
    if not bank:
        raise UnknownNameError("There is no question to practise: the bank is empty.")
    left = (interview - today).days if interview and interview >= today else None
    by_question: dict[str, list[Kept]] = {}
    for take in takes:
        if take.question in bank:
            by_question.setdefault(str(take.question), []).append(take)
    made = [
        _seen(question, by_question[id_], overall, today, left)
        if id_ in by_question
        else Suggestion(question, _never_urgency(left), "never practised")
        for id_, question in bank.items()
    ]
    return tuple(sorted(made, key=lambda suggestion: -suggestion.urgency))


def _never_urgency(left: int | None) -> float:
    """Return how urgent a new question is: the nearer the interview, the more practice counts."""
    return 1.5 if left is None or left > REPEATS else 0.9


def _seen(
    question: Question,
    takes: list[Kept],
    overall: Mapping[int, float | None],
    today: date,
    left: int | None,
) -> Suggestion:
    last = max(takes, key=lambda take: (take.made, take.id))
    days = max(0, (today - last.made.astimezone().date()).days)
    score = overall.get(last.id)
    pause = pause_after(score, len(takes), left)
    ago = "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"
    went = "not scored" if score is None else f"{score:.0f} of 100"
    due = last.made.astimezone().date() + timedelta(days=pause)
    turn = "due now" if due <= today else f"due {due:%Y-%m-%d}"
    return Suggestion(question, days / pause, f"last {ago}, {went}; {turn}")


def pause_after(score: float | None, times: int, left: int | None) -> float:
    """Return the days until a question should come back.

    Parameters
    ----------
    score : float, optional
        Of the last take, 0..100; None counts as the lowest.
    times : int
        How often it was practised.
    left : int, optional
        Days until the interview.
    """
    base = next(days for least, days in PAUSES if (score or 0.0) >= least)
    growth = GROWTH ** min(times - 1, ENOUGH) if (score or 0.0) >= PAUSES[1][0] else 1.0
    pause = min(base * growth, LONGEST)
    return pause if left is None else max(1.0, min(pause, left / REPEATS))
