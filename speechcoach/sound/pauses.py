"""Silences inside an answer, found in the signal.

Gaps between words are not used: recognisers stretch words over silence. Breath is silence; a
filled pause is sound and breaks a silence in two. Silence before the first word and after the
last is no pause.
"""

from __future__ import annotations

import numpy as np

from speechcoach.data import Frames, Span
from speechcoach.sound.framing import runs

SHORTEST = 0.25
"""Seconds; shorter silences are articulation (Goldman-Eisler 1968; de Jong and Bosker 2013)."""


def silences(frames: Frames, *, shortest: float = SHORTEST) -> tuple[Span, ...]:
    """Return the silences between the first sound of speech and the last, in order.

    Parameters
    ----------
    frames : Frames
        The signal.
    shortest : float
        Seconds; shorter silences are left out.
    """
    spoken = np.flatnonzero(frames.speech)
    if not spoken.size:
        return ()
    first, last = spoken[0], spoken[-1]
    silent = first + runs(~frames.speech[first : last + 1])
    edges = (silent - 0.5) * frames.hop  # between the last frame of the one, the first of the other
    long_enough = edges[np.diff(silent, axis=1)[:, 0] * frames.hop >= shortest - 1e-9]
    return tuple(Span(float(start), float(end)) for start, end in long_enough)
