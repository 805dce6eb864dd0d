"""Two takes side by side: numbers, elements, fillers, and whether the wording is the same again."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from speechcoach.content.sentences import bare
from speechcoach.data import Report
from speechcoach.judging.norms import Norms, load_norms
from speechcoach.progress.measures import measures
from speechcoach.progress.takes import same_recogniser

RUN = 4  # words in a row that two takes share by wording, rather than by chance: our guess
RECITED = 0.6  # share of words in such runs from which wording counts as the same: our guess


@dataclass(frozen=True)
class Pair:
    """One measure of both takes; None where a take cannot say."""

    name: str
    label: str
    unit: str
    first: float | None
    second: float | None

    @property
    def difference(self) -> float | None:
        """Second less first."""
        if self.first is None or self.second is None:
            return None
        return self.second - self.first


@dataclass(frozen=True)
class Comparison:
    """What two takes have and have not in common.

    `gained` and `lost` are parts of the structure and elements of the rubric; `faults` and
    `mended` things to avoid, that are new or gone. `fillers` are counts by word, first and second.
    `wording` is the share, 0..1, of the words that both takes say in the same runs; `unlike` says
    why the two cannot quite be compared, empty if they can.
    """

    pairs: tuple[Pair, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    faults: tuple[str, ...]
    mended: tuple[str, ...]
    fillers: Mapping[str, tuple[int, int]]
    wording: float | None
    unlike: str

    @property
    def recited(self) -> bool:
        """Whether the wording is the same again."""
        return self.wording is not None and self.wording >= RECITED


def compare(first: Report, second: Report, norms: Norms | None = None) -> Comparison:
    """Return what changed from `first` to `second`, in what the `norms` follow."""
    covered, covers = _covered(first), _covered(second)
    flagged, flags = _flagged(first), _flagged(second)
    return Comparison(
        _pairs(first, second, norms or load_norms()),
        gained=tuple(name for name in covers if name not in covered),
        lost=tuple(name for name in covered if name not in covers),
        faults=tuple(name for name in flags if name not in flagged),
        mended=tuple(name for name in flagged if name not in flags),
        fillers=_fillers(first, second),
        wording=same_wording(_words(first), _words(second)),
        unlike=_unlike(first, second),
    )


def same_wording(first: list[str], second: list[str]) -> float | None:
    """Return the share of words, 0..1, in runs of `RUN` or more that both have in the same order.

    None where either has fewer words than a run.
    """
    if min(len(first), len(second)) < RUN:
        return None
    blocks = difflib.SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in blocks if block.size >= RUN)
    return 2 * shared / (len(first) + len(second))


def _words(report: Report) -> list[str]:
    """Return the words as they count for wording: fillers and punctuation left out."""
    fillers = {place for filler in report.fillers for place in range(*filler.words)}
    words = (w for place, w in enumerate(report.transcript.words) if place not in fillers)
    return [text for word in words if (text := bare(word.text))]


def _pairs(first: Report, second: Report, norms: Norms) -> tuple[Pair, ...]:
    found = []
    for measure in measures(norms).values():
        (a, unit), (b, same) = _value(first, measure.name), _value(second, measure.name)
        if a is not None or b is not None:
            found.append(Pair(measure.name, measure.label, unit or same, a, b))
    return tuple(found)


def _value(report: Report, name: str) -> tuple[float | None, str]:
    if name.startswith("score."):
        return report.scores.get(name.removeprefix("score.")), "points"
    measured = report.measurements.get(name)
    return (measured.value, measured.unit) if measured else (None, "")


def _covered(report: Report) -> list[str]:
    parts = [name for name, part in report.structure.parts.items() if part.covered]
    return parts + [name for name, found in report.rubric.elements.items() if found.covered]


def _flagged(report: Report) -> list[str]:
    return [name for name, found in report.rubric.avoid.items() if found.flagged]


def _fillers(first: Report, second: Report) -> dict[str, tuple[int, int]]:
    before, after = (Counter(f.text for f in report.fillers) for report in (first, second))
    return {word: (before[word], after[word]) for word, _ in (before + after).most_common()}


def _unlike(first: Report, second: Report) -> str:
    """Return why the two cannot quite be compared, empty if they can."""
    unlike = []
    if first.question != second.question:
        unlike.append("they answer different questions")
    if first.rules != second.rules:
        unlike.append("they were judged by different rules ('speechcoach history rescore')")
    same = not (first.engine and second.engine) or same_recogniser(first.engine, second.engine)
    if not same or first.recording.kind != second.recording.kind:
        unlike.append("their words come from different recognisers")
    return "; ".join(unlike)
