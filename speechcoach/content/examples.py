"""How like sentences are to the examples of a thing, for questions that nobody trained for.

The network tells the meanings that it learned apart by itself. Those that it never saw it tells
apart less well; there, examples help: a sentence that shows a thing is liker to the examples of it
than to its near misses and to the examples of everything else.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from speechcoach.content import heads
from speechcoach.content.encoder import SIZE, encode
from speechcoach.content.reading import Floats
from speechcoach.content.windows import alone
from speechcoach.data import Element

MOST = 12  # examples, and near misses, of a thing that are looked at; more were no better
STRANGE = 0.4  # likeness to what has nothing to do with it: the median, where there is no rival


def likeness(sentences: Sequence[str], things: Sequence[Element]) -> tuple[Floats, Floats]:
    """Return how like each sentence is to each thing, and to the likest of its rivals.

    Returns
    -------
    array, array
        Cosines with the nearest example, shape (sentences, things); nan for a thing without
        examples. Rivals are a thing's near misses and the examples of the others.
    """
    said = _places(sentences)
    own = np.column_stack([_nearest(said, one.examples) for one in things])
    rivals = []
    for i, one in enumerate(things):
        others = np.delete(own, i, axis=1)
        misses = _nearest(said, one.near_misses)
        rivals.append(np.nanmax([*others.T, misses, np.full(len(said), -1.0)], axis=0))
    rival = np.column_stack(rivals)
    return own, np.where(rival > -1, rival, STRANGE).astype(np.float32)


def _nearest(said: Floats, texts: Sequence[str]) -> Floats:
    """Return the cosine of each sentence with the nearest text; nan if there are none."""
    if not texts:
        return np.full(len(said), np.nan, np.float32)
    return np.asarray((said @ _places(texts[:MOST]).T).max(axis=1), np.float32)


def _places(texts: Sequence[str]) -> Floats:
    """Return a unit vector a text, each read alone, shape (texts, `SIZE`)."""
    return np.array([_place(text) for text in texts], np.float32).reshape(len(texts), SIZE)


@functools.lru_cache(maxsize=4096)
def _place(text: str) -> Floats:
    row = alone([text])
    (mean,) = heads.means(encode(row), [(1, len(row) - 1)])
    return np.asarray(mean / np.linalg.norm(mean), np.float32)
