"""Whether a measure has changed, beyond the speaker's own spread from take to take.

The latest takes are compared with the same number of first ones (half of all, at most
`MOST_A_SIDE`). Two tests must agree. Student's t on the two means, with the spread pooled within
the sides (Student 1908), is the most powerful unbiased test for normal takes. The exact
permutation test (Fisher 1935) asks in how many of all ways to deal these takes into two sides the
difference would be as large; it holds whatever the distribution, so counts and steps of 25 points
cannot fool the first.

Almost all of the error that is allowed goes to the change that was practised for: with no true
change, 4% of histories look better and 0.5% worse. Where several measures are looked at together,
the error is shared among them (Bonferroni), so that these are the figures of all of them together;
what would count alone, but not among them, is marked "perhaps".
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["up", "down", "perhaps up", "perhaps down", "no change yet", "too few takes"]

FEWEST_A_SIDE = 3  # with two there are 6 ways to deal them: none is rare
MOST_A_SIDE = 7  # 3,432 ways


@dataclass(frozen=True)
class Bar:
    """How much a difference must show: the error of t, one-sided, and of the permutation test."""

    error: float
    rarity: float


HOPED, UNSIDED, FEARED = Bar(0.04, 0.05), Bar(0.0225, 0.025), Bar(0.005, 0.025)


@dataclass(frozen=True)
class Change:
    """The first and the latest takes of one measure.

    `before` and `after` are means of `side` takes each, None where there are too few. `spread` is
    how far two takes in a row differ by chance: the root mean square difference, which is 1.41
    standard deviations within the sides.
    """

    verdict: Verdict
    side: int
    before: float | None = None
    after: float | None = None
    spread: float | None = None


def change(values: Sequence[float], towards: int, among: int = 1) -> Change:
    """Return how the latest of `values`, in order of time, differ from the first.

    Parameters
    ----------
    values : sequence of float
        One a take.
    towards : int
        Which way is better: 1 up, -1 down, 0 neither.
    among : int
        How many measures are looked at together.
    """
    side = min(len(values) // 2, MOST_A_SIDE)
    if side < FEWEST_A_SIDE:
        return Change("too few takes", side)
    first, latest = values[:side], values[-side:]
    before, after = statistics.fmean(first), statistics.fmean(latest)
    deviation = math.sqrt((statistics.variance(first) + statistics.variance(latest)) / 2)
    found = _verdict(first, latest, towards, among)
    return Change(found, side, before, after, math.sqrt(2) * deviation)


def _verdict(first: Sequence[float], latest: Sequence[float], towards: int, among: int) -> Verdict:
    way = 1 if statistics.fmean(latest) > statistics.fmean(first) else -1
    bar = UNSIDED if not towards else HOPED if way == towards else FEARED
    first, latest = [way * v for v in first], [way * v for v in latest]
    chance = student(first, latest)
    if chance > bar.error or rarity(first, latest) > bar.rarity:
        return "no change yet"
    if chance > bar.error / among:
        return "perhaps up" if way > 0 else "perhaps down"
    return "up" if way > 0 else "down"


def student(first: Sequence[float], latest: Sequence[float]) -> float:
    """Return how likely the latest would exceed the first as far by chance, by Student's t.

    The distribution has a closed form for even degrees of freedom, which two equal sides always
    have (Abramowitz and Stegun 1964, 26.7.4).
    """
    side = len(first)
    freedom = 2 * side - 2
    difference = statistics.fmean(latest) - statistics.fmean(first)
    pooled = (statistics.variance(first) + statistics.variance(latest)) / 2
    if pooled == 0.0:
        return 0.0 if difference > 0 else 1.0 if difference < 0 else 0.5
    angle = math.atan(difference / math.sqrt(2 * pooled / side) / math.sqrt(freedom))
    term, total = 1.0, 1.0
    for n in range(2, freedom, 2):
        term *= (n - 1) / n * math.cos(angle) ** 2
        total += term
    return (1.0 - math.sin(angle) * total) / 2


def rarity(first: Sequence[float], latest: Sequence[float]) -> float:
    """Return the share of all ways to deal the values that give the latest as large a sum."""
    values, seen = (*first, *latest), math.fsum(latest)
    slack = 1e-9 * max(1.0, abs(seen))  # sums of the same numbers in another order
    dealt = [math.fsum(some) for some in itertools.combinations(values, len(latest))]
    return sum(total >= seen - slack for total in dealt) / len(dealt)


def slope(values: Sequence[float]) -> float | None:
    """Return the least-squares trend a take, None for fewer than two takes."""
    if len(values) < 2:
        return None
    return statistics.linear_regression(range(len(values)), values).slope
