"""F0 and periodicity by autocorrelation, with a guard against octave errors.

Each frame's candidates are the peaks of its autocorrelation, divided by that of the window, as in
Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
ratio of a sampled sound", IFA Proceedings 17 (1993). The search is then narrowed to the speaker's
own range, as in De Looze and Hirst, "Detecting changes in key and range for the automatic
modelling and coding of intonation", Speech Prosody 2008, and each frame takes the candidate that
agrees best with its surroundings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft

from speechcoach.sound.framing import windows

LOWEST, HIGHEST = 60.0, 600.0
"""Hz; where F0 is looked for."""

_WINDOW = 0.048  # seconds: three periods at 62 Hz
_CANDIDATES = 4  # peaks kept a frame: the period, its half, its double, and a formant's
_OCTAVE_COST = 0.02  # strength a peak loses for each octave it lies lower: short periods win
_PERIODIC = 0.45  # normalised autocorrelation from which sound is voiced (Boersma 1993)
_CLEAR = 0.7  # ... and from which a frame has a say in the speaker's range
_LOUD_SHARE, _BELOW_LOUD = 95.0, 25.0  # ... if it is within 25 dB of the loudest 5%: a vowel
_RANGE = (0.75, 1.5)  # times the first and third quartile (De Looze and Hirst 2008)
_AROUND = 31  # frames whose median a frame should agree with: a syllable or two
_JUMP_COST = 0.3  # strength a candidate loses for each octave away from that median


@dataclass(frozen=True, eq=False)
class Pitch:
    """F0 and how sure it is, for every frame.

    `f0` is in Hz, NaN where no candidate lies in the speaker's range; `strength` is the
    normalised autocorrelation at that period, 0..1; `periodic` is true where the sound has any
    period between 1/`HIGHEST` and 1/`LOWEST` at all, in the speaker's range or not.
    """

    f0: NDArray[np.float32]
    strength: NDArray[np.float32]
    periodic: NDArray[np.bool_]

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """Where the speaker's glottis pulses."""
        return np.isfinite(self.f0) & (self.strength >= _PERIODIC)


def pitch(samples: NDArray[np.float32], rate: int, hop: int, level: NDArray[np.float32]) -> Pitch:
    """Return F0 around every multiple of `hop` samples.

    Parameters
    ----------
    samples : array, shape (n,)
    rate : int
        Hz.
    hop : int
        Samples from one frame's centre to the next.
    level : array, shape (n // hop + 1,)
        dB (`speechcoach.sound.level`): only loud frames have a say in the speaker's range.
    """
    count = samples.size // hop + 1
    f0 = np.empty((count, _CANDIDATES), dtype=np.float32)
    strength = np.empty((count, _CANDIDATES), dtype=np.float32)
    for which, block in windows(samples, round(_WINDOW * rate), hop):
        f0[which], strength[which] = candidates(block, rate)
    loud = level >= np.percentile(level, _LOUD_SHARE) - _BELOW_LOUD
    return choose(f0, strength, loud)


def candidates(
    block: NDArray[np.float32], rate: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return F0 and strength of each window's strongest peaks, each of shape (k, 4).

    Where a window has fewer peaks, F0 is NaN and strength 0.
    """
    shortest, longest = int(rate / HIGHEST), int(np.ceil(rate / LOWEST))
    correlation = _autocorrelation(block, longest + 2)
    lags = np.arange(shortest, longest + 1)
    left, middle, right = (correlation[:, lags + d] for d in (-1, 0, 1))
    peak = (middle > left) & (middle >= right) & (middle > 0)
    rank = np.where(peak, middle - _OCTAVE_COST * np.log2(lags / shortest), -np.inf)
    best = np.argpartition(-rank, _CANDIDATES, axis=1)[:, :_CANDIDATES]
    best = np.take_along_axis(best, np.argsort(-np.take_along_axis(rank, best, 1), axis=1), 1)

    left, middle, right = (np.take_along_axis(a, best, axis=1) for a in (left, middle, right))
    found = np.take_along_axis(peak, best, axis=1)
    bend = np.where(found, left - 2 * middle + right, -1)  # a parabola through the three
    shift = np.where(found, (left - right) / (2 * bend), 0)
    strength = np.minimum(middle - (left - right) * shift / 4, 1)
    return (
        np.where(found, rate / (lags[best] + shift), np.nan).astype(np.float32),
        np.where(found, strength, 0).astype(np.float32),
    )


def choose(
    f0: NDArray[np.float32], strength: NDArray[np.float32], loud: NDArray[np.bool_]
) -> Pitch:
    """Pick one candidate a frame: in the speaker's range, in agreement with its surroundings.

    Parameters
    ----------
    f0, strength : array, shape (frames, candidates)
        As `candidates` returns them, the best first.
    loud : array of bool, shape (frames,)
        Which frames have a say in the speaker's range.
    """
    periodic = strength[:, 0] >= _PERIODIC
    clear = f0[loud & (strength[:, 0] >= _CLEAR), 0]
    if clear.size:
        low, high = np.quantile(clear, [0.25, 0.75]) * _RANGE
        inside = (f0 >= low) & (f0 <= high)
        f0, strength = np.where(inside, f0, np.nan), np.where(inside, strength, 0)
    octaves = np.log2(f0)
    worth = strength - _OCTAVE_COST * np.nan_to_num(np.log2(HIGHEST) - octaves)
    guess = worth.argmax(axis=1)[:, None]
    usual = _surroundings(
        np.take_along_axis(octaves, guess, 1)[:, 0], np.take_along_axis(strength, guess, 1)[:, 0]
    )
    jump = np.abs(np.nan_to_num(octaves - usual[:, None]))
    pick = (worth - _JUMP_COST * jump).argmax(axis=1)[:, None]
    return Pitch(
        np.take_along_axis(f0, pick, 1)[:, 0], np.take_along_axis(strength, pick, 1)[:, 0], periodic
    )


def _surroundings(
    octaves: NDArray[np.float32], strength: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the running median of log F0 over the voiced frames, carried over the others."""
    voiced = np.flatnonzero(np.isfinite(octaves) & (strength >= _PERIODIC))
    if not voiced.size:
        return np.zeros_like(octaves)
    padded = np.pad(octaves[voiced], _AROUND // 2, mode="edge")
    medians = np.median(np.lib.stride_tricks.sliding_window_view(padded, _AROUND), axis=1)
    return np.interp(np.arange(octaves.size), voiced, medians).astype(np.float32)


def _autocorrelation(block: NDArray[np.float32], lags: int) -> NDArray[np.float32]:
    """Return each row's autocorrelation at the first `lags` lags, 1 at 0, free of the window."""
    window = np.hanning(block.shape[1] + 2)[1:-1].astype(np.float32)
    size = 1 << (block.shape[1] + lags - 1).bit_length()

    def correlate(rows: NDArray[np.float32]) -> NDArray[np.float32]:
        spectrum = rfft(rows, size)
        raw = irfft(spectrum.real**2 + spectrum.imag**2, size)[..., :lags]
        return np.asarray(raw / np.maximum(raw[..., :1], 1e-12), dtype=np.float32)

    centred = block - block.mean(axis=1, keepdims=True)
    return correlate(centred * window) / correlate(window)
