"""How a change over time is told, in the same words in every format."""

from __future__ import annotations

from collections.abc import Iterator

from speechcoach.progress.change import FEWEST_A_SIDE
from speechcoach.progress.trends import Progress, Trend
from speechcoach.quantities import band, cell

CAUTION = (
    "All measures are looked at together: with no true change at all, one of twenty histories "
    'would show one. "perhaps" marks what would count alone; --metric looks at one alone.'
)


def heading(progress: Progress) -> str:
    """Return the group's name, the number of its takes and their days."""
    takes = progress.group.takes
    count = f"{len(takes)} take{'s' if len(takes) != 1 else ''}"
    name = progress.group.name.capitalize()
    if not takes:
        return f"{name}: no takes to compare"
    first, last = (f"{take.made.astimezone():%Y-%m-%d}" for take in (takes[0], takes[-1]))
    return f"{name}: {count}, {first if first == last else f'{first} to {last}'}"


def left_out(progress: Progress) -> Iterator[str]:
    """Yield which takes are not compared, and why."""
    for why, count in progress.group.left_out.items():
        yield f"{count} not compared: {why}"


def verdict(trend: Trend) -> str:
    """Return the verdict with the numbers it rests on."""
    change = trend.change
    if change.verdict == "too few takes":
        missing = 2 * FEWEST_A_SIDE - len(trend.values)
        return f"too few takes to say ({missing} more needed)"
    before, after, spread = (
        cell(v, trend.unit) for v in (change.before, change.after, change.spread)
    )
    told = f"first {change.side} on average {before}, last {change.side} {after}"
    usual = f"two takes in a row usually differ by {spread}"
    return f"{direction(trend)}: {told}; {usual}"


def direction(trend: Trend) -> str:
    """Return the verdict alone."""
    verdict = trend.change.verdict
    if trend.better is None:
        return verdict.replace("up", "higher").replace("down", "lower")
    perhaps = "perhaps " if verdict.startswith("perhaps") else ""
    return perhaps + ("better" if trend.better else "not as good as before")


def target(trend: Trend) -> str:
    """Return the good band, empty where there is none."""
    good = trend.measure.good
    if good is None or trend.unit == "points":
        return ""
    return band(good, trend.unit)
