"""Voice: how much pitch and loudness move, where they move least, and sentences that fade.

Pitch is in semitones and loudness in dB, both relative to the speaker's own median, so neither
the speaker's range nor the microphone's gain enters. Spread is that of a normal distribution with
the same 10th and 90th percentile: octave errors and stray frames do not move it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from speechcoach.analyzers import analyzer
from speechcoach.analyzers.length import words_said
from speechcoach.data import Answer, Frames, Measurement, Span, Transcript, Word
from speechcoach.sound.level import mean_level

WINDOW = 10.0
"""Seconds; the length over which Hincks (2005) rated liveliness."""

_DECILES_APART = 2.563  # standard deviations between the 10th and the 90th percentile (normal)
_ENOUGH_PITCH = 100  # voiced frames: 1 s
_ENOUGH_WINDOW = 200  # voiced frames in a window: 2 s
_ENOUGH_WORDS = 8
_ENOUGH_SENTENCES = 2
_EDGE = 3  # words at a sentence's start and end whose levels are compared
_WORST = 3  # places shown


@analyzer("voice", needs="sound")
def voice(answer: Answer) -> Iterator[tuple[str, Measurement]]:
    """Yield the movement of pitch and loudness; None where there is too little speech to tell."""
    frames = answer.frames
    yield (
        "pitch_variation",
        Measurement(pitch_variation(frames.f0) if frames else None, "semitones"),
    )
    flattest = flattest_window(frames) if frames else None
    yield (
        "lowest_pitch_variation",
        Measurement(
            *(flattest[0], "semitones", (flattest[1],)) if flattest else (None, "semitones")
        ),
    )
    levels = word_levels(frames, words_said(answer)) if frames else np.empty(0)
    yield "loudness_variation", Measurement(loudness_variation(levels), "dB")
    falls = sentence_falls(frames, answer.transcript) if frames else []
    yield "trailing_off", _trailing_off(falls)


def pitch_variation(f0: NDArray[np.float32], *, enough: int = _ENOUGH_PITCH) -> float | None:
    """Return the spread of F0 in semitones (`f0` in Hz, NaN where unvoiced)."""
    voiced = f0[np.isfinite(f0)]
    return _spread(12 * np.log2(voiced)) if voiced.size >= enough else None


def flattest_window(frames: Frames) -> tuple[float, Span] | None:
    """Return the least pitch variation in any `WINDOW` seconds, and where; None if shorter."""
    size, step = round(WINDOW / frames.hop), round(1 / frames.hop)
    found = [
        (value, Span(first * frames.hop, (first + size) * frames.hop))
        for first in range(0, len(frames.f0) - size, step)
        if (value := pitch_variation(frames.f0[first : first + size], enough=_ENOUGH_WINDOW))
        is not None
    ]
    return min(found, key=lambda window: window[0], default=None)


def word_levels(frames: Frames, words: Sequence[Word]) -> NDArray[np.float64]:
    """Return the level of each word's vowels in dB, NaN where nothing in it is voiced."""
    return np.array([_level(frames, word) for word in words])


def loudness_variation(levels: NDArray[np.float64]) -> float | None:
    """Return the spread of the words' levels in dB; NaN are left out."""
    known = levels[np.isfinite(levels)]
    return _spread(known) if known.size >= _ENOUGH_WORDS else None


def sentence_falls(frames: Frames, transcript: Transcript) -> list[tuple[float, Span]]:
    """Return how far the level falls from each sentence's first words to its last ones, in dB."""
    falls = []
    for sentence in transcript.sentences:
        words = transcript.words[slice(*sentence.words)]
        levels = word_levels(frames, words)
        start, end = levels[:_EDGE], levels[-_EDGE:]
        if len(words) < 2 * _EDGE or np.isnan(start).all() or np.isnan(end).all():
            continue
        falls.append((float(np.nanmean(start) - np.nanmean(end)), _span(words[-_EDGE:])))
    return falls


def _trailing_off(falls: Sequence[tuple[float, Span]]) -> Measurement:
    if len(falls) < _ENOUGH_SENTENCES:
        return Measurement(None, "dB")
    worst = sorted(falls, key=lambda fall: -fall[0])[:_WORST]
    spans = tuple(sorted(span for fall, span in worst if fall > 0))
    return Measurement(float(np.median([fall for fall, _ in falls])), "dB", spans)


def _level(frames: Frames, word: Word) -> float:
    if word.span is None:
        return np.nan
    within = slice(round(word.span.start / frames.hop), round(word.span.end / frames.hop) + 1)
    vowels = mean_level(frames.level[within][frames.voiced[within]])
    return np.nan if vowels is None else vowels


def _span(words: Sequence[Word]) -> Span:
    spans = [span for word in words if (span := word.span)]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _spread(values: NDArray[np.floating]) -> float:
    low, high = np.percentile(values, [10, 90])
    return float(high - low) / _DECILES_APART
