"""Which questions to practise: all of them before any comes again; interviews across categories."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from speechcoach.data import Question
from speechcoach.guides import Bank
from speechcoach.history.store import History
from speechcoach.progress.schedule import goal, suggestions

BETWEEN = 10.0
"""Seconds between two answers of an interview, for reading the next question (our guess)."""


def shuffled(
    questions: Sequence[Question], rng: random.Random, *, last: Question | None = None
) -> Iterator[Question]:
    """Yield questions without end, each once before any comes again, never the same twice.

    `last` is the question that came before.
    """
    while True:
        order = rng.sample(questions, len(questions))
        if len(order) > 1 and order[0] is last:
            order.append(order.pop(0))
        for last in order:
            yield last


def suggested(bank: Bank, note: Callable[[str], None]) -> Iterator[Question]:
    """Yield what to practise next, asked of the history anew each time; `note` receives why."""
    while True:
        with History.read() as history:
            overall = history.values("score.overall")
            day = goal(history)
            first, *_ = suggestions(bank, history.takes(), overall, date.today(), day)
        note(f"{first.question.id}: {first.reason}.")
        yield first.question


def interview(
    bank: Bank, rng: random.Random, *, count: int | None = None, seconds: float | None = None
) -> tuple[Question, ...]:
    """Return the questions of an interview, in turn from the categories, none twice.

    It opens with a question of the first category, as interviews do.

    Parameters
    ----------
    count : int, optional
        How many questions; no more than there are.
    seconds : float, optional
        How long it may take, by the middles of the questions' windows and the time between; at
        least one question.
    """
    chosen: list[Question] = []
    spent = 0.0
    for question in _in_turn(bank, rng):
        spent += sum(question.seconds) / 2 + BETWEEN
        if chosen and (len(chosen) == count or (seconds is not None and spent > seconds)):
            break
        chosen.append(question)
    return tuple(chosen)


def _in_turn(bank: Bank, rng: random.Random) -> Iterator[Question]:
    first, *others = bank.categories
    rng.shuffle(others)
    stacks = [
        rng.sample(bank.of_category(name), len(bank.of_category(name))) for name in (first, *others)
    ]
    while any(stacks):
        for stack in stacks:
            if stack:
                yield stack.pop()
