"""What turns questions into takes and takes into kept reports: for record, practice and mock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from speechcoach.data import Question, Report
from speechcoach.errors import HistoryError
from speechcoach.history.store import History
from speechcoach.paths import shown
from speechcoach.practice.analyst import Analyst
from speechcoach.recorder import names
from speechcoach.recorder.microphone import Microphone
from speechcoach.recorder.recorder import Recorded
from speechcoach.terminal import session
from speechcoach.terminal.session import Plan, Verdict

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Studio:
    """A microphone, somebody who analyses, and how takes are to go.

    `plan` is the pattern of takes: the folder of its path is where they go. `saved` says whether
    reports go into the history, `note` speaks beside the results.
    """

    microphone: Microphone
    analyst: Analyst
    console: Console
    plan: Plan
    saved: bool
    note: Callable[[str], None]

    def within(self, folder: str) -> Studio:
        """Return a studio that keeps its takes in a new folder of that name, beside the others."""
        made = names.new_folder(self.plan.path.with_name(folder))
        return replace(self, plan=replace(self.plan, path=made / self.plan.path.name))

    def answer(self, question: Question, *, check: bool = True) -> tuple[Recorded | None, Verdict]:
        """Record an answer to `question` in a file named after it."""
        path = names.free(self.plan.path.with_name(f"{question.id}.wav"))
        followed = self.analyst.follow(path)
        take, verdict = self.record(replace(self.plan, path=path, question=question, check=check))
        if take is None:
            followed.cancel()
        return take, verdict

    def record(self, plan: Plan) -> tuple[Recorded | None, Verdict]:
        """Record a take and say where it is; see `speechcoach.terminal.session.record`."""
        take, verdict = session.record(plan, self.microphone, self.console)
        if take is None:
            self.note("Nothing is kept.")
            return None, verdict
        self.note(f"Kept: {shown(take.path)} ({take.seconds:.1f} s)")
        for said in filter(None, (take.remark, *take.warnings)):
            self.note(said)
        return take, verdict

    def report(self) -> Report:
        """Wait for the report on the oldest take that `analyst` has begun, and keep it.

        A history that cannot be written is said; the report is not lost for that.

        Raises
        ------
        SpeechCoachError
            If the take cannot be analysed.
        """
        with self.console.status("Analysing the answer"):
            made, notes = self.analyst.report()
        for text in notes:
            self.note(text)
        if self.saved:
            self._save(made)
        return made

    def _save(self, made: Report) -> None:
        try:
            with History.open() as history:
                history.add(made)
        except HistoryError as error:
            self.note(str(error))
