"""Take rumble and mains hum out of a recording, so that they hide neither voice nor silence.

Rumble is filtered out where it is most of what is heard in the quiet moments, and only there. Hum
is a few lines at multiples of the mains' frequency, always there. In the quiet moments each line's
amplitude and phase are seen clearly; both change slowly, so they are carried over the speech and
the line is subtracted. Nothing else is touched: a comb of notch filters would take the speech at
those frequencies away too, and ring on after it into every pause.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft
from scipy.signal import butter, sosfilt

MAINS = (50, 60)
"""Hz; most of the world, and the Americas."""

_STEP, _WINDOW = 0.1, 0.2  # seconds; whole periods of either mains
_BIN = 10  # Hz; every second one of the window's own: both mains and the places between
_BLOCK = 100  # steps at a time
_SHORTEST = 2.0  # seconds from which hum can be told from a voice

_RUMBLE = 40  # Hz; deeper than any voice and any mains
_RUMBLES = 3.0  # times the power of all else, in the quiet windows (the floor falls by 6 dB)
_HIGH_PASS, _ORDER = 140.0, 10  # Hz; a voice's period is heard without its lowest harmonic

_HIGHEST = 1300  # Hz; above, hum is weaker than any room
_FAINT = 1e-3  # of the power of loud speech: what is weaker (30 dB) hides little
_LOUD_SHARE = 95.0  # percentile that stands for loud speech
_VOICE = 4000  # Hz; up to here a voice shows that is on the hum's own pitch
_QUIET_SHARE = 8.0  # percent of the windows that surely are pauses
_STANDS_OUT = 10.0  # times the power beside it: a line (10 dB)
_ALWAYS = 10.0  # percentile of the quiet windows: a voice is in some of them, hum in all
_FIRST = 3  # the lowest line is one of so many: what has only higher ones is no hum
_STEADY, _FAR = 1.0, 6.0  # seconds over which a line's amplitude and phase are taken together ...
_FAR_SHARE = 1e-3  # ... and from which they are taken where all that is near is speech
_DRIFT = 8.0  # seconds over which the mains' frequency is
_SWING = 1.5  # times its usual amplitude that a line may have: more is a voice on that pitch


@dataclass(frozen=True, eq=False)
class Background:
    """What is heard every 0.1 s, in windows of 0.2 s.

    `spectrum`, shape (steps, bins), has amplitudes at the multiples of 10 Hz up to 1300 Hz, against
    sines that start with the recording; `above`, shape (steps,), is the power up to 4 kHz.
    """

    spectrum: NDArray[np.complex64]
    above: NDArray[np.float32]

    @functools.cached_property
    def loudness(self) -> NDArray[np.float32]:
        """The power of everything but rumble and hum, whichever mains', shape (steps,)."""
        between = [_between(self.spectrum, mains)[:, 1:].sum(axis=1) for mains in MAINS]
        return np.asarray(np.minimum(*between) + self.above)

    @functools.cached_property
    def faint(self) -> float:
        """The power that hides little."""
        return _FAINT * float(np.percentile(self.loudness, _LOUD_SHARE))

    @functools.cached_property
    def quiet(self) -> NDArray[np.bool_]:
        """The steps that surely are pauses."""
        return np.asarray(self.loudness <= np.percentile(self.loudness, _QUIET_SHARE))


@dataclass(frozen=True, eq=False)
class Hum:
    """The `harmonics` of the `mains` (Hz) that are in a recording.

    `lines`, shape (steps, harmonics), are their amplitudes, as in `Background.spectrum`.
    """

    mains: int
    harmonics: NDArray[np.intp]
    lines: NDArray[np.complex64]


def without_hum(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Return `samples` without rumble and mains hum: the same array if there is neither.

    Parameters
    ----------
    samples : array, shape (n,)
    rate : int
        Hz.
    """
    if samples.size < _SHORTEST * rate:
        return samples
    background = listen(samples, rate)
    if rumbles(background):
        samples = _high_passed(samples, rate)
        background = listen(samples, rate)
    hum = find_hum(background)
    return samples if hum is None else samples - _sound(hum, samples.size, rate)


def listen(samples: NDArray[np.float32], rate: int) -> Background:
    """Return what of `samples`, 0.2 s or more at `rate` Hz, tells hum and rumble."""
    width, step = round(_WINDOW * rate), round(_STEP * rate)
    taper = np.hanning(width + 1)[:-1].astype(np.float32)
    taper *= 2 / taper.sum()
    windows = np.lib.stride_tricks.sliding_window_view(samples, width)[::step]
    grid, highest, voice = (round(hz * _WINDOW) for hz in (_BIN, _HIGHEST, _VOICE))
    spectrum = np.empty((len(windows), highest // grid + 1), dtype=np.complex64)
    above = np.empty(len(windows), dtype=np.float32)
    for first in range(0, len(windows), _BLOCK):
        which = slice(first, first + _BLOCK)
        whole = rfft(windows[which] * taper)
        spectrum[which] = whole[:, : highest + 1 : grid]
        above[which] = _power(whole[:, highest + 1 : voice]).sum(axis=1) / grid
    return Background(spectrum, above)


def rumbles(background: Background) -> bool:
    """Say whether most of what is heard in the quiet moments is deeper than any voice."""
    quiet = background.quiet
    power = _power(background.spectrum[quiet, 1:]).mean(axis=0)
    low = round(_RUMBLE / _BIN)
    rest = power[low:].sum() + background.above[quiet].mean()
    return bool(power[:low].sum() > max(_RUMBLES * rest, background.faint))


def find_hum(background: Background) -> Hum | None:
    """Return the hum in a recording, None if there is none."""
    mains, harmonics = max(
        ((mains, _standing_out(background, mains)) for mains in MAINS),
        key=lambda found: float(_power(background.spectrum[:, _bins(*found)]).sum()),
    )
    if not harmonics.size or harmonics[0] > _FIRST:
        return None
    return Hum(mains, harmonics, _followed(background, mains, harmonics))


def _standing_out(background: Background, mains: int) -> NDArray[np.intp]:
    """Return which multiples of the mains are always there and stand out while it is quiet."""
    quiet = background.spectrum[background.quiet]
    harmonics = np.arange(1, _HIGHEST // mains)
    line = np.percentile(_power(quiet[:, _bins(mains, harmonics)]), _ALWAYS, axis=0)
    between = _between(quiet, mains).mean(axis=0)
    beside = np.maximum(between[1:], between[:-1])[: harmonics.size]
    limit = np.maximum(_STANDS_OUT * beside, background.faint / harmonics.size)
    return np.asarray(harmonics[line > limit])


def _followed(
    background: Background, mains: int, harmonics: NDArray[np.intp]
) -> NDArray[np.complex64]:
    """Return the lines as the quiet windows show them, carried over the loud ones.

    The mains drift by some hundredths of a hertz; all lines turn together.
    """
    loudness, quiet = background.loudness, background.quiet
    weight = 1 / (loudness.astype(np.float64) + loudness[quiet].max() + 1e-20) ** 2
    weight = (weight / weight.max())[:, None]
    lines = background.spectrum[:, _bins(mains, harmonics)].astype(np.complex128)
    turn = _smooth(lines[1:] * lines[:-1].conj() * weight[1:] * weight[:-1], _DRIFT)
    strength = np.abs(turn) * harmonics
    drift = (np.angle(turn) * strength).sum(axis=1) / (strength * harmonics).sum(axis=1)
    turned = np.exp(1j * np.append(0.0, np.cumsum(drift))[:, None] * harmonics)
    still = lines / turned
    steady = _weighted(still, weight)
    steady += _weighted(still - steady, weight)  # what a mean over a slope has left
    usual = np.median(np.abs(still[quiet]), axis=0)
    steady *= np.minimum(1, _SWING * usual / np.maximum(np.abs(steady), 1e-9))
    return np.asarray(steady * turned, dtype=np.complex64)


def _bins(mains: int, harmonics: NDArray[np.intp]) -> NDArray[np.intp]:
    return harmonics * (mains // _BIN)


def _power(spectrum: NDArray[np.complex64]) -> NDArray[np.float32]:
    return np.asarray(spectrum.real**2 + spectrum.imag**2)


def _between(spectrum: NDArray[np.complex64], mains: int) -> NDArray[np.float32]:
    """Return the power half-way between neighbouring lines; the first is below the first line."""
    below = _bins(mains, np.arange(_HIGHEST // mains))
    low, high = (mains - 10) // (2 * _BIN), (mains + 10) // (2 * _BIN) + 1
    return np.asarray(np.mean([_power(spectrum[:, below + d]) for d in range(low, high)], axis=0))


def _weighted(rows: NDArray[np.complex128], weight: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the means of `rows` around each."""
    sums, total = (
        _smooth(values, _STEADY) + _FAR_SHARE * _smooth(values, _FAR)
        for values in (rows * weight, weight)
    )
    return np.asarray(sums / total)


def _smooth(rows: NDArray[Any], seconds: float) -> NDArray[Any]:
    """Return the sums of `rows` under a bell of so many seconds."""
    width = min(round(seconds / _STEP), len(rows)) | 1
    bell = np.hanning(width + 2)[1:-1]
    sums = [np.convolve(column, bell)[width // 2 :][: len(rows)] for column in rows.T]
    return np.stack(sums, axis=1)


def _sound(hum: Hum, size: int, rate: int) -> NDArray[np.float32]:
    """Return the hum as samples: a step holds whole periods, so all steps share their sines."""
    step = round(_STEP * rate)
    angles = 2 * np.pi * hum.mains / rate * np.outer(hum.harmonics, np.arange(step))
    sines = np.exp(1j * angles).astype(np.complex64)
    count = -(-size // step)
    lines = np.pad(hum.lines, ((1, count - len(hum.lines)), (0, 0)), mode="edge")
    later = (np.arange(step) / step).astype(np.float32)
    sound = np.empty((count, step), dtype=np.float32)
    for first in range(0, count, _BLOCK):
        rows = (lines[first : first + _BLOCK + 1] @ sines).real
        sound[first : first + _BLOCK] = rows[:-1] * (1 - later) + rows[1:] * later
    return sound.ravel()[:size]


def _high_passed(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    sections = butter(_ORDER, _HIGH_PASS, "highpass", fs=rate, output="sos")
    state = np.zeros((len(sections), 2))
    passed = np.empty_like(samples)
    for first in range(0, samples.size, _BLOCK * rate):
        which = slice(first, first + _BLOCK * rate)
        passed[which], state = sosfilt(sections, samples[which], zi=state)
    return passed
