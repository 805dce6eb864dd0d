"""A small head on the listener's features: how likely each 24 ms belong to an "um" or an "uh".

A few thousand weights a head, three heads, run with numpy. They are made by
``benchmarks/train_filled_pauses.py``, which says from what.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speechcoach.fillers.listener import SIZE, Impression

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

    @property
    def reach(self) -> int:
        """How many features on either side have a say in the evidence at one."""
        last = max(len(self.combine), len(self.direct))
        return sum(width // 2 for width in (len(self.project), len(self.around), last))

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

    @property
    def reach(self) -> int:
        """How many features on either side have a say in the evidence at one."""
        return max(member.reach for member in self.members)

    def __call__(self, impression: Impression) -> Evidence:
        """Return the mean evidence at each feature of `impression`."""
        votes = [member(impression) for member in self.members]
        return Evidence(
            impression.times,
            np.mean([vote.odds for vote in votes], axis=0),
            np.mean([vote.nasal for vote in votes], axis=0),
        )


def weigh(pieces: Iterable[Impression], head: Committee) -> Evidence:
    """Return the evidence over consecutive `pieces`, as over the whole they form.

    Each is weighed with as much of its neighbours as has a say, and then let go.
    """
    parts = [_inner(head, *three) for three in _threes(pieces)]
    return Evidence(
        np.concatenate([np.zeros(0), *(part.times for part in parts)]),
        np.concatenate([np.zeros(0), *(part.odds for part in parts)]),
        np.concatenate([np.zeros(0), *(part.nasal for part in parts)]),
    )


def _inner(head: Committee, before: Impression, here: Impression, after: Impression) -> Evidence:
    first = max(0, before.times.size - head.reach)
    joined = Impression(
        np.concatenate([before.times[first:], here.times, after.times[: head.reach]]),
        np.concatenate([before.features[first:], here.features, after.features[: head.reach]]),
    )
    start = before.times.size - first
    inner = slice(start, start + here.times.size)
    whole = head(joined)
    return Evidence(here.times, whole.odds[inner], whole.nasal[inner])


def _threes(pieces: Iterable[Impression]) -> Iterator[tuple[Impression, Impression, Impression]]:
    """Yield each piece between its neighbours; beyond the ends there is nothing."""
    nothing = Impression(np.zeros(0), np.zeros((0, SIZE), np.float32))
    before, here = nothing, None
    for after in itertools.chain(pieces, [nothing]):
        if here is not None:
            yield before, here, after
            before = here
        here = after


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
