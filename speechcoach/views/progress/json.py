"""Trends as JSON, every number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from speechcoach.progress.trends import Progress, Trend
from speechcoach.strict_json import encode
from speechcoach.views.screen import Screen

DECIMALS = 4


def render(found: Sequence[Progress], screen: Screen) -> str:  # noqa: ARG001 - the formats' signature
    """Return the groups with their trends as strict JSON."""
    return encode(_plain(found), indent=1)


def _plain(found: Sequence[Progress]) -> list[dict[str, Any]]:
    return [
        {
            "group": progress.group.name,
            "takes": [
                {"take": take.id, "made": take.made.isoformat(timespec="seconds")}
                for take in progress.group.takes
            ],
            "left_out": dict(progress.group.left_out),
            "measures": {trend.measure.name: _trend(trend) for trend in progress.trends},
        }
        for progress in found
    ]


def _trend(trend: Trend) -> dict[str, Any]:
    change = trend.change
    return {
        "label": trend.measure.label,
        "unit": trend.unit,
        "takes": list(trend.takes),
        "values": list(trend.values),
        "first": trend.values[0],
        "latest": trend.values[-1],
        "best": trend.best,
        "slope": _rounded(trend.slope),
        "verdict": change.verdict,
        "better": trend.better,
        "takes_a_side": change.side,
        "before": _rounded(change.before),
        "after": _rounded(change.after),
        "spread": _rounded(change.spread),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
