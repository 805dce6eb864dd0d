"""Time stamps as programs write them: ``[00:01.000 --> 00:04.000]``, ``(0:12)``, ``1:02:03``.

A stamp with an arrow or in square brackets is one wherever it stands at the start of a line. A bare
time may as well be what somebody says ("10:30 was too late"): see `credible`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

_CLOCK = r"(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]{1,3}|[:;][0-9]{2})?"
_ARROW = r"\s{0,9}(?:[-–—=]{1,2}(?:>|&gt;)|→)\s{0,9}"
_DASH = r"\s{0,9}(?:-{1,2}|–|—|to)\s{0,9}"
_TIMES = re.compile(
    rf"(?P<start>{_CLOCK})(?:(?P<join>{_ARROW}|{_DASH})(?P<end>{_CLOCK}))?"
    r"(?P<wall>\s?[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_SECONDS = re.compile(
    rf"(?P<start>[0-9]{{1,6}}(?:\.[0-9]+)?)s?(?P<join>{_ARROW})(?P<end>[0-9]{{1,6}}(?:\.[0-9]+)?)s"
)
_CLOSING = {"[": "]", "(": ")", "<": ">"}
_AFTER = frozenset(" \t\u00a0:-–—|>")
_INSIDE = re.compile(rf"\[\s?{_CLOCK}\s?\]|\(\s?[0-9]{{1,3}}:[0-9]{{2}}:[0-9]{{2}}\s?\)")

FIRST_MINUTE = 60.0  # seconds; bare times that begin below are stamps: nobody says "0:05"
ROUND = 5  # times of the day that people write are mostly whole five minutes


@dataclass(frozen=True)
class Stamp:
    """A stamp that was read: its times in seconds, and where in the line it ends.

    `sure` tells one that cannot be anything else. A time of the day without seconds ("10:30 AM")
    has no `start`: it is too coarse.
    """

    start: float | None
    end: float | None
    sure: bool
    stop: int


def seconds(clock: str) -> float | None:
    """Return the seconds of ``1:02:03.5``, None where it is no time; frames are left out."""
    parts = re.split(r"[:;]", clock.replace(",", "."))
    if len(parts) == 4:  # hours, minutes, seconds and a count of frames
        parts = parts[:3]
    numbers = [float(part) for part in parts]
    if numbers[-1] >= 60 or (len(numbers) == 3 and numbers[1] >= 60):
        return None
    total = 0.0
    for number in numbers:
        total = 60 * total + number
    return total


def read(line: str, at: int = 0) -> Stamp | None:
    """Return the stamp that stands in `line` at position `at`, None if none does."""
    opening = line[at : at + 1]
    closing = _CLOSING.get(opening, "")
    found = _body(line, at + 1 if closing else at)
    if found is None:
        return None
    stop = found.end()
    if closing:
        rest = line[stop:]
        inside = len(rest) - len(rest.lstrip(" "))
        if rest[inside : inside + 1] != closing:
            return None
        stop += inside + 1
    elif line[stop : stop + 1] and line[stop] not in _AFTER:
        return None
    return _stamp(found, opening, stop)


def _body(line: str, at: int) -> re.Match[str] | None:
    while line[at : at + 1] == " ":
        at += 1
    return _SECONDS.match(line, at) or _TIMES.match(line, at)


def _stamp(found: re.Match[str], opening: str, stop: int) -> Stamp | None:
    arrow = bool(found["join"]) and found["join"].strip()[-1:] in (">", "→", ";")
    if found["join"] and not arrow and opening not in _CLOSING:
        return None  # "10:30 - 11:15" is said of a meeting
    times = [_value(found, name) for name in ("start", "end") if found[name]]
    if None in times:
        return None
    start, end = times[0], times[1] if len(times) > 1 else None
    if found.re is _TIMES and found["wall"]:
        start = end = None
    if start is not None and end is not None and end < start:
        end = None
    return Stamp(start, end, arrow or opening == "[", stop)


def _value(found: re.Match[str], name: str) -> float | None:
    return float(found[name]) if found.re is _SECONDS else seconds(found[name])


def inside(text: str) -> list[tuple[int, int]]:
    """Return where stamps in brackets stand within a text, as positions ``[first, end)``."""
    return [match.span() for match in _INSIDE.finditer(text)]


def credible(times: Sequence[float], lines: int) -> bool:
    """Tell whether bare times at the starts of lines are stamps rather than what was said.

    There must be two at least, none before the one above it. They are stamps where they begin
    within the first minute; else three at least must stand at half of the `lines`, and not all of
    them end in 0 or 5, as times of the day do.
    """
    if len(times) < 2 or any(later < sooner for sooner, later in itertools.pairwise(times)):
        return False
    if times[0] < FIRST_MINUTE:
        return True
    odd = any(time % ROUND for time in times)
    return odd and len(times) > 2 and 2 * len(times) >= lines
