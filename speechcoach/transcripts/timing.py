"""When the words of a transcript with stamps were said, as far as its stamps can tell."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from speechcoach.data import Span

DAYTIME = 3600.0  # seconds; stamps that begin later than an hour are times of the day
_LAST = "; the last one has no end and is taken to go on at the pace of the others"
FASTEST = 500.0  # words a minute; nobody speaks faster, so stamps that ask for more are none


@dataclass(frozen=True)
class Cue:
    """A stretch between two stamps, in seconds; `end` is None where only its start is known.

    `words` are the answer's words in it, as positions ``[first, end)``; `other` tells whether
    somebody else speaks in it.
    """

    start: float
    end: float | None
    words: tuple[int, int]
    other: bool = False


@dataclass(frozen=True)
class Times:
    """The times of all words, in order, and the turns in which they were said.

    Both are empty where the stamps cannot tell; `note` says why, if there are stamps.
    """

    spans: tuple[Span, ...] = ()
    turns: tuple[Span, ...] = ()
    note: str = ""


def times(words: Sequence[str], cues: Sequence[Cue], name: str) -> Times:
    """Return when `words` were said, spread over their cues in proportion to their letters."""
    cues = _from_first(cues)
    starts = [cue.start for cue in cues]
    back = next((b for a, b in itertools.pairwise(starts) if b < a), None)
    if back is not None:
        return Times(
            note=f"The stamps of {name} go back in time (to {back:g} s): they are left out."
        )
    closed = _closed(words, cues)
    known = sum(cue.words[1] - cue.words[0] for cue in closed)
    if not words or known < len(words):
        return Times(note=f"The stamps of {name} do not tell when it ends: they are left out.")
    spans = tuple(span for cue in closed for span in _spread(words, cue))
    turns = _turns(closed)
    rate = 60 * len(words) / max(1e-3, sum(turn.duration for turn in turns))
    if rate > FASTEST:
        return Times(
            note=f"By the stamps of {name} {rate:,.0f} words were said a minute, which nobody can: "
            "they are left out."
        )
    end = _LAST if cues[-1].end is None and closed[-1].words[1] > closed[-1].words[0] else ""
    return Times(spans, turns, f"Times come from the stamps in {name}, not from sound{end}.")


def _from_first(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues with times of the day, such as Zoom's, counted from the first one."""
    if not cues or cues[0].start < DAYTIME:
        return list(cues)
    zero = cues[0].start
    return [
        replace(cue, start=cue.start - zero, end=None if cue.end is None else cue.end - zero)
        for cue in cues
    ]


def _closed(words: Sequence[str], cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues with an end: their own or the next one's start, whichever comes first.

    The last one, without either, goes on at the pace of the others; it is left out if there are
    none.
    """
    found = []
    for cue, following in itertools.zip_longest(cues, cues[1:]):
        ends = [end for end in (cue.end, following.start if following else None) if end is not None]
        if ends:
            found.append(Cue(cue.start, min(ends), cue.words, cue.other))
    timed = [cue for cue in found if cue.words[1] > cue.words[0]]
    seconds = sum(cue.end - cue.start for cue in timed if cue.end is not None)
    letters = sum(_letters(words, cue) for cue in timed)
    if cues and len(found) < len(cues) and letters:
        last = cues[-1]
        end = last.start + seconds / letters * _letters(words, last)
        found.append(Cue(last.start, end, last.words, last.other))
    return found


def _letters(words: Sequence[str], cue: Cue) -> int:
    return sum(1 + len(word) for word in words[slice(*cue.words)])


def _spread(words: Sequence[str], cue: Cue) -> list[Span]:
    whole = _letters(words, cue)
    seconds = (cue.end if cue.end is not None else cue.start) - cue.start
    edges = [0, *itertools.accumulate(1 + len(word) for word in words[slice(*cue.words)])]
    places = [cue.start + seconds * edge / max(1, whole) for edge in edges]
    return [Span(first, end) for first, end in itertools.pairwise(places)]


def _turns(cues: Sequence[Cue]) -> tuple[Span, ...]:
    """Return the stretches in which the answer's speaker goes on without another's cue between."""
    found: list[Span] = []
    going_on = False
    for cue in cues:
        if cue.end is not None and cue.words[1] > cue.words[0]:
            start = found.pop().start if going_on else cue.start
            found.append(Span(start, cue.end))
        going_on = bool(found) and not cue.other
    return tuple(found)
