"""Which of several sound tracks is the answer: the one in which somebody speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

import av

from speechcoach.data import Audio
from speechcoach.sound.container import Source
from speechcoach.sound.decoding import decode
from speechcoach.sound.frames import frames, voiced_time
from speechcoach.sound.resampling import RATE, UnreadableError

_MOST = 8  # tracks that are listened to; no recorder makes more
_AS_MUCH = 0.8  # share of the most speech in any track with which an earlier one is preferred


def listed(sources: Sequence[Source]) -> str:
    """Name the tracks for a sentence: ``1 (opus, 2 channels, eng) and 2 (...)``."""
    names = [_named(source) for source in sources]
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _named(source: Source) -> str:
    channels = "1 channel" if source.channels == 1 else f"{source.channels} channels"
    parts = [source.codec, channels] if source.codec else ["unknown codec"]
    return f"{source.number} ({', '.join([*parts, *([source.language] * bool(source.language))])})"


def choose(
    file: IO[bytes], sources: Sequence[Source], number: int | None, longest: float
) -> tuple[int, tuple[str, ...]]:
    """Return the number of the track to take, and what to say where there are several.

    Parameters
    ----------
    file : binary file
    sources : sequence of Source
        Its tracks, at least one.
    number : int, optional
        The track that the user chose.
    longest : float
        Seconds to listen to.
    """
    if len(sources) == 1:
        return 1, ()
    several = f"The file has {len(sources)} sound tracks, {listed(sources)}"
    if number is not None:
        return number, (f"{several}; track {number} was analysed, as asked.",)
    order = sorted((s for s in sources if s.codec), key=lambda source: not source.best)[:_MOST]
    if not order:
        return 1, ()
    speech = [(_speech(file, source.number, longest), source.number) for source in order]
    most = max(seconds for seconds, _ in speech)
    number = next(number for seconds, number in speech if seconds >= _AS_MUCH * most)
    why = "in which there is most speech" if most else "though nobody speaks in any"
    return number, (
        f"{several}; track {number} was analysed, {why}. 'analyze --track N' takes another.",
    )


def _speech(file: IO[bytes], number: int, longest: float) -> float:
    """Return the seconds of voiced speech in a track, none if it does not decode."""
    try:
        samples = decode(file, number, longest=longest).samples
    except (av.error.FFmpegError, UnreadableError):
        return 0.0
    return voiced_time(frames(Audio(samples, RATE)))
