"""Is a candidate a filled pause? Signs that the ear alone does not weigh, and a probability.

Breath and noise are faint and have no voice, laughter has no steady pitch, and a stretch that the
recogniser's own words explain well needs no "um".
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from speechcoach.data import Frames, Word
from speechcoach.fillers.criteria import Weights
from speechcoach.fillers.hesitations import Hesitation
from speechcoach.spelling import plain

_AS_LOUD = 5.0  # dB below the voice's median level; hesitations are often that much softer
_FAINTEST = 20.0  # dB; beyond, softer is no more telling
_VOICED = 0.5  # share; a creaky or whispery hesitation is not voiced throughout
_UNSTEADIEST = 4.0  # semitones
_FEWEST = 4  # voiced frames; fewer have no spread worth the name


@dataclass(frozen=True)
class Signs:
    """What is known of a candidate; units as in filled_pauses.toml."""

    peak: float
    mean: float
    faint: float
    voiced: float
    unsteady: float
    covered: float


def signs(
    h: Hesitation, frames: Frames, words: Sequence[Word], stand_ins: Collection[str]
) -> Signs:
    """Return the signs of `h` among `words` that were aligned without it."""
    part = slice(int(h.start / frames.hop), int(h.end / frames.hop) + 1)
    return Signs(
        h.peak,
        h.mean,
        _faint(frames, part),
        min(_VOICED, float(frames.voiced[part].mean())) if frames.voiced[part].size else 0.0,
        _unsteady(frames, part),
        sum(_explained(h, word) for word in words if _bare(word.text) not in stand_ins),
    )


def probability(found: Signs, weights: Weights) -> float:
    """Return how likely a candidate with these signs is a filled pause, 0..1."""
    weight = asdict(weights)
    odds = weights.bias + sum(weight[name] * value for name, value in asdict(found).items())
    return 1 / (1 + math.exp(-min(50.0, max(-50.0, odds))))


def _faint(frames: Frames, part: slice) -> float:
    """Return by how many dB a stretch is softer than the voice usually is, past what is common."""
    if not frames.voiced.any() or not frames.level[part].size:
        return _FAINTEST
    usual = float(np.median(frames.level[frames.voiced]))
    below = usual - _AS_LOUD - float(frames.level[part].max())
    return min(_FAINTEST, max(0.0, below))


def _unsteady(frames: Frames, part: slice) -> float:
    """Return the standard deviation of the pitch in semitones, 0 where hardly any is voiced."""
    f0 = frames.f0[part][frames.voiced[part]]
    if f0.size < _FEWEST:
        return 0.0
    return min(_UNSTEADIEST, float(np.std(12 * np.log2(f0))))


def _explained(h: Hesitation, word: Word) -> float:
    """Return the share of `h` that `word` covers, times the confidence in its place."""
    if word.start is None or word.end is None:
        return 0.0
    shared = max(0.0, min(h.end, word.end) - max(h.start, word.start))
    return shared / (h.end - h.start) * (word.confidence or 0.0)


def _bare(text: str) -> str:
    return plain(text).lower().strip('.,?!;:"')
