"""The learned numbers, read once; made by ``benchmarks/train_content.py``."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechcoach.content.sequence import Chain

FILE = Path(__file__).with_name("model.npz")


class Line(NamedTuple):
    """A logistic regression: `weights` (f,); `bias` is such that probability 0.5 is the cut."""

    weights: NDArray[np.float32]
    bias: float


class Model(NamedTuple):
    """Chains for the forms of an answer; lines for rubric matching, by what is being matched."""

    chains: dict[str, Chain]
    lines: dict[str, Line]


@functools.cache
def load() -> Model:
    """Return the package's learned numbers."""
    with np.load(FILE) as stored:
        chains = {
            form: Chain(*(stored[f"{form}.{field}"] for field in Chain._fields))
            for form in ("star", "timeline")
        }
        lines = {
            name: Line(stored[f"{name}.weights"], float(stored[f"{name}.bias"]))
            for name in ("element", "avoid", "element_by_meaning", "avoid_by_meaning")
        }
    return Model(chains, lines)
