"""Level of the sound, in dB relative to full scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FLOOR = -120.0
"""dB; what digital silence is given, below the last bit of a 16-bit recording (-98 dB)."""

_QUARTERS = 10  # quarters of a hop in a window: 25 ms for a hop of 10 ms


def levels(samples: NDArray[np.float32], hop: int) -> NDArray[np.float32]:
    """Return the RMS level in a window of 2.5 hops around every multiple of `hop` samples.

    Parameters
    ----------
    samples : array, shape (n,)
        Full scale at 1.0. A constant offset (DC) is no sound and does not count.
    hop : int
        Samples from one window's centre to the next; a multiple of four.

    Returns
    -------
    array of float32, shape (n // hop + 1,)
        dB relative to full scale, `FLOOR` at least; a full-scale sine has -3.01. Windows are
        cut short at both ends of the recording.
    """
    quarter = hop // 4
    whole = samples.size // quarter
    rest = samples[whole * quarter :].astype(np.float64)
    rows = samples[: whole * quarter].reshape(whole, quarter)
    size = np.append(np.full(whole, quarter), rest.size)
    total = np.append(rows.sum(axis=1, dtype=np.float64), rest.sum())
    squares = np.append(np.einsum("ij,ij->i", rows, rows), (rest**2).sum())

    centre = 4 * np.arange(samples.size // hop + 1)
    count = np.maximum(_around(size, centre), 1)
    variance = _around(squares, centre) / count - (_around(total, centre) / count) ** 2
    return (10 * np.log10(np.maximum(variance, 10 ** (FLOOR / 10)))).astype(np.float32)


def mean_level(level: NDArray[np.floating]) -> float | None:
    """Return the level of frames taken together, in dB: that of their mean power; None of none."""
    if not level.size:
        return None
    return float(10 * np.log10(np.mean(10 ** (level.astype(np.float64) / 10))))


def _around(quarters: NDArray[np.floating], centre: NDArray[np.intp]) -> NDArray[np.float64]:
    """Sum `quarters` over a window around each centre (the border before that quarter)."""
    running: NDArray[np.float64] = np.concatenate([[0.0], np.cumsum(quarters, dtype=np.float64)])
    half = _QUARTERS // 2
    upto, since = np.minimum(centre + half, quarters.size), np.maximum(centre - half, 0)
    return np.asarray(running[upto] - running[since])
