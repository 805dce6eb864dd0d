"""Reading an answer: the one door to whatever tells what a sentence means.

A `Reader` is given sentences, a question and the form that its answer should have, and says which
part each sentence belongs to and how probably it shows each thing of the rubric. What is made of
that (verdicts, shares, findings, scores) does not ask who read. To put another model behind it is
to write one more function of this kind; today's is `speechcoach.content.likeness.read`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from speechcoach.content.wording import Wording
from speechcoach.data import Form, Question

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Reading:
    """What n sentences mean.

    `parts` holds the id of each sentence's part in the form, `NO_PART` for a sentence in none; it
    is empty where there is no form. `elements` and `avoid` hold, by id, how probably each sentence
    shows it, float32 of shape (n,), 0..1; above 0.5 it does.
    """

    parts: tuple[str, ...] = ()
    elements: Mapping[str, Floats] = field(default_factory=dict)
    avoid: Mapping[str, Floats] = field(default_factory=dict)


class Reader(Protocol):
    """Tells what the sentences of an answer mean, offline, the same each time."""

    def __call__(self, wording: Wording, question: Question | None, form: Form | None) -> Reading:
        """Return the reading of an answer; without a question there is nothing to look for."""
