"""The part of a form that each sentence belongs to, by trained numbers.

A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) labels all sentences
together; it is decoded by Viterbi and trained by ``benchmarks/train_content.py``. Its labels are
the form's parts in their order, and none.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechcoach.content.wording import Wording
from speechcoach.data import NO_PART, Form
from speechcoach.errors import ContentError

Floats = NDArray[np.float32]

MEANING = 32  # leading dimensions of the vectors that the roles use; 64 and 128 did no better
LEAST = 2  # words with colour without which a part says nothing: "I asked, I told, I went"
NEIGHBOUR = 0.5  # weight of the signs in the sentence before and after


class Chain(NamedTuple):
    """Weights of a chain over k labels and f features.

    `weights` (f, k) and `bias` (k,) score a sentence for each label; `transitions` (k, k) score a
    label (row) followed by another (column); `first` and `last` (k,) score the ends.
    """

    weights: Floats
    bias: Floats
    transitions: Floats
    first: Floats
    last: Floats


def labels(form: Form) -> tuple[str, ...]:
    """Return what a chain tells the sentences of an answer apart into."""
    return (*(part.id for part in form.parts), NO_PART)


def tell(form: Form, rows: Floats) -> list[str]:
    """Return the part of each sentence, chosen together; `rows` are their `features`.

    Raises
    ------
    ContentError
        If the form's trained numbers do not read, or are not for its parts.
    """
    chain, names = chain_of(form), labels(form)
    if chain.weights.shape != (rows.shape[1], len(names)):
        raise ContentError(
            f"{form.numbers}: the numbers of {form.key!r} are not for its {len(form.parts)} parts: "
            "train them again, or remove the file."
        )
    return [names[label] for label in best_path(chain, rows)]


@functools.lru_cache(maxsize=16)
def chain_of(form: Form) -> Chain:
    """Return a form's trained numbers."""
    if form.numbers is None:
        raise ValueError(f"the form {form.id!r} has no trained numbers")
    try:
        with np.load(form.numbers) as stored:
            return Chain(*(stored[f"{form.key}.{field}"] for field in Chain._fields))
    except (OSError, KeyError, ValueError) as error:
        raise ContentError(
            f"{form.numbers} does not read as trained numbers of {form.key!r} ({error}): "
            "train them again, or remove the file."
        ) from error


def best_path(chain: Chain, rows: Floats) -> list[int]:
    """Return the most probable label of each sentence; `rows` has shape (sentences, f)."""
    if not len(rows):
        return []
    scores = rows @ chain.weights + chain.bias
    best = scores[0] + chain.first
    came_from = []
    for row in scores[1:]:
        reached = best[:, None] + chain.transitions
        came_from.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + row
    path = [int((best + chain.last).argmax())]
    for step in reversed(came_from):
        path.append(int(step[path[-1]]))
    return path[::-1]


def with_colour(told: Sequence[str], wording: Wording) -> list[str]:
    """Return the parts without those in which hardly a word paints a picture."""
    colour = np.expm1(wording.substance[:, 0])
    empty = {
        part
        for part in set(told)
        if sum(c for c, p in zip(colour, told, strict=True) if p == part) < LEAST
    }
    return [NO_PART if part in empty else part for part in told]


def features(wording: Wording, meaning: Floats) -> Floats:
    """Return what the parts are told by: place, length, substance, signs, meaning.

    `meaning` holds a unit vector a sentence, shape (n, d).
    """
    signs = wording.signs
    blank = np.zeros((min(1, len(signs)), signs.shape[1]), np.float32)
    return np.hstack(
        [
            _places(len(signs)),
            wording.lengths[:, None],
            wording.substance,
            signs,
            meaning[:, :MEANING],
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
