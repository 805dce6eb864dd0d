"""Answers as text in, judged content out; and times for words where a test needs them."""

from __future__ import annotations

from speechcoach.content import assess, opinions, split
from speechcoach.data import Content, Element, Finding, Form, Question, Transcript, Word
from speechcoach.guides import built_in

FORMS, NORMS = built_in().forms, opinions(built_in().opinions)


def transcript(text: str, *, seconds_a_word: float | None = None) -> Transcript:
    """A transcript, a sentence a line; with times, words follow one another without a pause."""
    words: list[Word] = []
    breaks = set()
    for line in text.strip().splitlines():
        breaks.add(len(words))
        for token in line.split():
            if seconds_a_word is None:
                words.append(Word(token))
            else:
                start = len(words) * seconds_a_word
                words.append(Word(token, start, start + seconds_a_word))
    sentences = split(words, frozenset(breaks))
    return Transcript(" ".join(w.text for w in words), tuple(words), sentences)


def judge(
    text: str,
    question: Question | None,
    form: Form | None = None,
    *,
    seconds_a_word: float | None = None,
) -> Content:
    """Judge an answer by a form, by default by the built-in one that the question asks for."""
    form = form or (FORMS.get(question.kind) if question else None)
    return assess(transcript(text, seconds_a_word=seconds_a_word), question, form, NORMS)


def roles(content: Content) -> list[str]:
    """The part of each sentence, "none" for one in no part."""
    told = {i: name for name, p in content.structure.parts.items() for i in p.sentences}
    return [told.get(i, "none") for i in range(len(content.sentences))]


def question(kind: str = "open", **parts: tuple[Element, ...]) -> Question:
    return Question("own", "own", "A question?", kind, (60, 120), **parts)


def about(content: Content, name: str) -> list[Finding]:
    return [finding for finding in content.findings if finding.about == name]
