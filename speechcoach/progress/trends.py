"""From the history to trends: each measure of each group of takes, with its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from speechcoach.progress.change import Change, change, slope
from speechcoach.progress.measures import Measure, chosen, measures
from speechcoach.progress.takes import Group, groups

if TYPE_CHECKING:
    from speechcoach.coach import Coach
    from speechcoach.history.store import History


@dataclass(frozen=True)
class Trend:
    """One measure over the takes that have it; `slope` is its least-squares trend a take."""

    measure: Measure
    unit: str
    takes: tuple[int, ...]
    values: tuple[float, ...]
    best: float | None
    slope: float | None
    towards: int
    change: Change

    @property
    def better(self) -> bool | None:
        """Whether a change, if only perhaps, is for the better; None where neither way is."""
        way = {"up": 1, "down": -1}.get(self.change.verdict.removeprefix("perhaps "))
        return None if way is None or not self.towards else way == self.towards


@dataclass(frozen=True)
class Progress:
    """The trends of one group."""

    group: Group
    trends: tuple[Trend, ...]

    @property
    def times(self) -> dict[int, datetime]:
        """When each take was made."""
        return {take.id: take.made for take in self.group.takes}


def progress(
    history: History,
    coach: Coach,
    *,
    question: str | None = None,
    metric: str | None = None,
    since: datetime | None = None,
) -> tuple[Progress, ...]:
    """Return the trends of every group that has takes, the largest group first.

    The user is told how many takes are in no group since their question is not in the bank.

    Raises
    ------
    UnknownNameError
        If there is no such question or measure.
    """
    if question is not None:
        coach.check(question)
    followed = chosen(measures(coach.norms), metric)
    takes = history.takes(question=question, since=since)
    if strange := sum(take.question not in (None, *coach.bank) for take in takes):
        coach.announce(f"Left out, of questions not in this guide or bank: {strange} takes.")
    sizes = history.values("word_count")
    found = groups(takes, coach.bank, coach.guide.forms, coach.rules, sizes)
    values = {name: history.values(name) for name in followed}
    units = history.units()
    return tuple(_progress(group, followed, values, units) for group in found)


def _progress(
    group: Group,
    followed: Mapping[str, Measure],
    values: Mapping[str, Mapping[int, float | None]],
    units: Mapping[str, str],
) -> Progress:
    known = {name: found for name in followed if (found := _known(group, values[name]))}
    trends = (
        trend(followed[name], units.get(name, ""), found, among=len(known))
        for name, found in known.items()
    )
    return Progress(group, tuple(trends))


def _known(group: Group, values: Mapping[int, float | None]) -> dict[int, float]:
    of_takes = ((take.id, values.get(take.id)) for take in group.takes)
    return {number: value for number, value in of_takes if value is not None}


def trend(measure: Measure, unit: str, values: Mapping[int, float], *, among: int = 1) -> Trend:
    """Return the trend of `measure` over `values`, by take, in order of time.

    `among` is the number of measures that are looked at together.

    Which way is better follows from where the mean of all takes lies beside the good band: the
    mean says nothing about the difference between first and latest, so the test stays fair.
    """
    series = tuple(values.values())
    towards = measure.towards(sum(series) / len(series)) if series else 0
    best = min(series, key=lambda v: abs(measure.beyond(v)), default=None)
    return Trend(
        measure,
        unit,
        tuple(values),
        series,
        best if measure.good else None,
        slope(series),
        towards,
        change(series, towards, among),
    )
