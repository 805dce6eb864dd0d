"""From the roles of sentences to the parts of an answer, their times and shares."""

from __future__ import annotations

from collections.abc import Sequence

from speechcoach.data import Part, Rubric, Sentence, Structure

STAR_PARTS = ("situation", "task", "action", "result")
TIMELINE_PARTS = ("present", "past", "future")
DOES_NOT_APPLY = Structure(applies=False)


def of_roles(
    sentences: Sequence[Sentence], roles: Sequence[str], parts: Sequence[str]
) -> Structure:
    """Return the parts of an answer whose sentences have these roles, a role a sentence."""
    timed = bool(sentences) and all(s.start is not None and s.end is not None for s in sentences)
    lengths = [_length(s, timed=timed) for s in sentences]
    total = sum(lengths)
    found = {}
    for name in parts:
        own = tuple(i for i, role in enumerate(roles) if role == name)
        length = sum(lengths[i] for i in own)
        share = length / total if total > 0 else 0.0
        found[name] = Part(bool(own), length if timed else None, share, own)
    return Structure(applies=True, parts=found)


def _length(sentence: Sentence, *, timed: bool) -> float:
    """Return a sentence's length in seconds, in words where the answer has no times."""
    if timed and sentence.start is not None and sentence.end is not None:
        return sentence.end - sentence.start
    return float(sentence.words[1] - sentence.words[0])


def agreeing(roles: Sequence[str], rubric: Rubric) -> list[str]:
    """Return the roles with those of the rubric's evidence, where an element is named like a part.

    The rubric knows the question's own examples, so it has the last word on whether a part is
    there; the chain knows how far the part reaches.
    """
    told = list(roles)
    for name in TIMELINE_PARTS:
        element = rubric.elements.get(name)
        if element is None:
            continue
        if not element.covered:
            told = ["none" if role == name else role for role in told]
        elif name not in told:
            told[element.sentences[0]] = name
    return told
