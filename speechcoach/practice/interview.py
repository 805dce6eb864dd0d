"""What an interview of several answers comes to: each answer, and the way from first to last."""

from __future__ import annotations

from collections.abc import Sequence

from speechcoach.data import Report
from speechcoach.quantities import quantity

COLUMNS = (("speaking_time", "length"), ("filler_rate", "fillers"), ("speech_rate", "pace"))
TRENDS = (("filler_rate", "Fillers"), ("speech_rate", "Pace"))


def summary(reports: Sequence[Report]) -> list[str]:
    """Return the lines on a whole interview: a row an answer, then first to last answer."""
    if not reports:
        return ["No answer could be analysed."]
    rows = [("answer", *(name for _, name in COLUMNS), "overall"), *map(_row, reports)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    return [*(line.rstrip() for line in table), *_trends(reports)]


def _row(report: Report) -> tuple[str, ...]:
    overall = report.scores.get("overall")
    values = (_said(report, metric) for metric, _ in COLUMNS)
    return (report.question or "?", *values, "unknown" if overall is None else f"{overall:.0f}")


def _trends(reports: Sequence[Report]) -> list[str]:
    """Return how each measure went from the first answer that has it to the last."""
    return [
        f"{name} from first to last answer: {' -> '.join(said)}"
        for metric, name in TRENDS
        if len(said := [_said(r, metric) for r in reports if _value(r, metric) is not None]) > 1
    ]


def _said(report: Report, metric: str) -> str:
    measured = report.measurements.get(metric)
    return quantity(measured.value, measured.unit) if measured else quantity(None, "")


def _value(report: Report, metric: str) -> float | None:
    measured = report.measurements.get(metric)
    return measured.value if measured else None
