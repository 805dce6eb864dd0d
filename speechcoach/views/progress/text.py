"""Trends for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from speechcoach.progress.trends import Progress, Trend
from speechcoach.quantities import cell, named
from speechcoach.views import trends
from speechcoach.views.screen import Screen, laid_out

BARS = "▁▂▃▄▅▆▇█"
CHART = 24  # takes a chart shows, the latest ones
STYLES = {True: "green", False: "red", None: ""}


def render(found: Sequence[Progress], screen: Screen) -> str:
    """Return the trends of every group as text, empty where there is none."""
    return laid_out(_blocks(found), screen) if found else ""


def _blocks(found: Sequence[Progress]) -> Iterator[RenderableType]:
    for progress in found:
        yield Text(trends.heading(progress), style="bold")
        for line in trends.left_out(progress):
            yield Text(f"  {line}", style="dim")
        if progress.trends:
            yield _table(progress.trends)
            yield from map(_verdict, progress.trends)
        yield ""
    if any(progress.trends for progress in found):
        yield Text(trends.CAUTION, style="dim")


def _table(shown: Sequence[Trend]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("")
    for heading in ("first", "latest", "best", "good"):
        table.add_column(heading, justify="right")
    table.add_column("over time")
    for trend in shown:
        values = (trend.values[0], trend.values[-1], trend.best)
        table.add_row(
            f"  {named(trend.measure.label, trend.unit)}",
            *(cell(value, trend.unit) for value in values),
            trends.target(trend),
            sparkline(trend.values[-CHART:]),
        )
    return table


def _verdict(trend: Trend) -> Text:
    return Text(f"  {trend.measure.label}: {trends.verdict(trend)}", style=STYLES[trend.better])


def sparkline(values: Sequence[float]) -> str:
    """Return a bar a value, the least as the lowest; all the same height where none differs."""
    low, high = min(values), max(values)
    if high == low:
        return BARS[3] * len(values)
    steps = len(BARS) - 1
    return "".join(BARS[round(steps * (value - low) / (high - low))] for value in values)
