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
}


def clock(seconds: float) -> str:
    """Return a place or length in time as minutes and seconds: 102.4 is ``1:42``."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def number(value: float, unit: str) -> str:
    """Return the number alone, in the scale and precision of its unit."""
    scale, decimals, _ = _SAID.get(unit, (1, 2, unit))
    return f"{scale * value:.{decimals}f}"


def as_said(value: float, unit: str) -> float:
    """Return the value as its number is said, so that what is judged is what is read."""
    scale, decimals, _ = _SAID.get(unit, (1, 2, unit))
    return round(scale * value, decimals) / scale


def quantity(value: float | None, unit: str) -> str:
    """Return a measurement as a person reads it; None is said as "unknown"."""
    if value is None:
        return "unknown"
    name = _SAID.get(unit, (1, 2, unit))[2]
    glue = "" if name == "%" else " "
    return f"{number(value, unit)}{glue}{name}".rstrip()


def band(good: tuple[float, float], unit: str) -> str:
    """Return a band in words, in the scale of its unit: "110 to 180", "up to 5", "8 to 32%"."""
    low, high = (number(edge, unit).removesuffix(".0") for edge in good)
    percent = "%" if unit == "ratio" else ""
    if math.isinf(good[1]):
        return f"{low}{percent} or more"
    return f"up to {high}{percent}" if good[0] <= 0 else f"{low} to {high}{percent}"
