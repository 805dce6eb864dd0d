"""Fillers: how many, how often, of which kind, and where in the answer they fall.

Rates are per minute of speaking time, pauses included; shares are per 100 words, of which filled
pauses are none. Possible fillers are counted apart and enter nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from speechcoach.analyzers import analyzer
from speechcoach.analyzers.length import seconds, speaking_turns, words_said
from speechcoach.data import Answer, Filler, FillerKind, Measurement, Span

Uses = Sequence[Filler]

THIRDS = ("opening", "middle", "close")
BURST_RATE = 10.0  # fillers a minute that make a burst (as the tool Selki defines it) ...
BURST_WINDOW = 30.0  # ... within so many seconds


@analyzer("fillers")
def fillers(answer: Answer) -> Iterator[tuple[str, Measurement]]:
    """Yield how many, how often and where; None where nobody speaks.

    A written answer has counts, shares and places; rates and bursts only where stamps give it
    times, and nothing that needs sound.
    """
    uses = answer.fillers
    turns = speaking_turns(answer) if answer.transcript.words else ()
    yield "filler_count", _count(uses if answer.transcript.words else None)
    yield "filler_share", _per(100, uses, len(words_said(answer)), "1/100 words")
    yield from _rates(uses, seconds(turns))
    yield from _thirds(answer, Span(turns[0].start, turns[-1].end) if turns else None)
    yield "filler_bursts", _bursts(uses if turns else None)
    yield from _from_sound(answer, heard=bool(turns and answer.frames))


def _rates(uses: Uses, speaking: float | None) -> Iterator[tuple[str, Measurement]]:
    minute = 60.0
    yield "filler_rate", _per(minute, uses, speaking, "1/min")
    yield "filled_pause_rate", _per(minute, _of("filled_pause", uses), speaking, "1/min")
    yield "discourse_rate", _per(minute, _of("discourse", uses), speaking, "1/min")


def _of(kind: FillerKind, uses: Uses) -> Uses:
    return [use for use in uses if use.kind == kind]


def _thirds(answer: Answer, speaking: Span | None) -> Iterator[tuple[str, Measurement]]:
    """Yield the fillers of each third of the answer: of its time, or of a written one's words."""
    words = len(answer.transcript.words)
    places = [_place(use, speaking, words) for use in answer.fillers]
    for i, name in enumerate(THIRDS):
        inside = [use for use, place in zip(answer.fillers, places, strict=True) if place == i]
        yield f"fillers_{name}", _count(inside if words else None)


def _place(use: Filler, speaking: Span | None, words: int) -> int:
    """Return the third, 0 to 2, of the answer that `use` starts in."""
    share = use.words[0] / words
    if speaking and use.start is not None:
        share = (use.start - speaking.start) / speaking.duration
    return max(0, min(len(THIRDS) - 1, int(share * len(THIRDS))))


def _from_sound(answer: Answer, *, heard: bool) -> Iterator[tuple[str, Measurement]]:
    """Yield what only a recording can tell."""
    recovered = [use for use in answer.fillers if use.recovered]
    yield "fillers_recovered", _count(recovered if heard else None)
    yield "fillers_possible", _count(answer.possible_fillers if heard else None)


def _bursts(uses: Uses | None) -> Measurement:
    found = bursts(_spans(uses or ()))
    return Measurement(None if uses is None else len(found), "count", found)


def bursts(uses: Sequence[Span]) -> tuple[Span, ...]:
    """Return the stretches that are dense in fillers, each from its first to its last.

    A stretch is dense where any `BURST_WINDOW` seconds of it hold fillers at `BURST_RATE` or more;
    windows that share a filler are one burst.
    """
    uses = sorted(uses)
    enough = math.ceil(BURST_RATE * BURST_WINDOW / 60)
    found: list[Span] = []
    for first, last in zip(uses, uses[enough - 1 :], strict=False):
        if last.end - first.start > BURST_WINDOW:
            continue
        if found and first.start < found[-1].end:
            found[-1] = Span(found[-1].start, last.end)
        else:
            found.append(Span(first.start, last.end))
    return tuple(found)


def _per(scale: float, uses: Uses, whole: float | None, unit: str) -> Measurement:
    return Measurement(scale * len(uses) / whole if whole else None, unit, _spans(uses))


def _count(uses: Uses | None) -> Measurement:
    return Measurement(None if uses is None else len(uses), "count", _spans(uses or ()))


def _spans(uses: Uses) -> tuple[Span, ...]:
    """Return where `uses` are; a written answer's are nowhere."""
    return tuple(span for use in uses if (span := use.span))
