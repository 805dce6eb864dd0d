"""Sentences as points in a space of meaning, without a neural network at run time.

Each wordpiece has a fixed vector, distilled from all-MiniLM-L6-v2 (Wang et al. 2020; Apache-2.0)
by ``benchmarks/make_vectors.py``; a sentence is the mean of its wordpieces, rare ones weighing
more (smooth inverse frequency: Arora, Liang and Ma 2017). The file holds whole numbers of 8 bits
and one scale a row; nothing is downloaded.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("vectors.npz")
Floats = NDArray[np.float32]
MOST = 2_000  # pieces of a text that are looked at
TOGETHER = 64  # texts whose pieces' vectors are held in memory at a time
LONGEST = 100  # letters of a word; longer ones are no words (as in BERT's own tokenizer)

_TOKEN = re.compile(r"[a-z0-9]+|[^\sa-z0-9]")


class Pieces(NamedTuple):
    """The known wordpieces: `rows` int8 (n, d), `scales` float32 (n,), `ids` the row of each."""

    rows: NDArray[np.int8]
    scales: NDArray[np.float32]
    ids: dict[str, int]


@functools.cache
def load() -> Pieces:
    """Return the package's wordpiece vectors, read once."""
    with np.load(FILE) as stored:
        pieces = stored["pieces"].tobytes().decode("utf-8").split("\n")
        ids = {piece: i for i, piece in enumerate(pieces)}
        return Pieces(stored["rows"], stored["scales"].astype(np.float32), ids)


@functools.lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[int, ...]:
    """Return the wordpieces of a lower-case word, longest first; empty where a part is unknown."""
    if len(word) > LONGEST:
        return ()
    ids, found, start = load().ids, [], 0
    while start < len(word):
        prefix = "##" if start else ""
        for end in range(len(word), start, -1):
            piece = ids.get(prefix + word[start:end])
            if piece is not None:
                found.append(piece)
                start = end
                break
        else:
            return ()
    return tuple(found)


def encode(texts: Sequence[str]) -> Floats:
    """Return a unit vector a text, float32 of shape (texts, d); zeros for one without words.

    Of a text that is longer than any sentence the first `MOST` pieces tell.
    """
    parts = [_encode(texts[i : i + TOGETHER]) for i in range(0, len(texts), TOGETHER)]
    return np.concatenate([_encode(()), *parts])


def _bag(text: str) -> list[int]:
    found: list[int] = []
    for token in _TOKEN.finditer(text.lower()):
        found += pieces(token.group())
        if len(found) >= MOST:
            break
    return found[:MOST]


def _encode(texts: Sequence[str]) -> Floats:
    known = load()
    bags = [_bag(text) for text in texts]
    out = np.zeros((len(texts), known.rows.shape[1]), np.float32)
    filled = [i for i, bag in enumerate(bags) if bag]
    if not filled:
        return out
    ids = [piece for bag in bags for piece in bag]
    starts = np.cumsum([0, *(len(bags[i]) for i in filled[:-1])])
    weighed = known.rows[ids] * known.scales[ids, None]
    out[filled] = np.add.reduceat(weighed, starts)
    norms = np.linalg.norm(out, axis=1, keepdims=True)
    return np.asarray(out / np.where(norms > 0, norms, 1.0), np.float32)
