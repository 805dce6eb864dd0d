"""The live line: how long, how loud, which keys. Facts only, nothing about the speech."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from speechcoach.quantities import clock

QUIETEST = -60.0  # dB; where the level meter begins
CELLS = 12
NEAR = 15.0
"""Seconds before an end from which it is announced (our guess)."""

TAKE_KEYS = "Enter stops, space pauses, q discards"
PAUSE_KEYS = "space goes on, Enter stops, q discards"


@dataclass(frozen=True)
class Status:
    """What the line shows of a take.

    `window` is the question's, in seconds; `limit` where the take ends by itself; `level` in dB,
    None for digital silence; `problem` something to look at now.
    """

    seconds: float
    level: float | None
    paused: bool = False
    window: tuple[float, float] | None = None
    limit: float | None = None
    problem: str = ""


def line(status: Status, width: int) -> str:
    """Return the fullest form of the line that fits into `width` columns."""
    return fullest(_forms(status), width)


def fullest(forms: Iterator[str], width: int) -> str:
    """Return the first form that fits, else the start of the last."""
    form = ""
    for form in forms:
        if len(form) <= width:
            return form
    return form[: max(width, 0)]


def level_bar(level: float | None) -> str:
    """Return a bar from silence to full scale."""
    share = 0.0 if level is None else (level - QUIETEST) / -QUIETEST
    full = round(CELLS * min(max(share, 0.0), 1.0))
    return f"[{'#' * full}{'.' * (CELLS - full)}]"


def _forms(status: Status) -> Iterator[str]:
    state = "Paused" if status.paused else "Recording"
    time, aim, bar = clock(status.seconds), _aim(status), level_bar(status.level)
    remark = _remark(status)
    keys = PAUSE_KEYS if status.paused else TAKE_KEYS
    yield _joined(state, f"{time}{aim}", bar, remark, keys)
    yield _joined(state, f"{time}{aim}", bar, remark, "Enter stops")
    yield _joined(state, f"{time}{aim}", bar, remark)
    yield _joined(state, time, bar, remark)
    yield _joined(state, time, remark)
    yield _joined(state, time)
    yield time


def _joined(*parts: str) -> str:
    return "  ".join(filter(None, parts))


def _aim(status: Status) -> str:
    if status.window is None:
        return ""
    low, high = map(clock, status.window)
    return f" (aim {low} to {high})"


def _remark(status: Status) -> str:
    """Return what is worth a look: a dead microphone before an end, an end before a length."""
    if status.problem:
        return status.problem
    left = None if status.limit is None else status.limit - status.seconds
    if left is not None and left <= NEAR:
        return f"ends in {max(left, 0):.0f} s"
    if status.window is None:
        return ""
    left = status.window[1] - status.seconds
    if left > NEAR:
        return ""
    return f"{left:.0f} s left" if left > 0 else f"{clock(-left)} over"
