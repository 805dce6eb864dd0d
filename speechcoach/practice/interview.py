"""An interview of several answers, and what it comes to from the first to the last."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from speechcoach.data import Question, Report
from speechcoach.errors import SpeechCoachError
from speechcoach.files import write_whole
from speechcoach.paths import from_text
from speechcoach.practice.studio import Studio
from speechcoach.quantities import quantity
from speechcoach.reports import to_json
from speechcoach.terminal.session import Verdict

Put = Callable[[Question, int, int], None]
"""Puts a question: the question, its place from 1, how many there are."""

COLUMNS = (("speaking_time", "length"), ("filler_rate", "fillers"), ("speech_rate", "pace"))
TRENDS = (("filler_rate", "Fillers"), ("speech_rate", "Pace"))


class Interview:
    """Answers one after another; each report is kept beside its take as soon as it is there."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.reports: list[Report] = []

    def ask(self, questions: Sequence[Question], put: Put) -> None:
        """Put the questions and record the answers, until the last one or until it is broken off.

        Raises
        ------
        SpeechCoachError
            If a take cannot be recorded; the answers before it are kept.
        """
        for place, question in enumerate(questions, start=1):
            put(question, place, len(questions))
            take, verdict = self.studio.answer(question, check=place == 1)
            if take is not None:
                self.studio.analyst.begin(take, question.id)
            self.collect(wait=False)
            if verdict is Verdict.BREAK_OFF:
                return

    def collect(self, *, wait: bool) -> None:
        """Keep the reports that are there; all that are to come if `wait`."""
        analyst = self.studio.analyst
        while analyst.waiting if wait else analyst.ready:
            try:
                made = self.studio.report()
                _write_beside(made)
            except SpeechCoachError as error:
                self.studio.note(str(error))
            else:
                self.reports.append(made)


def _write_beside(report: Report) -> None:
    """Write a report beside its recording, called like it."""
    if report.recording.path is None:
        raise ValueError("a take that was just recorded has a path")
    file = from_text(report.recording.path).with_suffix(".json")
    write_whole(file, to_json(report, indent=1))


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
