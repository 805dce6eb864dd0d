"""The noise floor: the level of what is always there, a band at a time, even while it swells.

Two parts. The room's own floor is the quiet of some seconds around, in the manner of minimum
statistics (Martin, "Noise power spectral density estimation based on optimal smoothing and minimum
statistics", IEEE Trans. Speech and Audio Processing 9 (2001)). Automatic gain control, which
laptops and meeting apps have, lifts that floor by 6 to 18 dB in every pause and drops it at the
next word. Such a lift is told from speech by three things: it is slow, it stands where nothing is
voiced, and it is the same in every band.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speechcoach.sound.framing import longer

_REACH = 8.0  # seconds before and after in which the room's floor is looked for
_STEP = 1.0  # seconds
_SHARE = 3.0  # percent of those seconds that surely hold no speech
_SMOOTHING = 5  # frames

_RISE = 40.0  # dB a second; 18 dB of gain with a release of half a second begin at 36
_SLOW_RISE = 5.0  # ... while somebody speaks: the noise of a room may grow, the gain does not
_FALL = 100.0  # dB a second that a floor falls to what comes later: less than a word's last sound
_UNVOICED = 0.25  # seconds; consonants are shorter, pauses are not
_VOICED = 0.05  # seconds; noise passes for voiced for less
_AGREEING = 1  # bands that may lag behind: a codec leaves the highest out where they are faint


def noise_floor(
    level: NDArray[np.float32], voiced: NDArray[np.bool_], second: int
) -> NDArray[np.float32]:
    """Return the level of what is always there, with its lifts by automatic gain.

    Parameters
    ----------
    level : array, shape (frames, bands)
        dB.
    voiced : array, shape (frames,)
        Where the glottis pulses: there is no floor to be seen.
    second : int
        Frames a second.

    Returns
    -------
    array, shape (frames, bands)
        dB.
    """
    smooth = smoothed(level, _SMOOTHING)
    floor = _room(smooth, second)
    above = np.sort(_lower_envelope(smooth, voiced, second) - floor, axis=1)
    lift: NDArray[np.float32] = np.maximum(above[:, _AGREEING], 0)
    return floor + lift[:, None]


def smoothed(level: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Return the moving average of each band over `width` (odd) frames."""
    padded = np.pad(level, ((width // 2, width // 2), (0, 0)), mode="edge")
    shifted = (padded[i : i + len(level)] for i in range(width))
    return np.asarray(sum(shifted, np.zeros_like(level)) / width, dtype=np.float32)


def _room(smooth: NDArray[np.float32], second: int) -> NDArray[np.float32]:
    """Return the floor of the room.

    The higher of the quiet before and after counts, so that a fan that is switched on raises it at
    once.
    """
    reach = round(_REACH * second)
    centres = np.arange(0, len(smooth) + 1, round(_STEP * second))
    quiet = [
        np.maximum(
            _quietest(smooth[max(0, centre - reach) : max(centre, reach)]),
            _quietest(smooth[max(0, min(centre, len(smooth) - reach)) : centre + reach]),
        )
        for centre in centres
    ]
    frames = np.arange(len(smooth))
    bands = [np.interp(frames, centres, band) for band in np.array(quiet).T]
    return np.array(bands, dtype=np.float32).T


def _quietest(level: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(np.percentile(level, _SHARE, axis=0))


def _lower_envelope(
    smooth: NDArray[np.float32], voiced: NDArray[np.bool_], second: int
) -> NDArray[np.float32]:
    """Return the highest curve under the unvoiced frames whose slopes are those of a floor."""
    steady = longer(voiced, round(_VOICED * second))
    fast = longer(~steady, round(_UNVOICED * second))
    rise = np.cumsum(np.where(fast, _RISE, _SLOW_RISE))[:, None] / second
    fall = np.arange(len(smooth))[:, None] * _FALL / second
    unvoiced = np.where(voiced[:, None], np.inf, smooth)
    envelope = np.minimum.accumulate(unvoiced - rise, axis=0) + rise
    backwards = np.minimum.accumulate((envelope + fall)[::-1], axis=0)[::-1]
    return np.asarray(backwards - fall, dtype=np.float32)
