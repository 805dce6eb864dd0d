"""Quality of the recording: whether its figures can be trusted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from speechcoach.analyzers import analyzer
from speechcoach.data import Answer, Audio, Frames, Measurement
from speechcoach.sound.framing import runs
from speechcoach.sound.level import mean_level

FULL_SCALE = 0.98
"""Of 1.0; what resampling leaves of a flat top lies above it."""

_FLAT = 3  # samples in a row at full scale: the top of one wave is sharper
_ENOUGH = 20  # frames without speech (0.2 s) from which the room can be heard


@analyzer("quality", needs="sound")
def quality(answer: Answer) -> Iterator[tuple[str, Measurement]]:
    """Yield clipping, the level of the speech and its distance from the noise."""
    level = speech_level(answer.frames) if answer.frames else None
    noise = noise_level(answer.frames) if answer.frames else None
    distance = level - noise if level is not None and noise is not None else None
    yield "clipping", Measurement(clipping(answer.audio) if answer.audio else None, "ratio")
    yield "level", Measurement(level, "dB")
    yield "noise", Measurement(noise, "dB")
    yield "signal_to_noise", Measurement(distance, "dB")


def clipping(audio: Audio) -> float | None:
    """Return the share of samples, 0..1, that lie in runs of three or more at full scale.

    Lossy coding rounds the flat tops off: in an mp3 of a clipped recording most go unseen.
    """
    if not audio.samples.size:
        return None
    flat = runs((audio.samples >= FULL_SCALE) | (audio.samples <= -FULL_SCALE))
    lengths = np.diff(flat, axis=1)
    return float(lengths[lengths >= _FLAT].sum()) / audio.samples.size


def speech_level(frames: Frames) -> float | None:
    """Return the level of the speech, dB relative to full scale: the mean power of its frames."""
    return mean_level(frames.level[frames.speech])


def noise_level(frames: Frames) -> float | None:
    """Return the level of the room, dB relative to full scale: the median where nobody speaks."""
    quiet = frames.level[~frames.speech]
    return float(np.median(quiet)) if quiet.size >= _ENOUGH else None
