"""The role of each sentence in the form of its answer: STAR, or present, past and future."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from speechcoach.content import model
from speechcoach.content.reading import Reading
from speechcoach.content.sequence import best_path

Floats = NDArray[np.float32]
Form = Literal["star", "timeline"]

STAR = ("situation", "task", "action", "result", "none")
TIMELINE = ("present", "past", "future", "none")
LABELS: dict[Form, tuple[str, ...]] = {"star": STAR, "timeline": TIMELINE}

MEANING = 32  # leading dimensions of the vectors that the roles use; 64 and 128 did no better
LEAST = 2  # words with colour without which a part says nothing: "I asked, I told, I went"
NEIGHBOUR = 0.5  # weight of the signs in the sentence before and after


def tell(reading: Reading, form: Form) -> list[str]:
    """Return the role of each sentence, chosen together over the whole answer.

    A part in which hardly a word paints a picture is none.
    """
    path = best_path(model.load().chains[form], features(reading))
    told = [LABELS[form][label] for label in path]
    colour = np.expm1(reading.substance[:, 0])
    empty = {
        role
        for role in set(told)
        if sum(c for c, r in zip(colour, told, strict=True) if r == role) < LEAST
    }
    return ["none" if role in empty else role for role in told]


def features(reading: Reading) -> Floats:
    """Return what the roles are told by: place, length, substance, signs, meaning."""
    signs = reading.signs
    blank = np.zeros((min(1, len(signs)), signs.shape[1]), np.float32)
    return np.hstack(
        [
            _places(len(signs)),
            reading.lengths[:, None],
            reading.substance,
            signs,
            reading.meaning[:, :MEANING],
            NEIGHBOUR * np.vstack([blank, signs[:-1]]),
            NEIGHBOUR * np.vstack([signs[1:], blank]),
        ]
    ).astype(np.float32)


def _places(n: int) -> Floats:
    """Return where each of n sentences stands: from the start, from the end, as a share."""
    i = np.arange(n)
    share = (i + 0.5) / max(n, 1)
    ends = [i == 0, i == 1, i == n - 1, i == n - 2]
    steps = [np.minimum(i, 5) / 5, np.minimum(n - 1 - i, 5) / 5]
    size = np.full(n, np.log(max(n, 1)))
    return np.column_stack([share, share**2, *ends, size, *steps]).astype(np.float32)
