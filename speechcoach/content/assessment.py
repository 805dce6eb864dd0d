"""The one call: a transcript and its question in, everything about the content out."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import cast

from speechcoach.content import checks, roles, rubric, story, structure
from speechcoach.content.reading import Reading, read
from speechcoach.content.sentences import split
from speechcoach.data import Content, Question, Role, Rubric, Sentence, Transcript


def assess(transcript: Transcript, question: Question | None) -> Content:
    """Return what an answer says, judged by its question's own form and rubric.

    Without a question only the checks that hold for every answer are made; without words nothing
    is found, and nothing is missing.
    """
    sentences = transcript.sentences or split(transcript.words)
    reading = read([sentence.text for sentence in sentences])
    covered = rubric.judge(reading, question) if question else Rubric()
    kind = question.kind if question else "open"
    star = timeline = structure.DOES_NOT_APPLY
    if kind == "star":
        sentences = _with_roles(sentences, reading)
        roles_told = [sentence.star or "none" for sentence in sentences]
        star = structure.of_roles(sentences, roles_told, structure.STAR_PARTS)
    elif kind == "present-past-future":
        told = structure.agreeing(roles.tell(reading, "timeline"), covered)
        timeline = structure.of_roles(sentences, told, structure.TIMELINE_PARTS)
    content = Content(tuple(sentences), star, timeline, covered)
    findings = (
        *checks.check(transcript, content, reading),
        *story.judge(content, reading),
        *checks.rubric(content, question),
    )
    return dataclasses.replace(content, findings=findings if transcript.words else ())


def _with_roles(sentences: Sequence[Sentence], reading: Reading) -> tuple[Sentence, ...]:
    told = cast("list[Role]", roles.tell(reading, "star"))
    return tuple(
        dataclasses.replace(sentence, star=role)
        for sentence, role in zip(sentences, told, strict=True)
    )
