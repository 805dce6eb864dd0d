"""Pace: words a minute over the answer and in its fastest and slowest stretch; articulation rate.

Filled pauses are no words: they count neither as words nor as articulation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from speechcoach.alignment.pronunciation import syllables
from speechcoach.analyzers import analyzer
from speechcoach.analyzers.length import seconds, speaking_span, speaking_turns, words_said
from speechcoach.data import Answer, Measurement, Span, Word

WINDOW = 30.0
"""Seconds; long enough for a stable rate, short enough to show where it changes."""


@analyzer("pace")
def pace(answer: Answer) -> Iterator[tuple[str, Measurement]]:
    """Yield the rates; None where nobody speaks, the windows' where the answer is shorter."""
    words = words_said(answer)
    turns = speaking_turns(answer) if words else ()
    yield "speech_rate", Measurement(speech_rate(words, seconds(turns)), "words/min")
    yield "articulation_rate", Measurement(articulation_rate(answer), "syllables/s")
    rates = [rate for turn in turns for rate in window_rates(words, turn)]
    for name, pick in (("fastest_window", max), ("slowest_window", min)):
        value, span = pick(rates, key=lambda rate: rate[0], default=(None, None))
        yield name, Measurement(value, "words/min", (span,) if span else ())


def speech_rate(words: Sequence[Word], speaking: float | None) -> float | None:
    """Return words a minute of `speaking` time in seconds, pauses included."""
    return 60 * len(words) / speaking if speaking else None


def articulation_rate(answer: Answer) -> float | None:
    """Return syllables a second of articulation: speaking time less pauses and filled pauses.

    None where no pauses are known: stamps tell of none, nor does a recording in much noise.
    """
    if answer.frames is None or not answer.frames.pauses_known:
        return None
    speaking, words = speaking_span(answer.frames), words_said(answer)
    if speaking is None or not words:
        return None
    silent = sum(pause.span.duration for pause in answer.pauses)
    filled = [filler.span for filler in answer.fillers if filler.kind == "filled_pause"]
    hesitating = sum(span.duration for span in filled if span)
    articulating = speaking.duration - silent - hesitating
    if articulating <= 0:
        return None
    return sum(syllables(word.text) for word in words) / articulating


def window_rates(words: Sequence[Word], speaking: Span) -> list[tuple[float, Span]]:
    """Return words a minute in every window of `WINDOW` seconds, one second apart.

    A word counts where its middle lies. A turn shorter than a window has none.
    """
    middles = np.sort([span.middle for word in words if (span := word.span)])
    if not middles.size or speaking.duration < WINDOW:
        return []
    starts = np.arange(speaking.start, speaking.end - WINDOW + 1e-9, 1.0)
    counts = np.searchsorted(middles, starts + WINDOW) - np.searchsorted(middles, starts)
    return [
        (float(count) * 60 / WINDOW, Span(float(start), float(start) + WINDOW))
        for start, count in zip(starts, counts, strict=True)
    ]
