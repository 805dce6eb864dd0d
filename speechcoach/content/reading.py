"""A transcript's sentences, read once for everything that judges them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechcoach.content import vectors, wording

Floats = NDArray[np.float32]


class Reading(NamedTuple):
    """Sentences as numbers, a row each.

    `texts` are cleaned; `meaning` (n, d) are unit vectors; `signs` (n, s) count turns of phrase;
    `lengths` (n,) are natural logarithms of the number of words and one; `substance` (n, 2) is
    how much of the sentence paints a picture.
    """

    texts: tuple[str, ...]
    meaning: Floats
    signs: Floats
    lengths: Floats
    substance: Floats

    def sign(self, *names: str) -> Floats:
        """Return how often signs occur in each sentence, added up, shape (n,)."""
        known = list(wording.cues())
        columns = [known.index(name) for name in names]
        return np.asarray(self.signs[:, columns].sum(axis=1), np.float32)


def meaning(texts: Sequence[str]) -> Floats:
    """Return the unit vectors of sentences, fillers left out, shape (n, d)."""
    return vectors.encode([wording.clean(text) for text in texts])


def read(texts: Sequence[str]) -> Reading:
    """Return the sentences as numbers."""
    cleaned = tuple(wording.clean(text) for text in texts)
    lengths = np.log([1.0 + len(text.split()) for text in cleaned])
    return Reading(
        cleaned,
        vectors.encode(cleaned),
        wording.count(cleaned),
        lengths.astype(np.float32),
        wording.substance(cleaned),
    )
