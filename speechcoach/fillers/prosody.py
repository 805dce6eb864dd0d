"""What the sound says about a word that may be a discourse marker: silence beside it, and stress.

A marker tends to stand between pauses and to be unstressed (Popescu-Belis & Zufferey 2011 for
*like* and *well*). Where a word's neighbours in the text leave no doubt, this hardly matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from speechcoach.data import Frames, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHORTEST = 0.15  # s; shorter gaps are stop consonants (closures reach 150 ms: Zue 1976)
NEIGHBOURS = 3  # words on either side that stress is judged against: our guess
CLEAR = 6.0  # dB above or below its neighbours makes a word clearly stressed or not: our guess


def silences(words: Sequence[Word], frames: Frames) -> frozenset[int]:
    """Return the positions of the words that have a silence of `SHORTEST` or more before them.

    A silence belongs to the boundary between the two words whose middles it lies between, since
    the edges of aligned words may lie inside it. Words without times have none.
    """
    import numpy as np

    middles = [span.middle for word in words if (span := word.span)]
    if len(middles) < len(words):
        return frozenset()
    positions = np.searchsorted(middles, _silent_centres(frames))
    return frozenset(int(p) for p in positions if 0 < p < len(words))


def _silent_centres(frames: Frames) -> NDArray[np.float64]:
    """Return the centres, in seconds, of silences of `SHORTEST` or more."""
    from speechcoach.sound.framing import runs

    starts, ends = runs(~frames.speech).T
    long = (ends - starts) * frames.hop >= SHORTEST
    centres: NDArray[np.float64] = (starts[long] + ends[long] - 1) / 2 * frames.hop
    return centres


def stress(words: Sequence[Word], frames: Frames, first: int, end: int) -> float:
    """Return how much words ``[first, end)`` stand out in level from their neighbours, -1..1.

    1 is `CLEAR` dB louder, -1 as much quieter; 0 where that cannot be said.
    """
    around = [*words[max(0, first - NEIGHBOURS) : first], *words[end : end + NEIGHBOURS]]
    own = [level for word in words[first:end] if (level := _level(word, frames)) is not None]
    others = [level for word in around if (level := _level(word, frames)) is not None]
    if not own or not others:
        return 0.0
    louder = max(own) - sum(others) / len(others)
    return max(-1.0, min(1.0, louder / CLEAR))


def _level(word: Word, frames: Frames) -> float | None:
    """Return the highest level within a word, in dB: that of its vowel."""
    if (span := word.span) is None:
        return None
    inside = frames.level[round(span.start / frames.hop) : round(span.end / frames.hop)]
    return float(inside.max()) if inside.size else None
