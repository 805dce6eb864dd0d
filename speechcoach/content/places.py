"""Where in an answer something was said: characters to words, words to times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from speechcoach.data import Sentence, Span, Word, WordRange


def words_of(sentence: Sentence, found: re.Match[str]) -> WordRange:
    """Return the words of a sentence that a match in its text touches."""
    first = sentence.words[0]
    start = sentence.text.count(" ", 0, found.start() + len(_leading(found.group())))
    end = sentence.text.count(" ", 0, found.start() + len(found.group().rstrip()))
    return first + start, first + end + 1


def _leading(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def span_of(words: Sequence[Word], where: WordRange) -> tuple[Span, ...]:
    """Return the time of some words; nothing where they have no times."""
    start, end = words[where[0]].start, words[where[1] - 1].end
    return (Span(start, end),) if start is not None and end is not None else ()


def spans_of(sentences: Iterable[Sentence]) -> tuple[Span, ...]:
    """Return the times of sentences; nothing for those that have none."""
    return tuple(
        Span(s.start, s.end) for s in sentences if s.start is not None and s.end is not None
    )


def quote(text: str, most: int = 12) -> str:
    """Return a sentence in quotation marks, cut after so many words."""
    words = text.split()
    shown = " ".join(words[:most]).rstrip(",;")
    return f"“{shown}…”" if len(words) > most else f"“{shown}”"
