"""Progress as one self-contained HTML page: charts as vector graphics, nothing fetched."""

from __future__ import annotations

import html
import io
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from speechcoach.progress.trends import Progress, Trend
from speechcoach.views import progress_wording as wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 6.4, 2.1  # inches of a chart
LINE, BAND, MEAN = "#2f6f9f", "#e3f0e3", "#b8632b"
DAYS = 8  # that are written below a chart
DOTTED = 100  # takes up to which each gets its dot
STYLE = """
body { font: 16px/1.45 system-ui, sans-serif; color: #222; background: #fff; max-width: 46rem;
       margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
figure { margin: 1.4rem 0; break-inside: avoid; } figure svg { width: 100%; height: auto; }
figcaption b { font-weight: 600; } .note { color: #555; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } }
"""


def render(found: Sequence[Progress]) -> str:
    """Return the page."""
    body = "\n".join(line for progress in found for line in _section(progress))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Progress</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>Progress</h1>\n"
        '<p class="note">Each dot is a take, in order of time. The green band is the good range; '
        "the short lines are the averages that are compared. A change counts only where it is "
        f"beyond the usual spread from take to take. {wording.CAUTION}</p>\n{body}\n"
        "</body>\n</html>\n"
    )


def _section(progress: Progress) -> Iterator[str]:
    yield f"<h2>{html.escape(wording.heading(progress))}</h2>"
    for line in wording.left_out(progress):
        yield f'<p class="note">{html.escape(line)}</p>'
    for trend in progress.trends:
        verdict = html.escape(wording.verdict(trend))
        name = html.escape(wording.named(trend.measure.label, trend.unit))
        yield f"<figure>{_chart(trend, progress)}"
        yield f"<figcaption><b>{name}</b>: {verdict}.</figcaption></figure>"


def _chart(trend: Trend, progress: Progress) -> str:
    """Return the chart of one measure as an SVG element."""
    import matplotlib as mpl
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
    named = f'<svg role="img" aria-label="{html.escape(trend.measure.label)}"'
    return svg[svg.index("<svg") :].replace("<svg", named, 1)


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
