"""Cutting a transcript into sentences, punctuated or not; and where in them something was said.

A line break of the source ends a sentence, a full stop does too. Recognisers that write neither
get their sentences from pauses, from the words that open a clause, and from length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from speechcoach.data import Sentence, Span, Word, WordRange
from speechcoach.punctuation import ends_sentence
from speechcoach.spelling import plain

_OPENER = re.compile("and|so|but|then|because|afterwards|eventually|finally|however|anyway")
_SUBJECT = re.compile("(?:i|we|he|she|they|it|there|my|our|that|this|what|when)(?:['’].*)?")
_HESITATION = re.compile("u[mh]+|er+|h?mm+")

UNPUNCTUATED = (
    45  # mean words between end marks above which they are taken to be missing; our guess
)
LONG = 24  # words: an unpunctuated run longer than this is cut further where it can be; our guess
SHORTEST = 5  # words on either side of a cut that no full stop asks for; our guess
CLAUSE_PAUSE = 0.35  # seconds of silence between words that suggest a clause end; our guess
SENTENCE_PAUSE = 0.8  # seconds of silence that end a sentence by themselves; our guess


def bare(text: str) -> str:
    """Return a word in its plain spelling, lower case, without the punctuation around it."""
    return plain(text).lower().strip("\"'“”.,;:?!()[]-–—")


def split(words: Sequence[Word], breaks: frozenset[int] = frozenset()) -> tuple[Sentence, ...]:
    """Return the sentences of a transcript, in order, that together hold every word once.

    Parameters
    ----------
    words : sequence of Word
        The transcript; times may be missing.
    breaks : frozenset of int
        Positions of words at which a sentence must start, such as the line starts of a text.
    """
    stretches = list(_marked(words, breaks))
    if len(words) > UNPUNCTUATED * len(stretches):
        stretches = [piece for stretch in stretches for piece in _cut(words, *stretch)]
    return tuple(_sentence(words, first, end) for first, end in stretches)


def _sentence(words: Sequence[Word], first: int, end: int) -> Sentence:
    text = " ".join(word.text for word in words[first:end])
    return Sentence((first, end), words[first].start, words[end - 1].end, text)


def _marked(words: Sequence[Word], breaks: frozenset[int]) -> Iterator[WordRange]:
    """Yield the stretches between line breaks and end marks."""
    first = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or i in breaks or ends_sentence(words[i - 1].text, words[i].text):
            yield first, i
            first = i


def _cut(words: Sequence[Word], first: int, end: int) -> Iterator[WordRange]:
    """Yield a run without end marks, cut at its strongest places until nothing long is left."""
    places = range(first + SHORTEST, end - SHORTEST + 1)
    best = max(places, key=lambda i: _strength(words, first, i, end), default=first)
    strength = _strength(words, first, best, end) if best > first else 0.0
    if strength >= 2.0 or (end - first > LONG and strength > 0.0):
        yield from _cut(words, first, best)
        yield from _cut(words, best, end)
    else:
        yield first, end


def _strength(words: Sequence[Word], first: int, i: int, end: int) -> float:
    """Return how much speaks for a sentence that starts at word `i`; 0 where nothing does."""
    pause = _pause(words[i - 1], words[i])
    strength = 2.0 if pause >= SENTENCE_PAUSE else 1.0 if pause >= CLAUSE_PAUSE else 0.0
    if _opens_clause(words, i):
        strength += 1.0
    if strength and words[i - 1].text.endswith((",", ";", ":")):
        strength += 0.25
    middle = min(i - first, end - i) / (end - first)  # 0..0.5: even halves, all else equal
    return strength + middle if strength else 0.0


def _pause(before: Word, after: Word) -> float:
    if before.end is None or after.start is None:
        return 0.0
    return after.start - before.end


def _opens_clause(words: Sequence[Word], i: int) -> bool:
    """Return whether a conjunction at `i` starts a clause: "and then", "so um I", "but the"."""
    if not _OPENER.fullmatch(bare(words[i].text)):
        return False
    following = [bare(word.text) for word in words[i + 1 : i + 4]]
    spoken = next((word for word in following if not _HESITATION.fullmatch(word)), "")
    return bool(_SUBJECT.fullmatch(spoken) or _OPENER.fullmatch(spoken))


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
