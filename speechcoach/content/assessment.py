"""The one call: a transcript and its question in, everything about the content out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from speechcoach.content import structure
from speechcoach.content.sentences import split
from speechcoach.data import (
    Content,
    Covered,
    Element,
    Flagged,
    Question,
    Role,
    Rubric,
    Sentence,
    Transcript,
)


def assess(transcript: Transcript, question: Question | None) -> Content:
    """Return what an answer says, judged by its question's own form and rubric.

    Without a question only the checks that hold for every answer are made.
    """
    sentences = transcript.sentences or split(transcript.words)
    kind = question.kind if question else "open"
    star = timeline = structure.DOES_NOT_APPLY
    if kind == "star":
        roles = _roles(sentences)
        sentences = tuple(
            dataclasses.replace(s, star=r) for s, r in zip(sentences, roles, strict=True)
        )
        star = structure.structure(sentences, roles, structure.STAR_PARTS)
    elif kind == "present-past-future":
        tenses = ["none"] * len(sentences)
        timeline = structure.structure(sentences, tenses, structure.TIMELINE_PARTS)
    return Content(sentences, star, timeline, _rubric(sentences, question))


def _roles(sentences: Sequence[Sentence]) -> list[Role]:
    """First rules, until the classifier is in: order in the answer alone."""
    cuts: tuple[tuple[float, Role], ...] = (
        (0.3, "situation"),
        (0.4, "task"),
        (0.8, "action"),
        (1.1, "result"),
    )
    size = max(len(sentences), 1)
    return [next(role for cut, role in cuts if i / size < cut) for i in range(size)][
        : len(sentences)
    ]


def _rubric(sentences: Sequence[Sentence], question: Question | None) -> Rubric:
    if question is None:
        return Rubric()
    return Rubric(
        elements={e.id: Covered(*_overlap(sentences, e)) for e in question.elements},
        avoid={e.id: Flagged(*_overlap(sentences, e)) for e in question.avoid},
    )


def _overlap(
    sentences: Sequence[Sentence], element: Element
) -> tuple[bool, float, tuple[int, ...]]:
    """First rules, until matching by meaning is in: words in common."""
    wanted = set(re.findall(r"[a-z]{4,}", element.meaning.lower()))
    scores = [
        len(wanted & set(re.findall(r"[a-z]{4,}", s.text.lower()))) / (len(wanted) or 1)
        for s in sentences
    ]
    best = tuple(i for i in sorted(range(len(scores)), key=lambda i: -scores[i]) if scores[i] > 0.3)
    return bool(best), max(scores, default=0.0), best[:3]
