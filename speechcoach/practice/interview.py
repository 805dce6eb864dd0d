"""An interview of several answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from speechcoach import privacy
from speechcoach.data import Question, Report
from speechcoach.errors import SpeechCoachError
from speechcoach.outputs import write_whole
from speechcoach.paths import from_text
from speechcoach.practice.studio import Studio
from speechcoach.reports import to_json
from speechcoach.terminal.session import Verdict

Put = Callable[[Question, int, int], None]
"""Puts a question: the question, its place from 1, how many there are."""


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
    write_whole(file, to_json(report, indent=1), mode=privacy.FILE)
