"""What the wording of a sentence shows beside its meaning: person, tense, mood, turns of phrase."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("cues.toml")
MOST = 2  # a sign that occurs more often says no more

_FILLED_PAUSE = re.compile(r"\b(?:um+|uh+|er|hmm+|mm+|you know|i mean)\b,?|,\s*like,")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")


def clean(text: str) -> str:
    """Return a sentence in lower case, straight apostrophes, without fillers."""
    plain = text.lower().replace("’", "'").replace("‘", "'")
    return _SPACE.sub(" ", _FILLED_PAUSE.sub(" ", plain)).strip(" ,")


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


def substance(cleaned: Sequence[str]) -> NDArray[np.float32]:
    """Return how much of each sentence paints a picture, float32 of shape (sentences, 2).

    The first column is the natural logarithm of one and the number of different words with
    colour, the second their share of all the words.
    """
    rows = []
    for text in cleaned:
        words = _WORD.findall(text)
        colour = {word for word in words if word not in colourless()}
        rows.append((np.log1p(len(colour)), len(colour) / max(1, len(words))))
    return np.array(rows, np.float32).reshape(len(cleaned), 2)


def count(cleaned: Sequence[str]) -> NDArray[np.float32]:
    """Return how often each sign occurs, 0 to `MOST`, float32 of shape (sentences, signs)."""
    signs = cues().values()
    counts = [[min(MOST, len(sign.findall(text))) for sign in signs] for text in cleaned]
    return np.array(counts, np.float32).reshape(len(cleaned), len(signs))
