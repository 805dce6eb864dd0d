"""Pauses: silences inside the answer, found in the signal.

Gaps between words are not used: recognisers stretch words over silence. Breath is silence; a
filled pause is sound and breaks a silence in two. Silence before the first word and after the
last is no pause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from speechcoach.analyzers import ANALYZERS
from speechcoach.analyzers.length import speaking_span, words_said
from speechcoach.content.sentences import bare
from speechcoach.data import Answer, Frames, Measurement, Pause, Span, Word
from speechcoach.fillers.lexicon import built_in
from speechcoach.sound.framing import runs

SHORTEST = 0.25
"""Seconds; shorter silences are articulation (Goldman-Eisler 1968; de Jong and Bosker 2013)."""

LONG = 2.0
"""Seconds; what common speech trainers count as long."""

_STOPS = tuple(".?!;:…")
_CLOSING = "\"'”’)]"
_OPENERS = frozenset(
    "after although and as because before but finally first however if or since so then therefore "
    "though unless until when where whereas which while who i we he she they it".split()
)


@ANALYZERS.add("pauses")
def measure_pauses(answer: Answer) -> Iterator[tuple[str, Measurement]]:
    """Yield how many pauses, how long, where; None where nobody speaks."""
    speaking = speaking_span(answer.frames)
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


def pauses(
    frames: Frames, words: Sequence[Word], *, shortest: float = SHORTEST
) -> tuple[Pause, ...]:
    """Return the silences between the first sound of speech and the last, in order.

    Parameters
    ----------
    frames : Frames
        The signal.
    words : sequence of Word
        The transcript with times: it tells whether a pause ends a clause.
    shortest : float
        Seconds; shorter silences are left out.
    """
    spoken = np.flatnonzero(frames.speech)
    if not spoken.size:
        return ()
    first, last = spoken[0], spoken[-1]
    silent = first + runs(~frames.speech[first : last + 1])
    edges = (silent - 0.5) * frames.hop  # between the last frame of the one, the first of the other
    long_enough = edges[np.diff(silent, axis=1)[:, 0] * frames.hop >= shortest - 1e-9]
    timed = [word for word in words if word.span]
    found = [Span(float(start), float(end)) for start, end in long_enough]
    before = _words_before(found, timed)
    return tuple(
        Pause(span.start, span.end, "clause_end" if ends_clause(timed, count) else "mid_clause")
        for span, count in zip(found, before, strict=True)
    )


def _words_before(spans: Sequence[Span], words: Sequence[Word]) -> list[int]:
    """Return how many words lie before the middle of each span; words count by their middle."""
    middles = [span.middle for word in words if (span := word.span)]
    return [int(n) for n in np.searchsorted(middles, [span.middle for span in spans])]


def ends_clause(words: Sequence[Word], count: int) -> bool:
    """Say whether a clause ends after the first `count` words.

    Punctuation decides. Around a hesitation a comma belongs to the hesitation ("I was, um, there")
    and only a stronger mark counts. In a transcript without any punctuation a clause ends before a
    conjunction or a subject pronoun, as long as no conjunction stands before that.
    """
    before = _fluent(reversed(words[:count]))
    if before is None:
        return False
    if not any(_mark(word) for word in words):
        after = _fluent(words[count:])
        follows = bare(after.text) if after else ""
        return follows in _OPENERS and bare(before.text) not in _OPENERS
    mark = _mark(before)
    beside = words[count - 1 : count + 1]
    return mark in _STOPS or (mark == "," and not any(map(_hesitates, beside)))


def _fluent(words: Iterable[Word]) -> Word | None:
    """Return the first word that is no filled pause."""
    return next((word for word in words if not _hesitates(word)), None)


def _hesitates(word: Word) -> bool:
    return built_in().filled_pause(bare(word.text)) is not None


def _mark(word: Word) -> str:
    """Return the punctuation mark at the end of a word, "" without one."""
    last = word.text.rstrip(_CLOSING)[-1:]
    return last if last in (*_STOPS, ",") else ""


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
