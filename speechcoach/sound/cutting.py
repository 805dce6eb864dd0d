"""Where to cut a recording for recognition: in silences, into pieces that a recogniser likes.

A recogniser hears a short piece without context and loses its way in a long one, so a recording
is cut in silences and neighbours are joined up to a length. Nothing is dropped here and nothing
overlaps: the pieces tile the recording.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from speechcoach.data import Audio, Span
from speechcoach.sound.frames import HOP
from speechcoach.sound.framing import runs
from speechcoach.sound.level import levels
from speechcoach.sound.voice import VoiceDetector

SHORTEST = 0.5
"""Seconds; a shorter silence is left alone. Word error rates: benchmarks/results/recognition.md."""

LONG = 2.0
"""Seconds; a longer silence becomes a piece of its own (our guess)."""

_DEEPEST = 60.0  # dB: digital silence is no room's, so the floor is at most so far below the loud
_QUIET = 0.35  # of the range from floor to loud, in dB: what is below is a silence (our guess)
_MARGIN = 0.5  # seconds of it that stay with the speech on either side
_SMOOTH = 0.2  # seconds over which the quietest moment is looked for: longer than a stop's closure


def pieces(
    audio: Audio, longest: float, *, shortest: float = SHORTEST, long: float = LONG
) -> list[Span]:
    """Return spans that tile `audio`, cut in its silences.

    Parameters
    ----------
    audio : Audio
    longest : float
        Pieces are joined up to this length, in seconds. Speech that goes on for twice as long
        without a silence is cut at its quietest moments.
    shortest : float
        A silence shorter than this is not cut in, in seconds.
    long : float
        A silence longer than this is cut off from the speech around it, in seconds: recognisers
        make up words for silences.
    """
    level = levels(audio.samples, round(HOP * audio.rate))
    candidates = _candidates(silences(level), audio.duration, shortest, long)
    edges = _cuts([*candidates, (audio.duration, False)], longest)
    spans = [Span(a, b) for a, b in itertools.pairwise([0.0, *edges, audio.duration])]
    return [part for span in spans for part in _shorter(span, level, longest)]


def silences(level: NDArray[np.float32]) -> list[Span]:
    """Return the stretches that are quiet for this recording, in order.

    The limit lies between the recording's own floor (5th percentile) and its loud parts (95th),
    so a noisy room and a distant microphone need no setting.

    Parameters
    ----------
    level : array, shape (n,)
        dB, one every `speechcoach.sound.frames.HOP` seconds.
    """
    floor, loud = np.percentile(level, (5, 95))
    floor = max(floor, loud - _DEEPEST)
    quiet = level < floor + _QUIET * (loud - floor)
    return [Span(float(start), float(end)) for start, end in runs(quiet) * HOP]


def _candidates(
    silent: Iterable[Span], duration: float, shortest: float, long: float
) -> Iterator[tuple[float, bool]]:
    """Yield the times that may be cut at, in order, and whether they must be."""
    for span in silent:
        if span.duration > long:
            if span.start > 0:
                yield span.start + _MARGIN, True
            if span.end < duration:
                yield span.end - _MARGIN, True
        elif span.duration >= shortest and span.start > 0 and span.end < duration:
            yield span.middle, False


def _cuts(candidates: Iterable[tuple[float, bool]], longest: float) -> Iterator[float]:
    """Yield the times to cut at: where it must be, and where the piece would grow too long."""
    last = latest = 0.0
    for time, must in candidates:
        if time - last > longest and latest > last:
            yield (last := latest)
        if must:
            yield (last := time)
        latest = time


def _shorter(span: Span, level: NDArray[np.float32], longest: float) -> Iterator[Span]:
    """Yield `span`, cut at quiet moments until no part is longer than twice `longest`."""
    start = span.start
    while span.end - start > 2 * longest:
        middle = _quietest(level, start + longest / 2, start + 1.5 * longest)
        yield Span(start, middle)
        start = middle
    yield Span(start, span.end)


def halves(audio: Audio, piece: Span) -> tuple[Span, Span]:
    """Return the two parts of `piece` around the quietest moment near its middle."""
    level = levels(audio.samples, round(HOP * audio.rate))
    quarter = piece.duration / 4
    middle = _quietest(level, piece.start + quarter, piece.end - quarter)
    return Span(piece.start, middle), Span(middle, piece.end)


def _quietest(level: NDArray[np.float32], start: float, end: float) -> float:
    """Return the quietest moment between two times."""
    width = round(_SMOOTH / HOP)
    part = level[round(start / HOP) : round(end / HOP)]
    smooth = np.convolve(part, np.full(width, 1 / width), mode="same")
    return start + float(np.argmin(smooth)) * HOP


def has_voice(audio: Audio, piece: Span) -> bool:
    """Say whether anybody speaks in `piece`: recognisers make up words where nobody does."""
    return VoiceDetector().hears(audio.between(piece.start, piece.end))
