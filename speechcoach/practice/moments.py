"""Moments of a take that are worth hearing again."""

from __future__ import annotations

from dataclasses import dataclass

from speechcoach.data import Report

LEAD = 1.5
"""Seconds to begin before a moment, so that it is heard in its sentence (our guess)."""

LONGEST = 3  # how many pauses are among the moments


@dataclass(frozen=True)
class Moment:
    """A place in a take, seconds from its start, and what is there."""

    start: float
    what: str


def moments(report: Report) -> tuple[Moment, ...]:
    """Return every filler and the longest pauses, in order of time."""
    fillers = [Moment(f.start, f.text) for f in report.fillers if f.start is not None]
    longest = sorted(report.pauses, key=lambda pause: pause.start - pause.end)[:LONGEST]
    pauses = [Moment(p.start, f"pause of {p.end - p.start:.1f} s") for p in longest]
    return tuple(sorted([*fillers, *pauses], key=lambda moment: moment.start))


def start_of(told: str, among: tuple[Moment, ...]) -> float | None:
    """Return where to begin playing, in seconds; None if what was told is no place.

    A place is a moment's number or a time such as 0:42 or 42s; nothing told is the start.
    """
    told = told.strip()
    if not told:
        return 0.0
    if told.isdecimal():
        return max(among[int(told) - 1].start - LEAD, 0.0) if 0 < int(told) <= len(among) else None
    return _time(told)


def _time(told: str) -> float | None:
    minutes, colon, seconds = told.removesuffix("s").rpartition(":")
    try:
        return 60 * int(minutes) + float(seconds) if colon else float(seconds)
    except ValueError:
        return None
