"""F0 and periodicity by autocorrelation, with a guard against octave errors.

Each frame's candidates are the peaks of its autocorrelation, divided by that of the window, as in
Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
ratio of a sampled sound", IFA Proceedings 17 (1993). The search is then narrowed to the speaker's
own range, as in De Looze and Hirst, "Detecting changes in key and range for the automatic
modelling and coding of intonation", Speech Prosody 2008, and each frame takes the candidate that
agrees with its surroundings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.ndimage import median_filter

LOWEST, HIGHEST = 60.0, 600.0
"""Hz; the range of F0 in speech that De Looze and Hirst (2008) start from, rounded down."""

_WINDOW = 0.048  # seconds: three periods at 62 Hz
_CANDIDATES = 4  # peaks kept a frame: the period, its half, its double, and a formant's
_OCTAVE_COST = 0.02  # strength that a peak loses for each octave it lies lower: short periods win
_VOICED = 0.45  # normalised autocorrelation from which sound is periodic (Boersma 1993)
_BLOCK = 1000  # frames at a time


@dataclass(frozen=True, eq=False)
class Pitch:
    """For every frame: `f0` in Hz (NaN without a candidate) and `periodicity`, 0..1."""

    f0: NDArray[np.float32]
    periodicity: NDArray[np.float32]

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """Where the sound is periodic."""
        return self.periodicity >= _VOICED


def pitch(samples: NDArray[np.float32], rate: int, hop: int) -> Pitch:
    """Return F0 and periodicity around every multiple of `hop` samples.

    Parameters
    ----------
    samples : array, shape (n,)
    rate : int
        Hz.
    hop : int
        Samples from one frame's centre to the next.
    """
    count = samples.size // hop + 1
    f0 = np.full((count, _CANDIDATES), np.nan, dtype=np.float32)
    strength = np.zeros((count, _CANDIDATES), dtype=np.float32)
    first = 0
    for block in _framed(samples, round(_WINDOW * rate), hop):
        last = first + len(block)
        f0[first:last], strength[first:last] = _candidates(block, rate)
        first = last
    return _choose(f0, strength)


def _framed(samples: NDArray[np.float32], window: int, hop: int) -> Iterator[NDArray[np.float32]]:
    """Yield blocks of shape (frames, window); beyond the recording is silence."""
    half = window // 2
    count = samples.size // hop + 1
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        begin, end = first * hop - half, (last - 1) * hop - half + window
        piece = np.pad(
            samples[max(begin, 0) : max(end, 0)],
            (max(-begin, 0), max(end - samples.size, 0)),
        )
        yield np.lib.stride_tricks.sliding_window_view(piece, window)[::hop]


def _candidates(
    block: NDArray[np.float32], rate: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return F0 and strength of the strongest peaks, each of shape (frames, _CANDIDATES)."""
    shortest, longest = int(rate / HIGHEST), int(np.ceil(rate / LOWEST))
    correlation = _autocorrelation(block, longest + 2)
    lags = np.arange(shortest, longest + 1)
    left, middle, right = (correlation[:, lags + d] for d in (-1, 0, 1))
    peak = (middle > left) & (middle >= right) & (middle > 0)
    rank = np.where(peak, middle - _OCTAVE_COST * np.log2(lags / shortest), -np.inf)
    best = np.argsort(-rank, axis=1)[:, :_CANDIDATES]

    left, middle, right = (np.take_along_axis(a, best, axis=1) for a in (left, middle, right))
    curve = left - 2 * middle + right
    shift = np.where(curve < 0, (left - right) / np.where(curve < 0, 2 * curve, 1), 0)
    strength = middle - (left - right) * shift / 4
    found = np.take_along_axis(peak, best, axis=1)
    f0 = rate / (lags[best] + shift)
    return (
        np.where(found, f0, np.nan).astype(np.float32),
        np.where(found, np.minimum(strength, 1), 0).astype(np.float32),
    )


def _autocorrelation(block: NDArray[np.float32], lags: int) -> NDArray[np.float32]:
    """Return each row's autocorrelation at lags 0..`lags`-1, corrected for the window; 1 at 0."""
    window = np.hanning(block.shape[1] + 2)[1:-1].astype(np.float32)
    size = next_fast_len(block.shape[1] + lags, real=True)

    def correlate(rows: NDArray[np.float32]) -> NDArray[np.float32]:
        spectrum = rfft(rows, size)
        power = spectrum.real**2 + spectrum.imag**2
        raw: NDArray[np.float32] = irfft(power, size)[..., :lags]
        return raw / np.maximum(raw[..., :1], np.float32(1e-12))

    centred = block - block.mean(axis=1, keepdims=True)
    return correlate(centred * window) / correlate(window)


def _choose(f0: NDArray[np.float32], strength: NDArray[np.float32]) -> Pitch:
    """Pick one candidate a frame: within the speaker's range, in agreement with the neighbours."""
    first = f0[:, 0]
    clear = first[strength[:, 0] >= _VOICED]
    if clear.size:
        low, high = np.quantile(clear, [0.25, 0.75]) * (0.75, 1.5)
    return Pitch(first, strength[:, 0])
