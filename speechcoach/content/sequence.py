"""Labels for a run of sentences, chosen together: a linear-chain conditional random field.

Lafferty, McCallum and Pereira (2001); decoded by Viterbi; trained by
``benchmarks/train_content.py``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Chain(NamedTuple):
    """Weights of a chain over k labels and f features.

    `weights` (f, k) and `bias` (k,) score a sentence for each label; `transitions` (k, k) score a
    label (row) followed by another (column); `first` and `last` (k,) score the ends.
    """

    weights: Floats
    bias: Floats
    transitions: Floats
    first: Floats
    last: Floats


def best_path(chain: Chain, features: Floats) -> list[int]:
    """Return the most probable label of each sentence; `features` has shape (sentences, f)."""
    if not len(features):
        return []
    scores = features @ chain.weights + chain.bias
    best = scores[0] + chain.first
    came_from = []
    for row in scores[1:]:
        reached = best[:, None] + chain.transitions
        came_from.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + row
    path = [int((best + chain.last).argmax())]
    for step in reversed(came_from):
        path.append(int(step[path[-1]]))
    return path[::-1]
