"""Where clauses end, and which silences fall there: those a listener takes for punctuation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from speechcoach.content.sentences import bare
from speechcoach.data import Pause, Span, Word
from speechcoach.fillers.lexicon import built_in
from speechcoach.spelling import plain

_STOPS = tuple(".?!;:")
_CLOSING = "\"'”’)]"
_OPENERS = frozenset(
    "after although and as because before but finally first however if or since so then therefore "
    "though unless until when where whereas which while who i we he she they it".split()
)


def pauses(silences: Sequence[Span], words: Sequence[Word]) -> tuple[Pause, ...]:
    """Return the silences of an answer as pauses, told by where each falls among the words.

    Parameters
    ----------
    silences : sequence of Span
        See `speechcoach.sound.pauses`.
    words : sequence of Word
        The transcript; words without times do not count. Without any, every pause is inside a
        clause.
    """
    timed = [word for word in words if word.span]
    middles = [span.middle for word in timed if (span := word.span)]
    before = np.searchsorted(middles, [silence.middle for silence in silences])
    return tuple(
        Pause(
            silence.start,
            silence.end,
            "clause_end" if ends_clause(timed, int(count)) else "mid_clause",
        )
        for silence, count in zip(silences, before, strict=True)
    )


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
    last = plain(word.text).rstrip(_CLOSING)[-1:]
    return last if last in (*_STOPS, ",") else ""
