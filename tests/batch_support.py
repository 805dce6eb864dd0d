"""Answers for a batch to work on, and workers that finish in a strange order."""

from __future__ import annotations

import json
from concurrent.futures import Future
from pathlib import Path

from sample_report import report

from speechcoach.batch import run
from speechcoach.reports import to_json
from speechcoach.workers import Analyze, Note

LINES = "So, um, we had a patient with chest pain.\nI called the resident.\nHe went home.\n"


def write_answers(folder: Path, count: int) -> list[Path]:
    """Write `count` different transcripts below `folder` and return them in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"conflict-{number:03d}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(LINES * 3 + f"That was case {number}.\n")
    return paths


def without_path(line: str) -> dict[str, object]:
    """Return a line of JSONL without the recording's place."""
    plain = json.loads(line)
    del plain["recording"]["path"], plain["recording"]["name"]
    return plain


class Backwards:
    """Workers of the mind: of `total` jobs that come, those that came last are done first."""

    def __init__(self, total: int, size: int) -> None:
        self.total, self.size, self.started = total, size, []
        self.waiting: list[tuple[Analyze, Future[str]]] = []

    def submit(self, job: Analyze, *, note: Note) -> Future[str]:
        future: Future[str] = Future()
        self.started.append(job.path.name)
        self.waiting.append((job, future))
        if len(self.started) == self.total:
            while self.waiting:
                self.finish()
        elif len(self.waiting) == run.SPARE * self.size:
            self.finish()
        return future

    def finish(self) -> None:
        job, future = self.waiting.pop()
        future.set_result(to_json(report(question=job.question)))
