"""A small head on the listener's features: how likely each 24 ms belong to an "um" or an "uh".

A few thousand weights a head, three heads, run with numpy. They are made by
``benchmarks/train_filled_pauses.py``, which says from what.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speechcoach.fillers.listener import Impression

FILE_NAME = "filled_pause_head.npz"

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What speaks for a filled pause at `times` (n,), in seconds.

    `odds` (n,) are natural log-odds of any filled pause against everything else, `nasal` (n,)
    those of "um" against "uh" where there is one.
    """

    times: NDArray[np.float64]
    odds: NDArray[np.float64]
    nasal: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Head:
    """Weights, each of shape (width in frames, inputs, outputs), and their biases.

    Features are projected to a few numbers; from those a direct path and one that sees the
    neighbourhood add up to three scores: none, "uh", "um".
    """

    project: Array
    project_bias: Array
    around: Array
    around_bias: Array
    combine: Array
    direct: Array
    bias: Array

    def __call__(self, impression: Impression) -> Evidence:
        """Return the evidence at each feature of `impression`."""
        if impression.times.size == 0:
            return Evidence(impression.times, np.zeros(0), np.zeros(0))
        traits = convolve(impression.features, self.project) + self.project_bias
        seen = np.maximum(convolve(traits, self.around) + self.around_bias, 0)
        scores = convolve(seen, self.combine) + convolve(traits, self.direct) + self.bias
        none, uh, um = scores.astype(np.float64).T
        return Evidence(impression.times, np.logaddexp(uh, um) - none, um - uh)


def convolve(values: Array, weights: Array) -> Array:
    """Return `values` (n, inputs) seen through `weights` (width, inputs, outputs), as (n, outputs).

    The width is odd; beyond the ends there are zeros.
    """
    reach = len(weights) // 2
    padded = np.pad(values, ((reach, reach), (0, 0)))
    shifted = (padded[k : k + len(values)] @ weights[k] for k in range(len(weights)))
    return np.asarray(sum(shifted), np.float32)


@dataclass(frozen=True)
class Committee:
    """Heads whose mean is steadier than the best of them."""

    members: tuple[Head, ...]

    def __call__(self, impression: Impression) -> Evidence:
        """Return the mean evidence at each feature of `impression`."""
        votes = [member(impression) for member in self.members]
        return Evidence(
            impression.times,
            np.mean([vote.odds for vote in votes], axis=0),
            np.mean([vote.nasal for vote in votes], axis=0),
        )


def load_head(path: Path | None = None) -> Committee:
    """Return the heads in `path`, else those that come with the package."""
    return _read(path or Path(__file__).with_name(FILE_NAME))


@functools.cache
def _read(path: Path) -> Committee:
    with np.load(path) as held:
        stacked = {name: held[name] for name in held.files}
    count = len(stacked["bias"])
    return Committee(
        tuple(Head(**{name: stacked[name][k] for name in stacked}) for k in range(count))
    )
