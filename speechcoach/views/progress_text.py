"""Progress for a terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from speechcoach.progress.trends import Progress, Trend
from speechcoach.views import progress_wording as wording

BARS = "▁▂▃▄▅▆▇█"
CHART = 24  # takes a chart shows, the latest ones
STYLES = {True: "green", False: "red", None: ""}


def render(found: Sequence[Progress], *, width: int, colour: bool) -> str:
    """Return the trends of every group as text, `width` columns wide."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        legacy_windows=False,
    )
    for progress in found:
        console.print(Text(wording.heading(progress), style="bold"))
        for line in wording.left_out(progress):
            console.print(Text(f"  {line}", style="dim"))
        if progress.trends:
            console.print(_table(progress.trends))
            for trend in progress.trends:
                console.print(_verdict(trend), soft_wrap=False)
        console.print()
    if any(progress.trends for progress in found):
        console.print(Text(wording.CAUTION, style="dim"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).rstrip() + "\n"


def _table(trends: Sequence[Trend]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("")
    for heading in ("first", "latest", "best", "good"):
        table.add_column(heading, justify="right")
    table.add_column("over time")
    for trend in trends:
        values = (trend.values[0], trend.values[-1], trend.best)
        table.add_row(
            f"  {wording.named(trend.measure.label, trend.unit)}",
            *(wording.said(value, trend.unit) for value in values),
            wording.target(trend),
            sparkline(trend.values[-CHART:]),
        )
    return table


def _verdict(trend: Trend) -> Text:
    said = wording.verdict(trend)
    return Text(f"  {trend.measure.label}: {said}", style=STYLES[trend.better])


def sparkline(values: Sequence[float]) -> str:
    """Return a bar a value, the least as the lowest; all the same height where none differs."""
    low, high = min(values), max(values)
    if high == low:
        return BARS[3] * len(values)
    steps = len(BARS) - 1
    return "".join(BARS[round(steps * (value - low) / (high - low))] for value in values)
