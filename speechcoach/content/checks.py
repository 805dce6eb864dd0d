"""What hurts any answer, whatever its question; and what its rubric leaves to say.

Facts first (who said what where), then the opinions of ``content.toml``. A patient who could be
recognised comes before everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from speechcoach.content.opinions import Wording, opinions
from speechcoach.content.places import quote, span_of, spans_of, words_of
from speechcoach.content.reading import Reading
from speechcoach.data import Content, Finding, Question, Sentence, Span, Transcript, WordRange


class Said(NamedTuple):
    """A turn of phrase that was found, and its words."""

    text: str
    words: WordRange


def check(transcript: Transcript, content: Content, reading: Reading) -> Iterator[Finding]:
    """Yield what the checks for every answer find, patients' identifiers first."""
    sentences = content.sentences
    if not sentences:
        return
    ordered = sorted(opinions().wording, key=lambda wording: wording.level != "work")
    for wording in ordered:
        yield from _wording(wording, transcript, sentences)
    yield from _late_opening(content, reading)
    yield from _rambling(sentences, reading)
    yield from _hedging(transcript, sentences)


def find(wording: Wording, sentences: Sequence[Sentence]) -> list[Said]:
    """Return the turns of phrase of a check, in order, each place once."""
    if wording.where == "first":
        sentences = sentences[:2]
    elif wording.where == "last":
        sentences = sentences[-1:]
    found: dict[int, Said] = {}
    for sentence in sentences:
        for pattern in wording.expressions:
            for match in pattern.finditer(sentence.text):
                where = words_of(sentence, match)
                found.setdefault(where[0], Said(match.group().strip(" ,"), where))
    return [found[start] for start in sorted(found)]


def _wording(
    wording: Wording, transcript: Transcript, sentences: Sequence[Sentence]
) -> Iterator[Finding]:
    said = find(wording, sentences)
    if len(said) < wording.fewest:
        return
    shown = ", ".join(dict.fromkeys(quote(s.text) for s in said[:3]))
    yield Finding(
        f"content.{wording.id}",
        wording.level,
        f"{wording.says[0].upper()}{wording.says[1:]}: {shown}",
        wording.advice,
        wording.source,
        tuple(span for s in said for span in span_of(transcript.words, s.words)),
    )


def _late_opening(content: Content, reading: Reading) -> Iterator[Finding]:
    """Yield a remark where a story starts only after a stretch of something else."""
    norm, words = opinions().opening, np.expm1(reading.lengths)
    roles = [sentence.star for sentence in content.sentences]
    start = next((i for i, role in enumerate(roles) if role != "none"), None)
    if not content.star.applies or start is None:
        return
    before = float(words[:start].sum())
    if before > norm.words and before > norm.share * float(words.sum()):
        yield Finding(
            "content.opening",
            "watch",
            f"The story starts after {before:.0f} words of something else",
            norm.advice,
            norm.source,
            spans_of(content.sentences[:start]),
        )


def _rambling(sentences: Sequence[Sentence], reading: Reading) -> Iterator[Finding]:
    norm = opinions().rambling
    sizes = np.expm1(reading.lengths).round()
    long = [s for s, size in zip(sentences, sizes, strict=True) if size > norm.words]
    if long:
        most = int(sizes.max())
        many = f"{len(long)} thoughts run" if len(long) > 1 else "One thought runs"
        yield Finding(
            "content.rambling",
            norm.level,
            f"{many} over {norm.words} words (the longest {most}): {quote(long[0].text)}",
            norm.advice,
            norm.source,
            spans_of(long),
        )


def _hedging(transcript: Transcript, sentences: Sequence[Sentence]) -> Iterator[Finding]:
    norm = opinions().hedging
    pattern = re.compile(norm.pattern, re.IGNORECASE)
    said = [
        Said(match.group().lower(), words_of(sentence, match))
        for sentence in sentences
        for match in pattern.finditer(sentence.text)
    ]
    minutes = _minutes(transcript, sentences)
    if len(said) < norm.fewest or len(said) <= norm.watch * minutes:
        return
    shown = ", ".join(f"“{text}”" for text in list(dict.fromkeys(s.text for s in said))[:4])
    spans: tuple[Span, ...] = tuple(x for s in said for x in span_of(transcript.words, s.words))
    yield Finding(
        "content.hedging",
        "work" if len(said) > norm.work * minutes else "watch",
        f"{len(said)} softening words, {len(said) / minutes:.0f} a minute: {shown}",
        norm.advice,
        norm.source,
        spans,
    )


def _minutes(transcript: Transcript, sentences: Sequence[Sentence]) -> float:
    """Return how long the answer took, by its words where there are no times."""
    start, end = sentences[0].start, sentences[-1].end
    if start is not None and end is not None and end > start:
        return (end - start) / 60
    return len(transcript.words) / opinions().hedging.words_per_minute


def rubric(content: Content, question: Question | None) -> Iterator[Finding]:
    """Yield what the answer should have avoided, then what of its rubric was not heard."""
    if question is None or not content.sentences:
        return
    norm = opinions().rubric
    for element in question.avoid:
        flagged = content.rubric.avoid[element.id]
        if flagged.flagged:
            shown = [content.sentences[i] for i in flagged.sentences]
            yield Finding(
                f"avoid.{element.id}",
                "work",
                f"{quote(shown[0].text)} may be heard like this: {element.meaning.rstrip('.')}",
                norm.avoid,
                norm.rubric_source,
                spans_of(shown),
            )
    yield from _not_heard(content, question)


def _not_heard(content: Content, question: Question) -> Iterator[Finding]:
    """Yield one remark for the missing elements: the first by its meaning, the rest by number."""
    norm = opinions().rubric
    said = {name for name, part in content.timeline.parts.items() if not part.covered}
    missing = [
        element
        for element in question.elements
        if not content.rubric.elements[element.id].covered and element.id not in said
    ]
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        yield Finding(
            f"element.{missing[0].id}",
            "watch",
            f"Not heard: {missing[0].meaning.rstrip('.')}{more}",
            norm.missing,
            norm.rubric_source,
        )
