"""Filled pauses from the sound: put back what a recogniser dropped, time what it wrote.

``listener`` hears, ``head`` weighs, ``hesitations`` finds where, ``verifier`` how likely; here they
meet the words. What a recogniser wrote stays written; a hesitation that it did not write becomes a
word of its own, marked `recovered`, or a possible filler where the evidence is thin.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from speechcoach.alignment.aligner import Alignment, Insertion
from speechcoach.data import Audio, Filler, Frames, Word
from speechcoach.fillers.criteria import Criteria, load_criteria
from speechcoach.fillers.head import Committee, load_head, weigh
from speechcoach.fillers.hesitations import Hesitation, hesitations
from speechcoach.fillers.lexicon import built_in
from speechcoach.fillers.listener import impressions
from speechcoach.fillers.tokens import tokenize
from speechcoach.fillers.verifier import probability, signs

_REACH = 0.4  # seconds; alignment places a written "um" within this of where it sounds


@dataclass(frozen=True)
class Recovered:
    """An answer's words with the filled pauses in their places.

    `possible` are those too unsure to count: they are not among `words`, and their empty ranges
    tell where they would stand.
    """

    words: tuple[Word, ...]
    possible: tuple[Filler, ...]


@dataclass(frozen=True)
class FilledPause:
    """A stretch that sounds like `text`; `confidence` is the probability that it is one."""

    start: float
    end: float
    text: str
    confidence: float


def recover(
    audio: Audio, frames: Frames, aligned: Alignment, head: Committee | None = None
) -> Recovered:
    """Return the aligned words with the filled pauses that the sound holds.

    Parameters
    ----------
    audio : 16 kHz
    frames : the signal of `audio`
    aligned : the recogniser's words in `audio`
    head : another than the package's own, for benchmarks

    Raises
    ------
    EngineError
        If the embedded model cannot be loaded.
    """
    criteria = load_criteria()
    evidence = weigh(impressions(audio), head or load_head())
    candidates = hesitations(evidence, frames, criteria.candidate)
    found = [weighed(h, frames, aligned.words, criteria) for h in candidates]
    return place(found, aligned, criteria)


def weighed(
    h: Hesitation, frames: Frames, words: Sequence[Word], criteria: Criteria
) -> FilledPause:
    """Return `h` with the probability that it is a filled pause."""
    likely = probability(signs(h, frames, words, criteria.stand_ins), criteria.weights)
    return FilledPause(h.start, h.end, h.text, likely)


def place(found: Sequence[FilledPause], aligned: Alignment, criteria: Criteria) -> Recovered:
    """Return the words of `aligned` and the filled pauses `found`, each in its place."""
    hesitates = [is_filled_pause(word.text) for word in aligned.words]
    written = _written(aligned.words, hesitates, found)
    written |= _beside(aligned, hesitates, [h for h in found if h not in written.values()], written)
    doubled = _doubled(hesitates, written)
    words = [
        None if i in doubled else _retimed(word, written.get(i), criteria)
        for i, word in enumerate(aligned.words)
    ]
    taken = set(written.values())
    placed = [(_position(h, aligned), h) for h in found if h not in taken]
    return _merged(words, placed, criteria)


def _written(
    words: Sequence[Word], hesitates: Sequence[bool], found: Sequence[FilledPause]
) -> dict[int, FilledPause]:
    """Return the hesitation that each written filled pause stands for, by the word's position."""
    free = list(found)
    claims: dict[int, FilledPause] = {}
    for i, word in enumerate(words):
        if not hesitates[i] or word.start is None or word.end is None:
            continue
        near = [(_distance(h, word.start, word.end), n) for n, h in enumerate(free)]
        gap, n = min(near, default=(math.inf, 0))
        if gap <= _REACH:
            claims[i] = free[n]
            free = free[n + 1 :]
    return claims


def _beside(
    aligned: Alignment,
    hesitates: Sequence[bool],
    heard: Sequence[FilledPause],
    claimed: Collection[int],
) -> dict[int, FilledPause]:
    """Return the hesitation for written filled pauses that were placed too far from it.

    Where no other word stands between the two they are one, however long the silence there is.
    """
    claims: dict[int, FilledPause] = {}
    for h in heard:
        first = end = _position(h, aligned)
        while first > 0 and hesitates[first - 1]:
            first -= 1
        while end < len(hesitates) and hesitates[end]:
            end += 1
        free = (i for i in range(first, end) if i not in claimed and i not in claims)
        if (i := next(free, None)) is not None:
            claims[i] = h
    return claims


def _doubled(hesitates: Sequence[bool], written: Collection[int]) -> set[int]:
    """Return the written filled pauses that share another's sound: "um, uh" is often one um.

    Of a run of them as many are kept as hesitations were heard there; all, if none was.
    """
    doubled: set[int] = set()
    for _, run in itertools.groupby(range(len(hesitates)), key=lambda i: hesitates[i]):
        positions = set(run)
        if positions & set(written):
            doubled |= {i for i in positions if hesitates[i]} - set(written)
    return doubled


def is_filled_pause(text: str) -> bool:
    """Tell whether a word as written is an um, in whatever spelling; "uh-huh" and "ER" are not."""
    tokens = tokenize([text, "a"]).words[:-1]  # beside lower case, capitals are an abbreviation
    hesitates = built_in().filled_pause
    return bool(tokens) and all(hesitates(t.text) and not t.abbreviation for t in tokens)


def _distance(h: FilledPause, start: float, end: float) -> float:
    """Return the gap between a hesitation and a stretch, 0 where they overlap."""
    return max(0.0, h.start - end, start - h.end)


def _retimed(word: Word, h: FilledPause | None, criteria: Criteria) -> Word:
    """Return a word at the time of `h`; one that was written counts, however thin the sound."""
    if h is None:
        return word
    confidence = max(h.confidence, criteria.sure)
    return replace(word, start=h.start, end=h.end, confidence=confidence)


def _position(h: FilledPause, aligned: Alignment) -> int:
    """Return how many words come before `h`: the aligner's word for it, else the nearest gap."""
    heard = max(aligned.insertions, key=lambda i: _shared(h, i), default=None)
    if heard is not None and _shared(h, heard) > 0:
        return heard.after + 1
    centres = [((w.start or 0.0) + (w.end or 0.0)) / 2 for w in aligned.words]
    return bisect_right(centres, (h.start + h.end) / 2)


def _shared(h: FilledPause, insertion: Insertion) -> float:
    """Return the seconds that a hesitation and an aligner's insertion have in common."""
    return min(h.end, insertion.end) - max(h.start, insertion.start)


def _merged(
    words: Sequence[Word | None], placed: Sequence[tuple[int, FilledPause]], criteria: Criteria
) -> Recovered:
    """Return `words` with the sure ones of `placed` among them, and the others apart."""
    out: list[Word] = []
    possible: list[Filler] = []
    queue = sorted(placed, key=lambda p: (p[0], p[1].start))
    for i in range(len(words) + 1):
        while queue and queue[0][0] <= i:
            _, h = queue.pop(0)
            if h.confidence >= criteria.sure:
                out.append(Word(h.text, h.start, h.end, h.confidence, recovered=True))
            elif h.confidence >= criteria.possible:
                possible.append(_possible(h, len(out)))
        out += [word for word in words[i : i + 1] if word is not None]
    return Recovered(_disjoint(out), tuple(possible))


def _possible(h: FilledPause, position: int) -> Filler:
    here = (position, position)
    return Filler(h.text, "filled_pause", here, h.start, h.end, h.confidence, recovered=True)


def _disjoint(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return `words` without overlap: a filled pause keeps its time, its neighbours give way."""
    out = list(words)
    for i, word in enumerate(words):
        if not is_filled_pause(word.text) or word.start is None or word.end is None:
            continue
        for j in range(i - 1, -1, -1):
            if not _give_way(out, j, latest=word.start):
                break
        for j in range(i + 1, len(out)):
            if not _give_way(out, j, earliest=word.end):
                break
    return tuple(out)


def _give_way(
    words: list[Word], j: int, *, earliest: float = 0.0, latest: float = float("inf")
) -> bool:
    """Clip word `j` to a stretch of time; tell whether that changed it."""
    word = words[j]
    if word.start is None or word.end is None:
        return True
    start = min(max(word.start, earliest), latest)
    end = min(max(word.end, earliest), latest)
    if (start, end) == (word.start, word.end):
        return False
    words[j] = replace(word, start=start, end=end)
    return True
