"""An interview of several answers, and what it comes to from the first to the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from speechcoach.data import Measurement, Report
from speechcoach.quantities import quantity
from speechcoach.views.columns import columns

COLUMNS = (("speaking_time", "length"), ("filler_rate", "fillers"), ("speech_rate", "pace"))
TRENDS = (("filler_rate", "Fillers"), ("speech_rate", "Pace"))
UNKNOWN = Measurement(None, "")


def render(reports: Sequence[Report]) -> str:
    """Return the overview of an interview: a row an answer, then first to last answer."""
    return "\n".join(_lines(reports)) + "\n"


def _lines(reports: Sequence[Report]) -> Iterator[str]:
    if not reports:
        yield "No answer could be analysed."
        return
    rows = [("answer", *(name for _, name in COLUMNS), "overall"), *map(_row, reports)]
    yield from columns(rows)
    yield from _trends(reports)


def _row(report: Report) -> tuple[str, ...]:
    values = (_said(report, metric) for metric, _ in COLUMNS)
    overall = quantity(report.scores.get("overall"), "points")
    return (report.question or "?", *values, overall)


def _trends(reports: Sequence[Report]) -> Iterator[str]:
    """Yield how each measure went from the first answer that has it to the last."""
    for metric, name in TRENDS:
        said = [_said(r, metric) for r in reports if _measured(r, metric).value is not None]
        if len(said) > 1:
            yield f"{name} from first to last answer: {' -> '.join(said)}"


def _said(report: Report, metric: str) -> str:
    measured = _measured(report, metric)
    return quantity(measured.value, measured.unit)


def _measured(report: Report, metric: str) -> Measurement:
    return report.measurements.get(metric, UNKNOWN)
