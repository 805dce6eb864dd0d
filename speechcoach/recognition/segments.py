"""Where to cut a recording before recognition: in silences, into pieces that a recogniser likes.

A recogniser hears a short piece without context and a long one with its attention stretched, so
long recordings are cut at silences and neighbours are joined up to a length. Pure functions on
arrays; nothing is dropped and nothing overlaps: the pieces tile the recording.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from speechcoach.data import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOP = 0.01
"""Step of the level, in seconds."""

WINDOW = 0.03
"""Length of the window that a level is taken over, in seconds: a few glottal periods."""

DEEPEST = 60.0
"""Digital silence is no room's: the floor lies at most so many dB below the loud parts."""

QUIET = 0.35
"""A frame is quiet in the lowest part of the range between floor and loud, in dB (our guess)."""


def levels(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Return the level of each frame in dB relative to full scale.

    Parameters
    ----------
    samples : array of shape (n,)
        Mono sound, full scale at 1.0.
    rate : int
        Samples a second.

    Returns
    -------
    array of shape (ceil(n / (HOP * rate)),)
        Frame ``i`` is centred on ``i * HOP`` seconds. Never below -100 dB.
    """
    hop, window = round(HOP * rate), round(WINDOW * rate)
    power = np.square(np.pad(samples, (window // 2, window)), dtype=np.float64)
    total = np.concatenate(([0.0], np.cumsum(power)))
    first = np.arange(0, samples.size, hop)
    return 10 * np.log10((total[first + window] - total[first]).clip(0) / window + 1e-10)


def silences(level: NDArray[np.float64]) -> list[Span]:
    """Return the stretches that are quiet for this recording, in order.

    The limit lies between the recording's own floor (5th percentile) and its loud parts (95th),
    so a noisy room and a distant microphone need no setting.
    """
    if not level.size:
        return []
    floor, loud = np.percentile(level, (5, 95))
    floor = max(floor, loud - DEEPEST)
    quiet = level < floor + QUIET * (loud - floor)
    edges = np.flatnonzero(np.diff(quiet, prepend=False, append=False)).reshape(-1, 2)
    return [Span(float(start), float(end)) for start, end in edges * HOP]


def cut(silent: Iterable[Span], duration: float, *, shortest: float, longest: float) -> list[Span]:
    """Return pieces that tile ``0..duration``, cut in the middle of silences.

    Parameters
    ----------
    silent : spans
        The silences, in order.
    duration : float
        Length of the recording in seconds.
    shortest : float
        A silence shorter than this is not cut in, in seconds.
    longest : float
        Pieces are joined up to this length, in seconds. Speech without a silence stays whole.
    """
    middles = [
        (span.start + span.end) / 2
        for span in silent
        if span.duration >= shortest and span.start > 0 and span.end < duration
    ]
    edges = [0.0]
    for here, ahead in itertools.pairwise([*middles, duration]):
        if ahead - edges[-1] > longest:
            edges.append(here)
    return [Span(a, b) for a, b in itertools.pairwise([*edges, duration])]
