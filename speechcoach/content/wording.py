"""What the wording of a sentence shows beside its meaning: person, tense, mood, turns of phrase."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechcoach.spelling import plain

Floats = NDArray[np.float32]

FILE = Path(__file__).with_name("cues.toml")
MOST = 2  # a sign that occurs more often says no more

_FILLED_PAUSE = re.compile(r"\b(?:um+|uh+|er|hmm+|mm+|you know|i mean)\b,?|,\s*like,")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")


def clean(text: str) -> str:
    """Return a sentence in its plain spelling, lower case, without fillers."""
    return _SPACE.sub(" ", _FILLED_PAUSE.sub(" ", plain(text).lower())).strip(" ,")


@functools.cache
def _data() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@functools.cache
def cues() -> dict[str, re.Pattern[str]]:
    """Return the signs that are looked for, by name, in the file's order."""
    groups = [signs for group, signs in _data().items() if group != "words"]
    return {name: re.compile(sign) for signs in groups for name, sign in signs.items()}


@functools.cache
def colourless() -> frozenset[str]:
    """Return the words that paint no picture: function words and the words of every method."""
    return frozenset(word for words in _data()["words"].values() for word in words.split())


class Wording(NamedTuple):
    """The wording of n sentences as numbers, a row each.

    `said` are the sentences as they stand, `texts` cleaned ones; `signs` (n, s) count turns of
    phrase, 0 to `MOST`; `lengths` (n,) are natural logarithms of the number of words and one;
    `substance` (n, 2) is how much of a sentence paints a picture: the natural logarithm of one and
    the number of different words with colour, and their share of all the words.
    """

    said: tuple[str, ...]
    texts: tuple[str, ...]
    signs: Floats
    lengths: Floats
    substance: Floats

    def sign(self, *names: str) -> Floats:
        """Return how often signs occur in each sentence, added up, shape (n,)."""
        known = list(cues())
        columns = [known.index(name) for name in names]
        return np.asarray(self.signs[:, columns].sum(axis=1), np.float32)

    @property
    def words(self) -> Floats:
        """How many words each sentence has, fillers left out, shape (n,)."""
        return np.expm1(self.lengths)


def worded(sentences: Iterable[str]) -> Wording:
    """Return the wording of sentences."""
    said = tuple(sentences)
    texts = tuple(map(clean, said))
    lengths = np.log([1.0 + len(text.split()) for text in texts])
    return Wording(said, texts, _count(texts), lengths.astype(np.float32), _substance(texts))


def _substance(texts: Sequence[str]) -> Floats:
    rows = []
    for text in texts:
        words = _WORD.findall(text)
        colour = {word for word in words if word not in colourless()}
        rows.append((np.log1p(len(colour)), len(colour) / max(1, len(words))))
    return np.array(rows, np.float32).reshape(len(texts), 2)


def _count(texts: Sequence[str]) -> Floats:
    signs = cues().values()
    counts = [[min(MOST, len(sign.findall(text))) for sign in signs] for text in texts]
    return np.array(counts, np.float32).reshape(len(texts), len(signs))
