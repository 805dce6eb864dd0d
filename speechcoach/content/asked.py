"""Whether an answer is one to the question that was asked, and if not, to which.

The network gives an answer and a question, each read alone, a place such that the two are near
each other where they belong together. The places of the built-in questions come with its weights;
those of others are found when they are needed, once a process.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from speechcoach.content import heads
from speechcoach.content.calibration import Asked, log_odds
from speechcoach.content.encoder import encode
from speechcoach.content.reading import Floats
from speechcoach.content.windows import alone, described
from speechcoach.data import OnQuestion, Question

TOO_LIKE = 0.9  # cosine of two questions from which on an answer to one is one to the other


def evidence(
    sentences: Sequence[str],
    question: Question,
    others: Sequence[Question],
    answered: float,
) -> tuple[Floats, Mapping[str, float]]:
    """Return what tells an answer to the question, and how like it is to each other question.

    Parameters
    ----------
    answered : float
        How probably the question is answered, as the network reads the two together, 0..1.

    Returns
    -------
    array, mapping
        What `Asked` weighs, shape (3,): `likeness`, `gap`, `together`.
    """
    told = heads.placed(encode(alone(sentences)))
    wanted = place(question)
    like = float(told @ wanted)
    places = {other.id: place(other) for other in others if other.id != question.id}
    apart = {name: row for name, row in places.items() if float(row @ wanted) < TOO_LIKE}
    found = {name: float(told @ row) for name, row in apart.items()}
    gap = like - max(found.values(), default=0.0)
    together = float(log_odds(np.float32(answered)))
    return np.array([like, gap, together], np.float32), found


def verdict(rule: Asked, evident: Floats, likeness: Mapping[str, float]) -> OnQuestion:
    """Return whether the question is answered, by the evidence that `evidence` gives."""
    weights = np.array([rule.likeness, rule.gap, rule.together])
    sure = 1 / (1 + np.exp(-(evident @ weights + rule.bias)))
    if sure >= rule.yes:
        return OnQuestion("yes")
    if sure >= rule.no:
        return OnQuestion("unsure")
    ranked = sorted(likeness, key=lambda name: -likeness[name])
    margin = likeness[ranked[0]] - likeness[ranked[1]] if len(ranked) > 1 else 0.0
    return OnQuestion("no", ranked[0] if margin >= rule.named else None)


def place(question: Question) -> Floats:
    """Return where answers to a question are, a unit vector of shape (128,)."""
    return _place(_read(question))


def is_known(question: Question) -> bool:
    """Return whether the network learned from answers to a question, worded like this."""
    return digest(_read(question)) in _stored()


def _read(question: Question) -> tuple[int, ...]:
    return tuple(described(question.text, [element.meaning for element in question.elements]))


@functools.lru_cache(maxsize=1024)
def _place(numbers: tuple[int, ...]) -> Floats:
    known = _stored().get(digest(numbers))
    return heads.placed(encode(numbers)) if known is None else known


@functools.cache
def _stored() -> Mapping[bytes, Floats]:
    """Return the places that come with the weights, by the digest of what was read."""
    kept = heads.weights()
    of, places = kept.get("places.of", ()), kept.get("places", ())
    return {row.tobytes(): at for row, at in zip(of, places, strict=True)}


def digest(numbers: Sequence[int]) -> bytes:
    """Return what tells one description of a question from another."""
    return hashlib.sha256(np.array(numbers, np.int32).tobytes()).digest()[:16]
