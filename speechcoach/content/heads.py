"""What is read off the encoder's vectors: small layers, trained with it, in plain arrays.

A place (a sentence, a meaning) is the mean of the vectors of its wordpieces, as the encoder was
made to be read. ``judge.npz`` holds the weights under the names that they had in training.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speechcoach.content.windows import Place, Window

Floats = NDArray[np.float32]

FILE = Path(__file__).with_name("judge.npz")
MOMENTS = ("scene", "aim", "steps", "ending", "")
"""The moments of a story that a sentence is told apart into, the last of them none."""


@functools.cache
def weights() -> Mapping[str, Floats]:
    """Return the weights of the layers, by name."""
    with np.load(FILE) as stored:
        return {name: stored[name] for name in stored.files}


def means(vectors: Floats, places: Sequence[Place]) -> Floats:
    """Return the mean of the vectors in each place, shape (places, d)."""
    rows = [vectors[first:end].mean(axis=0) for first, end in places]
    return np.array(rows, np.float32).reshape(len(places), vectors.shape[1])


def shown(sentences: Floats, labels: Floats) -> Floats:
    """Return how probably each sentence (row) shows fully what each label (column) means, 0..1."""
    kept = weights()
    likeness = (_unit(sentences) @ _unit(labels).T)[..., None]
    a = _linear("ps", sentences)[:, None, :]
    b = _linear("pl", labels)[None, :, :]
    a, b = np.broadcast_arrays(a, b)
    mixed = _two_layers("mix", np.concatenate([a, b, a * b, likeness], axis=-1))
    return _probability(mixed + kept["bias"] + kept["gain"] * likeness)[..., 0]


def moments(sentences: Floats, opening: Floats) -> Floats:
    """Return how probably each sentence is which of `MOMENTS`, shape (n, 5), each row's sum 1.

    `opening` is the vector of the first wordpiece, which has the whole window in view.
    """
    seen = np.broadcast_to(opening, sentences.shape)
    scores = _two_layers("role", np.concatenate([sentences, seen], axis=-1))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def answered(vectors: Floats, window: Window) -> float:
    """Return how probably a window's sentences are an answer to its question, 0..1."""
    told = (window.sentences[0][0], window.sentences[-1][1])
    asked, said = means(vectors, [window.question, told])
    return float(_probability(_linear("onq", np.concatenate([asked * said, vectors[0]])))[0])


def placed(vectors: Floats) -> Floats:
    """Return the unit vector at which an answer or a question that stands alone is found."""
    return _unit(_linear("ret", vectors.mean(axis=0)))


def _linear(name: str, rows: Floats) -> Floats:
    kept = weights()
    return np.asarray(rows @ kept[f"{name}.weight"].T + kept[f"{name}.bias"], np.float32)


def _two_layers(name: str, rows: Floats) -> Floats:
    return _linear(f"{name}.3", _gelu(_linear(f"{name}.0", rows)))


def _gelu(x: Floats) -> Floats:
    return np.asarray(0.5 * x * (1 + _erf(x / np.sqrt(2))), np.float32)


def _erf(x: Floats) -> Floats:
    """Return the error function, right to 2e-7 (Abramowitz and Stegun 1964, 7.1.26)."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    return np.asarray(np.sign(x) * (1 - series * np.exp(-x * x)), np.float32)


def _unit(rows: Floats) -> Floats:
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)


def _probability(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)
