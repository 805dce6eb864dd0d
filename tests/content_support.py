"""Answers as text in, judged content out; and times for words where a test needs them."""

from __future__ import annotations

from speechcoach.content import assess, split
from speechcoach.data import Content, Element, Finding, Question, QuestionKind, Transcript, Word


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


def judge(text: str, question: Question | None, *, seconds_a_word: float | None = None) -> Content:
    return assess(transcript(text, seconds_a_word=seconds_a_word), question)


def question(kind: QuestionKind = "open", **parts: tuple[Element, ...]) -> Question:
    return Question("own", "own", "A question?", kind, (60, 120), **parts)


def about(content: Content, name: str) -> list[Finding]:
    return [finding for finding in content.findings if finding.about == name]
