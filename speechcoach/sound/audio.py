"""The only door for sound files: any local audio or video becomes mono float32 at 16 kHz.

The file is opened here and handed to the decoder as an object, so a name is never more than the
name of a file on this machine. Whatever goes wrong behind the door comes out of it as one sentence.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
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

LONGEST = 90 * 60.0
"""Seconds; an answer takes minutes, and the analysis of an hour and a half about 1 GB."""

_TRIES = 3  # readings of a file that changes meanwhile
_OVERSHOOT = 2.0  # decoders overshoot full scale a little; beyond this the scale is another one
_FEW = 0.001  # share of samples beyond it that are damage


@dataclass(frozen=True)
class Loaded:
    """A decoded recording; `warnings` are sentences about what is wrong with the file."""

    audio: Audio
    recording: Recording
    warnings: tuple[str, ...] = ()


def load(path: Path, track: int | None = None, *, growing: bool = False) -> Loaded:
    """Decode a local audio or video file.

    Parameters
    ----------
    path : Path
        A regular file in a container of `speechcoach.sound.container.CONTAINERS`.
    track : int, optional
        Which sound track, from 1; without it the one in which somebody speaks.
    growing : bool
        Take what is there by now of a file that is still being recorded.

    Returns
    -------
    Loaded
        The sound at 16 kHz, within -1..1 and finite; where it came from; warnings.

    Raises
    ------
    AudioError
        The file is missing, not a regular file, unreadable, empty, not a recording, without
        sound or that track, shorter than 0.2 s or longer than `LONGEST`, or it goes on changing.
    """
    with open_answer(path) as file:
        for _ in range(_TRIES):
            before = _stamp(file)
            if before[0] == 0:
                raise AudioError(f"{shown(path)} is empty (0 bytes): record or export it again.")
            loaded = _load(file, path, track)
            if growing or _stamp(file) == before:  # so what was hashed is what was decoded
                return loaded
    raise AudioError(
        f"{shown(path)} changed while it was read: wait until it is finished, and try again."
    )


def _stamp(file: BufferedReader) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _load(file: BufferedReader, path: Path, number: int | None) -> Loaded:
    from speechcoach.sound.damage import damage
    from speechcoach.sound.resampling import RATE
    from speechcoach.sound.wholeness import extent

    with _door(path):
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        number, notes = _chosen(file, path, number)
        track = _decode(file, path, number)
        faults = tuple(damage(track, extent(file)))
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
    return Loaded(audio, recording, (*notes, *faults, *repairs))


@contextmanager
def _door(path: Path) -> Iterator[None]:
    """Let no fault of the libraries pass but want of memory: each becomes an `AudioError`."""
    import av

    from speechcoach.sound.resampling import UnreadableError

    try:
        yield
    except AudioError:
        raise
    except UnreadableError as error:
        raise AudioError(f"{shown(path)} {error}") from error
    except av.error.MemoryError as error:  # of FFmpeg: an absurd size in the file itself
        raise AudioError(
            f"{shown(path)} is damaged: it asks for more memory than there is. Record it again, or "
            "export it again as wav, mp3 or m4a."
        ) from error
    except MemoryError:
        raise
    except Exception as error:  # any other, too: a file must never end in a traceback
        raise AudioError(
            f"{shown(path)} is not a recording, or too much of it is missing to read it: "
            "record it again, or export it again as wav, mp3 or m4a."
        ) from error


def _chosen(file: BufferedReader, path: Path, number: int | None) -> tuple[int, tuple[str, ...]]:
    """Return the number of the sound track to take, and what to say of that choice."""
    from speechcoach.sound.container import sources
    from speechcoach.sound.tracks import choose, listed

    found = sources(file)
    if not found:
        raise AudioError(
            f"{shown(path)} has no sound in it: record it again with the microphone on."
        )
    if number is not None and not 1 <= number <= len(found):
        raise AudioError(
            f"{shown(path)} has no sound track {number}, only {listed(found)}: choose one of these "
            "with --track, or leave that out."
        )
    return choose(file, found, number, LONGEST)


def _decode(file: BufferedReader, path: Path, number: int) -> Track:
    from speechcoach.sound.decoding import decode

    track = decode(file, number, longest=LONGEST)
    if track.duration < SHORTEST:
        raise AudioError(
            f"{shown(path)} holds {track.duration:.2f} s of sound, too little for a word: "
            f"record at least {SHORTEST} s."
        )
    if track.duration > LONGEST:
        raise AudioError(
            f"{shown(path)} is longer than {LONGEST / 60:.0f} minutes, the most that is analysed "
            "in one go: cut the answer out of it."
        )
    return track


def _within_full_scale(samples: NDArray[np.float32]) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Bring the samples into -1..1: clip a decoder's overshoot, scale another scale down.

    A few samples far beyond the others are damage, and no reason to scale the others away.
    """
    import numpy as np

    peak = float(max(samples.max(), -samples.min()))
    if peak <= _OVERSHOOT:
        return np.clip(samples, -1.0, 1.0, out=samples), ()
    wild = (samples > _OVERSHOOT) | (samples < -_OVERSHOOT)
    count = int(np.count_nonzero(wild))
    if count <= _FEW * samples.size:
        samples[wild] = 0.0
        said = f"{count} samples lie far beyond full scale; they were taken as silence."
        return np.clip(samples, -1.0, 1.0, out=samples), (said,)
    samples /= peak
    return samples, (f"The samples reach {peak:g} times full scale; they were scaled down.",)
