"""Pauses: how many silences the answer has, how long they are, and where they fall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from speechcoach.analyzers import analyzer
from speechcoach.analyzers.length import speaking_span, words_said
from speechcoach.data import Answer, Measurement, Span

LONG = 2.0
"""Seconds; what common speech trainers count as long."""


@analyzer("pauses")
def pauses(answer: Answer) -> Iterator[tuple[str, Measurement]]:
    """Yield how many pauses, how long, where; None where nobody speaks, or no pause can be told."""
    known = answer.frames is not None and answer.frames.pauses_known
    speaking = speaking_span(answer.frames) if known else None
    spans = [pause.span for pause in answer.pauses]
    middle = [pause.span for pause in answer.pauses if pause.kind == "mid_clause"]
    long = [span for span in spans if span.duration >= LONG]
    longest = sorted(spans, key=lambda span: -span.duration)[:1]
    silence = sum((span.duration for span in spans), 0.0)
    yield "pause_rate", _rate(spans, speaking)
    yield "mid_clause_pause_rate", _rate(middle, speaking if answer.transcript.words else None)
    yield "pause_share", _of(silence / speaking.duration if speaking else None, "ratio", spans)
    seconds = longest[0].duration if longest else 0.0
    yield "longest_pause", _of(seconds if speaking else None, "s", longest)
    yield "long_pauses", _of(float(len(long)) if speaking else None, "count", long)
    yield "time_to_first_word", _time_to_first_word(answer, speaking)


def _time_to_first_word(answer: Answer, speaking: Span | None) -> Measurement:
    """Measure the silence, and hesitation, before the first word that is one.

    The signal knows the start of sound better than the alignment does; the transcript knows
    whether a hesitation came first.
    """
    said = words_said(answer)
    if speaking is None:
        return Measurement(None, "s")
    first = speaking.start
    if said and said[0] is not answer.transcript.words[0] and said[0].start is not None:
        first = min(max(first, said[0].start), speaking.end)
    return Measurement(first, "s", (Span(0.0, first),))


def _rate(spans: Sequence[Span], speaking: Span | None) -> Measurement:
    return _of(60 * len(spans) / speaking.duration if speaking else None, "1/min", spans)


def _of(value: float | None, unit: str, spans: Sequence[Span]) -> Measurement:
    return Measurement(value, unit, tuple(spans) if value is not None else ())
