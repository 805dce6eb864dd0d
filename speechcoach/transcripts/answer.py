"""The answer in a transcript: its words, where sentences must break, and when they were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from speechcoach.data import Span, Word
from speechcoach.transcripts import remarks, script, speakers, timing
from speechcoach.transcripts.timing import Cue


@dataclass(frozen=True)
class Said:
    """The words of an answer; `breaks` are the positions at which a sentence must start.

    `turns` are the stretches of time in which it was given, empty where no stamps tell. `others`
    tells whether somebody else speaks in the transcript. `speakers` and `stamps` say to the person
    what was made of labels and stamps, empty where there are none.
    """

    words: tuple[Word, ...]
    breaks: frozenset[int] = frozenset()
    turns: tuple[Span, ...] = ()
    others: bool = False
    speakers: str = ""
    stamps: str = ""


def said(text: str, name: str) -> Said:
    """Return the answer in the text of the transcript that is called `name`.

    In a text without stamps a line break ends a sentence. Where there are stamps lines are cut by
    the width of a screen or by time, and only another's turn does.
    """
    taken = speakers.taken(script.lines(text), name)
    stamped = any(line.stamped for line in taken.lines)
    words: list[str] = []
    breaks: set[int] = set()
    cues: list[Cue] = []
    other = False
    for line, ours in zip(taken.lines, taken.answers, strict=True):
        first = len(words)
        if ours:
            words += remarks.without(line.text, captions=stamped).split()
            breaks |= {first} if other or not stamped else set()
            other = False
        other = other or bool(line.text and not ours)
        if line.stamped and line.start is not None:
            cues = cues or ([Cue(0.0, None, (0, first))] if first else [])
            cues.append(Cue(line.start, line.end, (first, first)))
        if cues:
            others = cues[-1].other or bool(line.text and not ours)
            cues[-1] = replace(cues[-1], words=(cues[-1].words[0], len(words)), other=others)
    found = timing.times(words, cues, name) if cues else timing.Times()
    return Said(
        _timed(words, found.spans),
        frozenset(breaks - {0, len(words)}),
        found.turns,
        not all(taken.answers),
        taken.note,
        found.note,
    )


def _timed(words: Sequence[str], spans: Sequence[Span]) -> tuple[Word, ...]:
    if not spans:
        return tuple(map(Word, words))
    return tuple(Word(word, span.start, span.end) for word, span in zip(words, spans, strict=True))
