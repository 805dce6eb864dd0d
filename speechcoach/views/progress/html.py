"""Trends as one self-contained HTML page: a chart a measure, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence

from speechcoach.progress.trends import Progress
from speechcoach.quantities import named
from speechcoach.views import trends
from speechcoach.views.chart import chart
from speechcoach.views.page import page
from speechcoach.views.screen import Screen


def render(found: Sequence[Progress], screen: Screen) -> str:  # noqa: ARG001 - the formats' signature
    """Return the page."""
    groups = [
        {
            "heading": trends.heading(progress),
            "left_out": tuple(trends.left_out(progress)),
            "charts": [
                (
                    chart(trend, progress),
                    named(trend.measure.label, trend.unit),
                    trends.verdict(trend),
                )
                for trend in progress.trends
            ],
        }
        for progress in found
    ]
    return page("progress.html", groups=groups, caution=trends.CAUTION)
