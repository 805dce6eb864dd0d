"""Reading an answer: the one door to whatever tells what a sentence means.

A `Reader` is given sentences, a question and the form that its answer should have, and says which
part each sentence belongs to, how probably it shows each thing of the rubric, and whether the
question is answered at all. What is made of that (verdicts, shares, findings, scores) does not
ask who read. To put another model behind it is to write one more function of this kind; today's
is `speechcoach.content.judge.read`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from speechcoach.content.wording import Wording
from speechcoach.data import Form, OnQuestion, Question

Floats = NDArray[np.float32]


class Shown(NamedTuple):
    """How probably each of n sentences shows a thing: `likely`, float32 of shape (n,), 0..1.

    From `yes` on it does, from `perhaps` on perhaps.
    """

    likely: Floats
    yes: float = 0.5
    perhaps: float = 0.5

    @property
    def best(self) -> float:
        """How probable the best sentence is, 0 if there is none."""
        return float(self.likely.max(initial=0.0))


@dataclass(frozen=True, eq=False)
class Reading:
    """What n sentences mean.

    `parts` holds the id of each sentence's part in the form, `NO_PART` for a sentence in none; it
    is empty where there is no form. `elements` and `avoid` hold the things of the rubric by id.
    `sure` is how probably each sentence is the part that it is said to be, float32 of shape (n,),
    None where all are equally sure. `on_question` is None where no question was asked.
    """

    parts: tuple[str, ...] = ()
    elements: Mapping[str, Shown] = field(default_factory=dict)
    avoid: Mapping[str, Shown] = field(default_factory=dict)
    sure: Floats | None = None
    on_question: OnQuestion | None = None


class Reader(Protocol):
    """Tells what the sentences of an answer mean, offline, the same each time."""

    def __call__(
        self,
        wording: Wording,
        question: Question | None,
        form: Form | None,
        others: Sequence[Question] = (),
    ) -> Reading:
        """Return the reading of an answer; without a question there is nothing to look for.

        `others` are the questions that it may be an answer to instead.
        """
