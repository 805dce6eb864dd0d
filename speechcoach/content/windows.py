"""An answer laid out for the encoder, in as many windows as it takes.

::

    [CLS] [Q] question [SEP] [L] meaning [L] meaning ... [SEP] [S] sentence [S] sentence ... [SEP]

The meanings that are looked for stand beside the question, and every sentence is read with them
and with its neighbours in view. A window that is not the first begins with up to two sentences of
the one before; they are there to be seen, and judged where they stood first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from speechcoach.content.encoder import MOST
from speechcoach.content.wordpieces import numbers

Place = tuple[int, int]

CLS, SEP = 101, 102
L, S, Q = 2, 3, 4  # [unused1], [unused2] and [unused3] in the vocabulary
TEXT = 160  # wordpieces of a question or a meaning that are read; training saw no more
SENTENCE = 140  # and of a sentence
HEAD = 256  # wordpieces before the sentences; more meanings than that take turns
SEEN_AGAIN = 2  # sentences of the window before
ANSWER, QUESTION = 220, 150  # wordpieces of an answer and of a question that stand alone


class Window(NamedTuple):
    """What the encoder reads at once: `numbers`, and where in them what stands, end excluded.

    `labels` are the places of the meanings, `sentences` of the sentences judged here, of which
    the first is number `first` of the answer.
    """

    numbers: list[int]
    question: Place
    labels: list[Place]
    sentences: list[Place]
    first: int


def windows(question: str, labels: Sequence[str], sentences: Sequence[str]) -> Iterator[Window]:
    """Yield the windows in which each sentence is judged once, by all of the labels."""
    head, places = _head(question, labels)
    asked = (1, places[0][0] if places else len(head))
    read = [[S, *numbers(text)[:SENTENCE]] for text in sentences]
    room = MOST - len(head) - 1
    first = 0
    while first < len(read):
        before = _seen_again(read, first, room)
        end, size = first, sum(map(len, read[before:first]))
        while end < len(read) and size + len(read[end]) <= room:
            size += len(read[end])
            end += 1
        row, found = list(head), []
        for sentence in read[before:end]:
            found.append((len(row), len(row) + len(sentence)))
            row += sentence
        yield Window([*row, SEP], asked, places, found[first - before :], first)
        first = end


def _head(question: str, labels: Sequence[str]) -> tuple[list[int], list[Place]]:
    asked = [CLS, Q, *numbers(question)[:TEXT], SEP]
    meanings = [[L, *numbers(text)[:TEXT]] for text in labels]
    edges = [len(asked)]
    for meaning in meanings:
        edges.append(edges[-1] + len(meaning))
    return [*asked, *(n for meaning in meanings for n in meaning), SEP], list(pairwise(edges))


def _seen_again(read: Sequence[Sequence[int]], first: int, room: int) -> int:
    """Return from which sentence on those before `first` are shown: what fits beside it."""
    most = min(room // 3, room - len(read[first]))
    start, size = first, 0
    while start > max(0, first - SEEN_AGAIN) and size + len(read[start - 1]) <= most:
        start -= 1
        size += len(read[start])
    return start


def turns(question: str, labels: Sequence[str]) -> Iterator[slice]:
    """Yield which labels are looked for together: as many as leave room for the sentences."""
    spent = 4 + len(numbers(question)[:TEXT])
    start, size = 0, spent
    for i, label in enumerate(labels):
        length = 1 + len(numbers(label)[:TEXT])
        if i > start and size + length > HEAD:
            yield slice(start, i)
            start, size = i, spent
        size += length
    yield slice(start, len(labels))


def alone(sentences: Sequence[str]) -> list[int]:
    """Return the beginning of an answer by itself."""
    row = [CLS]
    for text in sentences:
        if len(row) > ANSWER:
            break
        row += [S, *numbers(text)[:SENTENCE]]
    return [*row[:ANSWER], SEP]


def described(question: str, labels: Sequence[str]) -> list[int]:
    """Return a question by itself, with what is looked for."""
    row = [CLS, Q, *numbers(question)[:TEXT], SEP]
    for label in labels:
        row += [L, *numbers(label)[:TEXT]]
    return [*row[:QUESTION], SEP]
