"""From the head's evidence to stretches of time: where somebody may say "um"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from speechcoach.data import Frames, Span
from speechcoach.fillers.criteria import Candidate
from speechcoach.fillers.head import Evidence
from speechcoach.fillers.listener import STEP

_SMOOTHING = 3  # steps of evidence that are averaged: 72 ms, half the shortest "uh"
_AUDIBLE = 20.0  # dB below the loudest frame of a hesitation; what is softer is no part of it


@dataclass(frozen=True)
class Hesitation:
    """A stretch that may be `text` ("um" or "uh"); `peak` and `mean` are its log-odds."""

    start: float
    end: float
    text: str
    peak: float
    mean: float


def hesitations(evidence: Evidence, frames: Frames, criteria: Candidate) -> tuple[Hesitation, ...]:
    """Return the stretches that may be filled pauses, in order of time, without overlap."""
    if evidence.times.size == 0:
        return ()
    odds = smooth(evidence.odds)
    found = []
    for part in _joined(_stretches(evidence.times, odds, criteria), criteria.merge):
        span = _trimmed(part, frames)
        if criteria.shortest <= span.duration <= criteria.longest:
            found.append(_described(span, evidence, odds))
    return tuple(found)


def smooth(values: NDArray[np.float64], width: int = _SMOOTHING) -> NDArray[np.float64]:
    """Return the running mean of `values` over `width` (odd) of them, the ends repeated."""
    padded = np.pad(values, width // 2, mode="edge")
    return np.convolve(padded, np.full(width, 1 / width), "valid")


def _stretches(
    times: NDArray[np.float64], odds: NDArray[np.float64], criteria: Candidate
) -> Iterator[Span]:
    """Yield the runs of `odds` that come over the threshold, down to the edge below it.

    A clear one ends where it is no longer clear: its skirts are words that it is slurred into.
    """
    for first, last in runs(odds > criteria.peak - criteria.edge):
        peak = odds[first:last].max()
        if peak < criteria.peak:
            continue
        floor = min(peak, criteria.clear) - criteria.edge
        above = first + np.flatnonzero(odds[first:last] > floor)
        yield Span(float(times[above[0]]) - STEP / 2, float(times[above[-1]]) + STEP / 2)


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the ranges (first, end) where `mask` is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _joined(parts: Iterable[Span], gap: float) -> list[Span]:
    """Return `parts`, those less than `gap` seconds apart made one."""
    joined: list[Span] = []
    for part in parts:
        if joined and part.start - joined[-1].end < gap:
            joined[-1] = Span(joined[-1].start, part.end)
        else:
            joined.append(part)
    return joined


def _trimmed(part: Span, frames: Frames) -> Span:
    """Return `part` without the silence at its ends."""
    first = max(0, round(part.start / frames.hop))
    level = frames.level[first : round(part.end / frames.hop) + 1]
    if level.size == 0:
        return part
    loud = np.flatnonzero(level > level.max() - _AUDIBLE)
    start, end = (first + int(loud[0])) * frames.hop, (first + int(loud[-1])) * frames.hop
    return Span(max(0.0, part.start, start), max(start, min(part.end, end)))


def _described(span: Span, evidence: Evidence, odds: NDArray[np.float64]) -> Hesitation:
    """Return the hesitation in `span`: an "um" if its most nasal quarter is one."""
    inside = (evidence.times >= span.start) & (evidence.times <= span.end)
    if not inside.any():
        inside = np.abs(evidence.times - (span.start + span.end) / 2) <= STEP
    nasal = np.quantile(evidence.nasal[inside], 0.75)
    return Hesitation(
        span.start,
        span.end,
        "um" if nasal > 0 else "uh",
        float(odds[inside].max()),
        float(odds[inside].mean()),
    )
