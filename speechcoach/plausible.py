"""What every report holds to, whoever wrote it: numbers that can be, positions that are there.

A report comes back from files and from a history that may be damaged or made by hand. Types alone
are not enough: an endless duration or a filler at the billionth word would take a command down.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from speechcoach.data import Report

LARGEST = 1e9
"""No number in a report or a history is further from 0."""

LONGEST = 86_400.0
"""Seconds; no recording that is analysed is longer than a day."""


def flaw(plain: Any) -> str:
    """Return what cannot be in a report's plain values, "" if nothing: odd numbers, half letters.

    Not by recursion: values may be nested as deep as somebody likes.
    """
    left = [plain]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str):
            if not _is_text(value):
                return "it has half of a character in a text"
        elif isinstance(value, int | float) and not is_plausible(value):
            return f"it has the number {_said(value)}"
    return ""


def is_plausible(number: float) -> bool:
    """Tell whether a number can have been measured."""
    return abs(number) <= LARGEST  # what is no number is not


def _said(number: float) -> str:
    return f"{number}" if isinstance(number, float) else "of too many digits"


def _is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def misplaced(report: Report) -> str:
    """Return what in a report points to where nothing is, "" if nothing does."""
    if not 0 <= (report.recording.duration or 0.0) <= LONGEST:
        return f"its recording is {report.recording.duration:g} s long"
    words, sentences = len(report.transcript.words), len(report.transcript.sentences)
    for first, end in _word_ranges(report):
        if not 0 <= first <= end <= words:
            return f"it names the words {first} to {end}, and has {words}"
    for place in _sentences(report):
        if not 0 <= place < sentences:
            return f"it names the sentence {place}, and has {sentences}"
    return ""


def _word_ranges(report: Report) -> Iterator[tuple[int, int]]:
    ranged = (report.transcript.sentences, report.fillers, report.possible_fillers)
    for things in ranged:
        yield from (thing.words for thing in things)


def _sentences(report: Report) -> Iterator[int]:
    rubric = report.rubric
    based = (report.structure.parts, rubric.elements, rubric.avoid)
    yield from (place for found in based for one in found.values() for place in one.sentences)
    yield from (part.best for part in report.structure.parts.values() if part.best is not None)
