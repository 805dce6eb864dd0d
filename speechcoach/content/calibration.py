"""How sure the reader must be: the numbers of ``judge.toml``.

``benchmarks/calibrate_judge.py`` makes them from answers that the network never learned from.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from speechcoach.content.reading import Floats, Shown
from speechcoach.overlay import overlaid

FILE = Path(__file__).with_name("judge.toml")
UNLEARNED = 4.0  # log odds; of what it never learned the network is not believed more; our guess
NEVER = 1e-4  # no probability of the network's is taken to be nearer to 0 or 1


@dataclass(frozen=True)
class Scale:
    """How a probability of the network's becomes one that holds, and from where on it counts.

    The log odds are stretched by `slope` and moved by `offset` (Platt 1999); `yes` and `perhaps`
    are cuts of what comes out.
    """

    slope: float
    offset: float
    yes: float
    perhaps: float

    def shown(self, odds: Floats) -> Shown:
        """Return how probable it is that a thing is shown, by the network's log odds."""
        likely = 1 / (1 + np.exp(-self.slope * odds - self.offset))
        return Shown(np.asarray(likely, np.float32), self.yes, self.perhaps)


@dataclass(frozen=True)
class Examples:
    """What counts where a thing is told by examples: a logistic regression without its bias.

    `network` weighs the log odds of the network, `own` the likeness of a sentence to the thing's
    examples, `rival` that to its near misses and to other things.
    """

    network: float
    own: float
    rival: float

    def mixed(self, odds: Floats, own: Floats, rival: Floats) -> Floats:
        """Return the log odds that a thing is shown, up to the offset of its scale."""
        said = np.clip(odds, -UNLEARNED, UNLEARNED)
        return np.asarray(self.network * said + self.own * own + self.rival * rival, np.float32)


@dataclass(frozen=True)
class Asked:
    """Whether an answer is one to the question: a logistic regression, and two cuts of it.

    `likeness` weighs how like the answer is to the question asked, `gap` how much more than to the
    likest other, `together` the log odds that the network gives it where it reads both together.
    Below `no` it is an answer to something else, from `yes` on one to the question.
    The likest other question is named if it is at least `named` more like than the next. An answer
    of less than `fewest` words, fillers left out, is too short to tell.
    """

    bias: float
    likeness: float
    gap: float
    together: float
    no: float
    yes: float
    named: float
    fewest: int


@dataclass(frozen=True)
class Order:
    """How much likelier a moment (column) is after another (row) than anywhere, in logarithms.

    Rows and columns are those of `heads.MOMENTS`.
    """

    after: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Calibration:
    """Everything in ``judge.toml``.

    Things that are told by examples, too, have scales of their own.
    """

    element: Scale
    avoid: Scale
    element_by_examples: Scale
    avoid_by_examples: Scale
    examples: Examples
    moments: Order
    asked: Asked


@functools.cache
def calibration() -> Calibration:
    """Return the calibration of this version."""
    return overlaid(FILE, None, Calibration)


def log_odds(probabilities: Floats | np.float32) -> Floats:
    """Return the logarithm of the odds of probabilities, none of them certain."""
    kept = np.clip(probabilities, NEVER, 1 - NEVER)
    return np.asarray(np.log(kept / (1 - kept)), np.float32)
