"""The one call: a transcript and its question in, everything about the content out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from speechcoach.content import checks, judge, off_question, rubric, story, structure
from speechcoach.content.opinions import Opinions, opinions
from speechcoach.content.reading import Reader, Reading
from speechcoach.content.sentences import split
from speechcoach.content.wording import Wording, worded
from speechcoach.data import Content, Finding, Form, Question, Structure, Transcript


def assess(
    transcript: Transcript,
    question: Question | None = None,
    form: Form | None = None,
    norms: Opinions | None = None,
    reader: Reader = judge.read,
    others: Sequence[Question] = (),
) -> Content:
    """Return what an answer says, judged by its question's form and rubric.

    Without a question only the checks that hold for every answer are made; without words nothing
    is found, and nothing is missing.

    Parameters
    ----------
    form : Form, optional
        The form that the question asks for.
    norms : Opinions, optional
        The general ones unless a guide has its own.
    reader : callable
        Tells what the sentences mean.
    others : sequence of Question
        What it may be an answer to instead.
    """
    norms = norms or opinions()
    sentences = transcript.sentences or split(transcript.words)
    wording = worded(sentence.text for sentence in sentences)
    reading = reader(wording, question, form, others)
    covered = rubric.judged(reading, wording.words)
    built = Structure()
    if form:
        told = structure.agreeing(reading.parts, form, covered.elements)
        built = structure.structured(sentences, told, form, _worth(reading, wording))
    content = Content(tuple(sentences), built, covered, reading.on_question)
    if not transcript.words:
        return content
    findings = _findings(transcript, content, wording, question, form, norms)
    return dataclasses.replace(content, findings=tuple(findings))


def _worth(reading: Reading, wording: Wording) -> list[float]:
    """Return how well each sentence shows its part: how surely, fragments below all others."""
    sure = np.ones_like(wording.words) if reading.sure is None else reading.sure
    return list(np.where(wording.words > rubric.FRAGMENT, sure, sure - 1))


def _findings(
    transcript: Transcript,
    content: Content,
    wording: Wording,
    question: Question | None,
    form: Form | None,
    norms: Opinions,
) -> Iterator[Finding]:
    told = bool(form and form.story) and not content.off_question
    yield from off_question.remarks(content, norms.off_question)
    yield from checks.remarks(transcript, content, wording, norms, story=told)
    if content.off_question:
        return
    if form:
        yield from story.remarks(content, wording, form, norms.story)
    if question:
        yield from rubric.remarks(content, question, norms.rubric)


def explanation(forms: Mapping[str, Form], norms: Opinions) -> Iterator[str]:
    """Yield how the scores of structure and content are made, a paragraph an entry."""
    yield from structure.explained(forms)
    yield rubric.explained(norms.rubric)
