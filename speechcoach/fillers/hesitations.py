"""From the head's evidence to stretches of time: where somebody says "um"."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import resources

import msgspec
import numpy as np
from numpy.typing import NDArray

from speechcoach.data import Frames
from speechcoach.fillers.head import Evidence
from speechcoach.fillers.listener import STEP

FILE_NAME = "filled_pauses.toml"
_SMOOTHING = 3  # frames of evidence that are averaged: 72 ms, half the shortest "uh"


@dataclass(frozen=True)
class Criteria:
    """What counts as a filled pause; see filled_pauses.toml for units and reasons."""

    sure: float
    possible: float
    edge: float
    shortest: float
    longest: float
    merge: float
    slope: float
    offset: float

    def confidence(self, odds: float) -> float:
        """Return the probability that a stretch with that evidence is a filled pause."""
        return 1 / (1 + math.exp(-min(50.0, max(-50.0, self.slope * odds + self.offset))))


@dataclass(frozen=True)
class Hesitation:
    """A stretch that sounds like `text` ("um" or "uh"); `odds` is its clearest evidence."""

    start: float
    end: float
    text: str
    odds: float


@functools.cache
def load_criteria() -> Criteria:
    """Return the criteria that come with the package."""
    text = resources.files(__package__).joinpath(FILE_NAME).read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Criteria)


def hesitations(evidence: Evidence, frames: Frames, criteria: Criteria) -> tuple[Hesitation, ...]:
    """Return the stretches that may be filled pauses, in order of time, without overlap."""
    if evidence.times.size == 0:
        return ()
    odds = smooth(evidence.odds)
    kept: list[Hesitation] = []
    for part in _joined(_stretches(evidence, odds, criteria), criteria.merge):
        trimmed = _trimmed(part, frames)
        if criteria.shortest <= trimmed.end - trimmed.start <= criteria.longest:
            kept.append(trimmed)
    return tuple(kept)


def smooth(values: NDArray[np.float64], width: int = _SMOOTHING) -> NDArray[np.float64]:
    """Return the running mean of `values` over `width` (odd) of them, the ends repeated."""
    padded = np.pad(values, width // 2, mode="edge")
    return np.convolve(padded, np.full(width, 1 / width), "valid")


def _stretches(
    evidence: Evidence, odds: NDArray[np.float64], criteria: Criteria
) -> Iterator[Hesitation]:
    """Yield the runs of evidence that come clear of the threshold, down to the edge below it."""
    for first, last in runs(odds > criteria.possible - criteria.edge):
        peak = float(odds[first:last].max())
        if peak < criteria.possible:
            continue
        if peak >= criteria.sure:  # a clear one ends where it is no longer clear
            above = np.flatnonzero(odds[first:last] > criteria.sure - criteria.edge)
            first, last = first + int(above[0]), first + int(above[-1]) + 1
        nasal = evidence.nasal[first:last][odds[first:last] > criteria.possible]
        yield Hesitation(
            float(evidence.times[first]) - STEP / 2,
            float(evidence.times[last - 1]) + STEP / 2,
            "um" if nasal.mean() > 0 else "uh",
            peak,
        )


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the ranges (first, end) where `mask` is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _joined(parts: Iterable[Hesitation], gap: float) -> list[Hesitation]:
    """Return `parts`, those less than `gap` seconds apart made one: "uh" and "um" are one "um"."""
    joined: list[Hesitation] = []
    for part in parts:
        if joined and part.start - joined[-1].end < gap:
            before = joined[-1]
            text = "um" if "um" in (before.text, part.text) else "uh"
            odds = max(before.odds, part.odds)
            joined[-1] = Hesitation(before.start, part.end, text, odds)
        else:
            joined.append(part)
    return joined


_AUDIBLE = 20.0  # dB below the loudest frame of a hesitation; what is softer is no part of it


def _trimmed(part: Hesitation, frames: Frames) -> Hesitation:
    """Return `part` without the silence at its ends."""
    first = max(0, round(part.start / frames.hop))
    level = frames.level[first : round(part.end / frames.hop) + 1]
    if level.size == 0:
        return part
    loud = np.flatnonzero(level > level.max() - _AUDIBLE)
    start, end = (first + int(loud[0])) * frames.hop, (first + int(loud[-1])) * frames.hop
    return replace(part, start=max(part.start, start), end=min(part.end, max(end, start)))
