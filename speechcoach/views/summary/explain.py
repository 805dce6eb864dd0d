"""``--explain``: every formula and every source behind the numbers of a report."""

from __future__ import annotations

from collections.abc import Iterator

from speechcoach.judging.norms import Norm
from speechcoach.judging.scoring import MEASURED, WATCH_EDGE, norms_for
from speechcoach.quantities import band
from speechcoach.views.view import View


def explanation(view: View) -> Iterator[str]:
    """Yield the explanation, a paragraph at a time; nothing if the view does not ask for it."""
    if not view.explain:
        return
    from speechcoach.content import explanation as of_content
    from speechcoach.content import opinions

    weights = ", ".join(f"{name} {w:g}" for name, w in view.norms.overall.weights.items())
    yield f"overall: {view.norms.overall.formula}; weights: {weights} ({view.norms.overall.source})"
    yield (
        f"{', '.join(MEASURED)}: the weighted mean of their figures. A figure is 100 in "
        f"its good band; outside it falls in a straight line, through {WATCH_EDGE:.0f} at the "
        "edge of the watch band, and on at the same slope down to 0."
    )
    for norm in norms_for(view.norms, view.question):
        yield _norm(view, norm)
    yield from of_content(view.guide.forms, opinions(view.guide.opinions))
    yield f"rules: {view.report.rules}"


def _norm(view: View, norm: Norm) -> str:
    measured = view.report.measurements.get(norm.metric)
    unit = measured.unit if measured else ""
    feeds = f"{norm.score}, weight {norm.weight:g}" if norm.weight else "shown, not scored"
    return (
        f"{norm.label} ({feeds}): good {band(norm.good, unit)}; "
        f"watch {band(norm.watch, unit)}. Source: {norm.source}"
    )
