"""What the embedded recogniser's ear makes of the sound, before any word is chosen.

Recognisers are trained on transcripts without "um" and learn not to write it, yet they hear it:
the encoder of Moonshine tiny (MIT, in the wheel of moonshine-voice) tells filled pauses from
words so clearly that a head of a few thousand weights reads them off (``head``), whichever
engine wrote the words. Zhu, Caceres and Salamon (Interspeech 2022) do so with wav2vec features.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from speechcoach.data import Audio
from speechcoach.errors import EngineError
from speechcoach.paths import shown

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

RATE = 16_000  # Hz, what the encoder was trained on
STEP = 384 / RATE  # seconds between features: the strides 64, 3 and 2 of its three convolutions
FIRST = 447 / RATE  # seconds; the centre of the first feature's field
SIZE = 288  # numbers a feature

_SHORTEST = 2_000  # samples; less gives no feature
_PIECE = (6.0, 12.0)  # seconds; the encoder's work grows with the square of a piece's length
_LOUD = 0.1  # RMS that speech is brought to; the encoder hears level, fillers should not
_BLOCK = RATE // 40  # samples; 25 ms
_FAINTEST = 1e-4  # RMS; below it there is nothing to bring up


@dataclass(frozen=True, eq=False)
class Impression:
    """The encoder's features: `times` (n,) are their centres in seconds, `features` (n, 288)."""

    times: NDArray[np.float64]
    features: NDArray[np.float32]


def listen(audio: Audio) -> Impression:
    """Return the encoder's features of the whole of `audio`; for training, which needs them all."""
    pieces = [Impression(np.zeros(0), np.zeros((0, SIZE), np.float32)), *impressions(audio)]
    return Impression(
        np.concatenate([piece.times for piece in pieces]),
        np.concatenate([piece.features for piece in pieces]),
    )


def impressions(audio: Audio) -> Iterator[Impression]:
    """Yield the encoder's features of `audio`, one every 24 ms, a piece of some seconds at a time.

    An hour's features take more memory than its samples, so nobody should hold them all. The
    level does not matter: loud parts are brought to one level first.

    Raises
    ------
    ValueError
        If the audio is not at 16 kHz.
    EngineError
        If the encoder cannot be loaded.
    """
    if audio.rate != RATE:
        raise ValueError(f"the listener needs sound at {RATE} Hz, not {audio.rate}")
    if audio.samples.size < _SHORTEST:
        return
    gain = np.float32(_LOUD / max(_loudness(audio.samples), _FAINTEST))
    for start, end in pairwise(_edges(audio.samples)):
        features = _encode(audio.samples[start:end] * gain)
        times = start / RATE + FIRST + STEP * np.arange(len(features), dtype=np.float64)
        yield Impression(np.asarray(times, np.float64), features)


def _loudness(samples: NDArray[np.float32]) -> float:
    """Return the RMS of the loud blocks: those within 20 dB of the loudest tenth's."""
    power = _power(samples, _BLOCK)
    loud = power >= 0.01 * np.quantile(power, 0.95)
    return float(np.sqrt(np.mean(power[loud])))


def _power(samples: NDArray[np.float32], block: int) -> NDArray[np.float32]:
    """Return the mean power of each whole block, without a copy of the samples."""
    rows = samples[: samples.size // block * block].reshape(-1, block)
    return np.asarray(np.einsum("ij,ij->i", rows, rows) / block, np.float32)


def _edges(samples: NDArray[np.float32]) -> list[int]:
    """Return where to cut `samples`: at the quietest place that keeps the pieces' length."""
    hop = RATE // 100
    count = samples.size // hop
    calm = np.convolve(_power(samples, hop), np.ones(20), "same")
    shortest, longest = (round(100 * seconds) for seconds in _PIECE)
    edges = [0]
    while count - edges[-1] > longest:
        first = edges[-1] + shortest
        edges.append(first + int(np.argmin(calm[first : first + longest - shortest])))
    return [edge * hop for edge in edges] + [samples.size]


def _encode(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    padded = np.pad(samples, (0, max(0, _SHORTEST - samples.size)))
    inputs = {
        "input_values": padded[np.newaxis],
        "attention_mask": np.ones((1, padded.size), np.int64),
    }
    return np.asarray(_encoder().run(None, inputs)[0][0], np.float32)


@functools.cache  # loading takes a tenth of a second
def _encoder() -> InferenceSession:
    import moonshine_voice
    import onnxruntime

    path = Path(moonshine_voice.__file__).parent / "assets" / "tiny-en" / "encoder_model.ort"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # batch workers share the cores; one thread is deterministic
    options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no public root for its errors
        raise EngineError(
            f"The embedded model {shown(path)} cannot be loaded ({error}); "
            "reinstall it with: pip install --force-reinstall moonshine-voice==0.1.0"
        ) from error
