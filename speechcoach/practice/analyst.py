"""Takes given to workers, and their reports in the order of the takes.

A worker is a process of its own, warm before the take ends: loading the models or recognising in
the recorder's process could hold up its audio callback.
"""

from __future__ import annotations

import json
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

from speechcoach.data import Report
from speechcoach.errors import SpeechCoachError
from speechcoach.paths import shown
from speechcoach.recorder.recorder import Recorded
from speechcoach.reports import from_dict
from speechcoach.workers import WAITED_FOR, Analyze, Follow, Warm, Workers


@dataclass
class Analyst:
    """Has takes analysed in the background, and hands their reports out one after another."""

    workers: Workers
    _begun: deque[tuple[Recorded, Future[str]]] = field(default_factory=deque)
    _notes: list[str] = field(default_factory=list)

    def warm(self) -> None:
        """Have the models loaded."""
        self.workers.submit(Warm(), note=self._notes.append)

    def follow(self, path: Path) -> Future[str]:
        """Recognise the take at `path` while it grows, which makes its report come sooner.

        Cancel the future of a take that will not be analysed.
        """
        return self.workers.submit(Follow(path), note=self._notes.append)

    def begin(self, take: Recorded, question: str | None) -> None:
        """Have a take analysed; `report` waits for it."""
        job = Analyze(take.path, question)
        made = self.workers.submit(job, priority=WAITED_FOR, note=self._notes.append)
        self._begun.append((take, made))

    @property
    def waiting(self) -> bool:
        """Whether a take was begun whose report has not been asked for."""
        return bool(self._begun)

    @property
    def ready(self) -> bool:
        """Whether `report` would return at once."""
        return self.waiting and self._begun[0][1].done()

    def report(self) -> tuple[Report, list[str]]:
        """Return the report on the oldest take that was begun, and notes for the user.

        Raises
        ------
        SpeechCoachError
            If it cannot be analysed.
        """
        take, future = self._begun.popleft()
        try:
            made = from_dict(json.loads(future.result()))
        except SpeechCoachError as error:
            raise type(error)(f"{error} The take is kept: {shown(take.path)}.") from error
        notes, self._notes[:] = list(self._notes), []
        return replace(made, warnings=(*take.warnings, *made.warnings)), notes
