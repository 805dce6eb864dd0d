"""From the roles of sentences to the parts of an answer, their times and shares."""

from __future__ import annotations

from collections.abc import Sequence

from speechcoach.data import Part, Sentence, Structure

STAR_PARTS = ("situation", "task", "action", "result")
TIMELINE_PARTS = ("present", "past", "future")
DOES_NOT_APPLY = Structure(applies=False)


def structure(
    sentences: Sequence[Sentence], roles: Sequence[str], parts: Sequence[str]
) -> Structure:
    """Return the parts of an answer whose sentences have these roles, a role a sentence."""
    timed = all(s.start is not None and s.end is not None for s in sentences)
    lengths = [_length(s, timed) for s in sentences]
    total = sum(lengths)
    found = {}
    for name in parts:
        own = tuple(i for i, role in enumerate(roles) if role == name)
        length = sum(lengths[i] for i in own)
        found[name] = Part(
            bool(own), length if timed else None, length / total if total else 0.0, own
        )
    return Structure(applies=True, parts=found)


def _length(sentence: Sentence, timed: bool) -> float:
    """Return a sentence's length in seconds, in words where it has no times."""
    if timed and sentence.start is not None and sentence.end is not None:
        return sentence.end - sentence.start
    return float(sentence.words[1] - sentence.words[0])
