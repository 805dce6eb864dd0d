"""What is followed over time, and which way is better: the norms decide."""

from __future__ import annotations

import math
from dataclasses import dataclass

from speechcoach.judging.norms import Band, Norms
from speechcoach.registry import unknown

SCORES = {"overall": "overall score", "structure": "structure score", "content": "content score"}
BEST: Band = (100.0, math.inf)


@dataclass(frozen=True)
class Measure:
    """One number of a report. `good` is its norm's band, None where no direction is better."""

    name: str
    label: str
    good: Band | None

    def beyond(self, value: float) -> float:
        """Return how far `value` lies above (+) or below (-) the good band; 0 inside."""
        if self.good is None:
            return 0.0
        return max(value - self.good[1], 0.0) - max(self.good[0] - value, 0.0)

    def towards(self, value: float) -> int:
        """Return which way is better for someone at `value`: 1 up, -1 down, 0 neither."""
        beyond = self.beyond(value)
        return (beyond < 0) - (beyond > 0)


def measures(norms: Norms) -> dict[str, Measure]:
    """Return everything that is followed, by name: scores, then measurements with a norm."""
    scores = [Measure(f"score.{name}", label, BEST) for name, label in SCORES.items()]
    normed = [Measure(norm.metric, norm.label, norm.good) for norm in norms.norm]
    length = [Measure("speaking_time", "speaking time", None)]
    return {measure.name: measure for measure in (*scores, *length, *normed)}


def chosen(known: dict[str, Measure], name: str | None) -> dict[str, Measure]:
    """Return the measure called `name` alone (a score's name will do), or all.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    if name is None:
        return known
    full = name if name in known else f"score.{name}"
    if full not in known:
        raise unknown("measure", name, known)
    return {full: known[full]}
