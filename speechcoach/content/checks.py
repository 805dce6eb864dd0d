"""What hurts any answer, whatever its question.

Facts first (who said what where), then the opinions of ``content.toml``. A patient who could be
recognised comes before everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from speechcoach.content.opinions import Hedging, Opening, Opinions, Phrasing, Rambling
from speechcoach.content.sentences import quote, span_of, spans_of, words_of
from speechcoach.content.wording import Wording
from speechcoach.data import Content, Finding, Sentence, Span, Transcript, WordRange


class Said(NamedTuple):
    """A turn of phrase that was found, and its words."""

    text: str
    words: WordRange


def remarks(
    transcript: Transcript, content: Content, wording: Wording, norms: Opinions, *, story: bool
) -> Iterator[Finding]:
    """Yield what the checks for every answer find, patients' identifiers first.

    `story` tells whether the question asks for something that happened.
    """
    sentences = content.sentences
    ordered = sorted(norms.phrasing, key=lambda phrasing: phrasing.level != "work")
    for phrasing in ordered:
        yield from _phrasing(phrasing, transcript, sentences)
    if story:
        yield from _late_opening(content, wording, norms.opening)
    yield from _rambling(sentences, wording, norms.rambling)
    yield from _hedging(transcript, sentences, norms.hedging)


def find(phrasing: Phrasing, sentences: Sequence[Sentence]) -> list[Said]:
    """Return the turns of phrase of a check, in order, each place once."""
    if phrasing.where == "first":
        sentences = sentences[:2]
    elif phrasing.where == "last":
        sentences = sentences[-1:]
    found: dict[int, Said] = {}
    for sentence in sentences:
        for pattern in phrasing.expressions:
            for match in pattern.finditer(sentence.text):
                where = words_of(sentence, match)
                found.setdefault(where[0], Said(match.group().strip(" ,"), where))
    return [found[start] for start in sorted(found)]


def _phrasing(
    phrasing: Phrasing, transcript: Transcript, sentences: Sequence[Sentence]
) -> Iterator[Finding]:
    said = find(phrasing, sentences)
    if len(said) < phrasing.fewest:
        return
    shown = ", ".join(dict.fromkeys(quote(s.text) for s in said[:3]))
    yield Finding(
        f"content.{phrasing.id}",
        phrasing.level,
        f"{phrasing.says[0].upper()}{phrasing.says[1:]}: {shown}",
        phrasing.advice,
        phrasing.source,
        tuple(span for s in said for span in span_of(transcript.words, s.words)),
    )


def _late_opening(content: Content, wording: Wording, norm: Opening) -> Iterator[Finding]:
    """Yield a remark where a story starts only after a stretch of something else."""
    told = [i for part in content.structure.parts.values() for i in part.sentences]
    if not told:
        return
    start, words = min(told), wording.words
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


def _rambling(sentences: Sequence[Sentence], wording: Wording, norm: Rambling) -> Iterator[Finding]:
    sizes = wording.words.round()
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


def _hedging(
    transcript: Transcript, sentences: Sequence[Sentence], norm: Hedging
) -> Iterator[Finding]:
    pattern = re.compile(norm.pattern, re.IGNORECASE)
    said = [
        Said(match.group().lower(), words_of(sentence, match))
        for sentence in sentences
        for match in pattern.finditer(sentence.text)
    ]
    minutes = _minutes(transcript, sentences, norm)
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


def _minutes(transcript: Transcript, sentences: Sequence[Sentence], norm: Hedging) -> float:
    """Return how long the answer took, by its words where there are no times."""
    start, end = sentences[0].start, sentences[-1].end
    if start is not None and end is not None and end > start:
        return (end - start) / 60
    return len(transcript.words) / norm.words_per_minute
