"""The only door for sound files: any local audio or video becomes mono float32 at 16 kHz.

The file is opened here and handed to the decoder as an object, so a name is never more than the
name of a file on this machine.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

from speechcoach.data import Audio, Recording
from speechcoach.errors import AudioError
from speechcoach.files import open_answer
from speechcoach.paths import file_name, shown, to_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from speechcoach.sound.decoding import Track

SHORTEST = 0.2
"""Seconds; less cannot hold a word."""

LONGEST = 4 * 3600.0
"""Seconds; an answer takes minutes, and four hours of samples already take 0.9 GB."""

_EARLY_END = 0.5  # seconds that may miss at the end of a whole file: padding, rounding
_OVERSHOOT = 2.0  # decoders overshoot full scale a little; beyond this the scale is another one


@dataclass(frozen=True)
class Loaded:
    """A decoded recording; `warnings` are sentences about what is wrong with the file."""

    audio: Audio
    recording: Recording
    warnings: tuple[str, ...] = ()


def load(path: Path) -> Loaded:
    """Decode a local audio or video file.

    Parameters
    ----------
    path : Path
        A regular file in a container of `speechcoach.sound.decoding.CONTAINERS`.

    Returns
    -------
    Loaded
        The sound at 16 kHz, within -1..1 and finite; where it came from; warnings.

    Raises
    ------
    AudioError
        The file is missing, not a regular file, unreadable, empty, not a recording, without
        sound, shorter than 0.2 s or longer than 4 hours.
    """
    from speechcoach.sound.decoding import RATE

    with open_answer(path) as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise AudioError(f"{shown(path)} is empty (0 bytes): record or export it again.")
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        track = _decode(file, path)
    samples, repairs = _within_full_scale(track.samples)
    audio = Audio(samples, RATE)
    recording = Recording(
        path=to_text(path),
        name=file_name(path),
        sha256=sha256,
        duration=audio.duration,
        sample_rate=track.rate,
        channels=track.channels,
        kind="audio",
    )
    return Loaded(audio, recording, (*_damage(track), *repairs))


def _decode(file: BufferedReader, path: Path) -> Track:
    import av

    from speechcoach.sound.decoding import decode

    try:
        track = decode(file, longest=LONGEST)
    except av.error.FFmpegError as error:
        raise AudioError(
            f"{shown(path)} is not a recording, or too much of it is missing to read it: "
            "record it again, or export it again as wav, mp3 or m4a."
        ) from error
    if track is None:
        raise AudioError(
            f"{shown(path)} has no sound in it: record it again with the microphone on."
        )
    if track.duration < SHORTEST:
        raise AudioError(
            f"{shown(path)} holds {track.duration:.2f} s of sound, too little for a word: "
            f"record at least {SHORTEST} s."
        )
    if track.duration > LONGEST:
        raise AudioError(
            f"{shown(path)} is longer than {LONGEST / 3600:.0f} hours: cut the answer out of it."
        )
    return track


def _damage(track: Track) -> Iterator[str]:
    if track.announced is not None and track.announced - track.duration > _EARLY_END:
        yield (
            f"The file ends early: {track.duration:.1f} s of {track.announced:.1f} s could be "
            "decoded; only these were analysed."
        )
    elif track.damaged:
        yield f"The file is damaged in {track.damaged} places; what could be decoded was analysed."
    if track.broken:
        yield f"{track.broken} samples were not numbers; they were taken as silence."


def _within_full_scale(samples: NDArray[np.float32]) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Bring the samples into -1..1: clip a decoder's overshoot, scale another scale down."""
    import numpy as np

    peak = float(max(samples.max(), -samples.min()))
    if peak <= _OVERSHOOT:
        return np.clip(samples, -1.0, 1.0, out=samples), ()
    samples /= peak
    return samples, (f"The samples reach {peak:g} times full scale; they were scaled down.",)
