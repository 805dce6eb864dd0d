"""How numbers are said: one way for every face of the product."""

from __future__ import annotations

import math

_SAID = {  # unit of a measurement: (scale, decimals, how it reads)
    "s": (1, 1, "s"),
    "ratio": (100, 0, "%"),
    "words/min": (1, 0, "words/min"),
    "syllables/s": (1, 1, "syllables/s"),
    "1/min": (1, 1, "a minute"),
    "semitones": (1, 1, "semitones"),
    "dB": (1, 1, "dB"),
    "count": (1, 0, ""),
    "words": (1, 0, "words"),
    "1/100 words": (1, 1, "per 100 words"),
    "points": (1, 0, ""),
}


def _said(unit: str) -> tuple[int, int, str]:
    return _SAID.get(unit, (1, 2, unit))


def clock(seconds: float) -> str:
    """Return a place or length in time as minutes and seconds: 102.4 is ``1:42``."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def number(value: float, unit: str) -> str:
    """Return the number alone, in the scale and precision of its unit."""
    scale, decimals, _ = _said(unit)
    return f"{round(scale * value, decimals) + 0.0:.{decimals}f}"  # + 0.0: there is no minus 0


def cell(value: float | None, unit: str) -> str:
    """Return the number alone as it stands in a table, a dash where it is not known."""
    return "–" if value is None else number(value, unit)


def named(label: str, unit: str) -> str:
    """Return what the numbers of a table are: "fillers, a minute"."""
    name = _said(unit)[2]
    return f"{label}, {name}" if name else label


def as_said(value: float, unit: str) -> float:
    """Return the value as its number is said, so that what is judged is what is read."""
    scale, decimals, _ = _said(unit)
    return round(scale * value, decimals) / scale


def quantity(value: float | None, unit: str) -> str:
    """Return a measurement as a person reads it; None is said as "unknown"."""
    if value is None:
        return "unknown"
    name = _said(unit)[2]
    glue = "" if name == "%" else " "
    return f"{number(value, unit)}{glue}{name}".rstrip()


def band(good: tuple[float, float], unit: str) -> str:
    """Return a band in words, in the scale of its unit: "110 to 180", "up to 5", "8 to 32%"."""
    low, high = (number(edge, unit).removesuffix(".0") for edge in good)
    percent = "%" if unit == "ratio" else ""
    if math.isinf(good[1]):
        return f"{low}{percent} or more"
    return f"up to {high}{percent}" if good[0] <= 0 else f"{low} to {high}{percent}"
