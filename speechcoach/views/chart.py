"""A measure over time as a drawing: vector graphics, drawn by matplotlib, that stand in a page."""

from __future__ import annotations

import io
import math
import re
from typing import TYPE_CHECKING

from speechcoach.harmless import harmless
from speechcoach.progress.trends import Progress, Trend

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 6.4, 2.1  # inches of a chart
LINE, BAND, MEAN = "#2f6f9f", "#e3f0e3", "#b8632b"
DAYS = 8  # that are written below a chart
DOTTED = 100  # takes up to which each gets its dot

_GROUP = re.compile(r'<g id="[^"]*"')
"""A name that matplotlib gives to a part of every chart alike, and nothing refers to."""


def chart(trend: Trend, progress: Progress) -> Markup:
    """Return the chart of one measure as an SVG element."""
    import matplotlib as mpl
    from markupsafe import Markup, escape
    from matplotlib.figure import Figure

    salt = f"{progress.group.name} {trend.measure.name}"  # keeps ids apart within the page
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": salt, "font.size": 9}):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        axes = figure.add_subplot()
        _draw(axes, trend)
        _label_days(axes, trend, progress)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    svg = drawn.getvalue()
    svg = _GROUP.sub("<g", svg[svg.index("<svg") :])
    named = f'<svg role="img" aria-label="{escape(harmless(trend.measure.label))}"'
    return Markup(svg.replace("<svg", named, 1))  # noqa: S704 - our own drawing


def _draw(axes: Axes, trend: Trend) -> None:
    """Draw values, the good band and the averages that are compared."""
    scale = 100.0 if trend.unit == "ratio" else 1.0
    values = [scale * value for value in trend.values]
    dots = "o" if len(values) <= DOTTED else ""
    places = range(1, len(values) + 1)
    axes.plot(places, values, color=LINE, marker=dots, markersize=4, linewidth=1)
    margin = 0.15 * (max(values) - min(values)) or 0.1 * abs(values[0]) or 1.0
    low, high = min(values) - margin, max(values) + margin
    if trend.measure.good is not None and trend.unit != "points":
        good = [min(max(scale * edge, low), high) for edge in trend.measure.good]
        axes.axhspan(*good, color=BAND, zorder=0)
    axes.set_ylim(low, high)
    change, count = trend.change, len(values)
    for mean, first in ((change.before, 1), (change.after, count - change.side + 1)):
        if mean is not None:
            axes.plot([first, first + change.side - 1], [scale * mean] * 2, color=MEAN, linewidth=2)
    axes.spines[["top", "right"]].set_visible(False)


def _label_days(axes: Axes, trend: Trend, progress: Progress) -> None:
    """Write days below a few of the takes."""
    times, count = progress.times, len(trend.takes)
    step = max(1, math.ceil(count / DAYS))
    shown = range(0, count, step)
    axes.set_xticks([place + 1 for place in shown])
    axes.set_xticklabels([f"{times[trend.takes[p]].astimezone():%d %b}" for p in shown])
    axes.set_xlim(0.5, count + 0.5)
