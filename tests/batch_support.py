"""Work for the processes of a batch in tests, and answers for it to work on."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from sample_report import report

from speechcoach.batch.worker import Done, Job, Outcome, Work
from speechcoach.reports import to_json

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


def echo(announce: Callable[[str], None]) -> Work:
    """Return work that gives the name of the file back, and says so."""

    def work(job: Job) -> Outcome:
        announce(f"at {job.path.name}")
        return Done(job.path.name)

    return work


def mortal(_: Callable[[str], None]) -> Work:
    """Return work that is killed by files called "deadly", by those called "once" once."""

    def work(job: Job) -> Outcome:
        tried = job.path.with_suffix(".tried")
        if job.path.stem == "deadly" or (job.path.stem == "once" and not tried.exists()):
            tried.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Done(job.path.name)

    return work


class BackwardsPool:
    """Processes of the mind: what was started last is finished first."""

    def __init__(self, size: int) -> None:
        self.size, self.jobs, self.started = size, [], []

    @property
    def busy(self) -> bool:
        return bool(self.jobs)

    @property
    def free(self) -> bool:
        return len(self.jobs) < self.size

    def start(self, job: Job) -> None:
        self.jobs.append(job)
        self.started.append(job.path.name)

    def finished(self) -> Iterator[tuple[Job, Outcome]]:
        job = self.jobs.pop()
        yield job, Done(to_json(report(question=job.question)))
