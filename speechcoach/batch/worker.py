"""What runs in each process of a batch: one coach, one recording after another."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from speechcoach.coach import Coach, Settings
from speechcoach.errors import SpeechCoachError
from speechcoach.reports import to_json

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "MOONSHINE_ORT_SINGLE_THREAD": "1",
}
"""Holds the numeric libraries to a thread each, so that N processes use N cores. It also makes the
numbers the same whatever N is: the order of a sum depends on the number of threads."""


@dataclass(frozen=True)
class Job:
    """One recording to analyse."""

    path: Path
    question: str | None


@dataclass(frozen=True)
class Done:
    """The report on a recording, as JSON."""

    report: str


@dataclass(frozen=True)
class Failed:
    """Why there is no report, as a sentence."""

    reason: str


Outcome = Done | Failed
Work = Callable[[Job], Outcome]


@dataclass(frozen=True)
class Note:
    """Something to tell the user beside the results."""

    text: str


@dataclass(frozen=True)
class Maker:
    """Makes the work of a process, inside that process; plain, so that it can be sent there."""

    settings: Settings

    def __call__(self, announce: Callable[[str], None]) -> Work:
        """Return the work: a function from a job to its outcome."""
        coach = Coach(self.settings, announce)
        return lambda job: _analyse(coach, job)


def serve(connection: Connection, make: Callable[[Callable[[str], None]], Work]) -> None:
    """Answer jobs until None comes or the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    os.environ.update(ONE_THREAD)
    work = make(lambda text: connection.send(Note(text)))
    try:
        while (job := connection.recv()) is not None:
            connection.send(work(job))
    except (EOFError, OSError):  # the parent was killed: nobody waits for the rest
        return


def _analyse(coach: Coach, job: Job) -> Outcome:
    try:
        return Done(to_json(coach.analyze(job.path, question=job.question)))
    except SpeechCoachError as error:
        return Failed(str(error))
    except MemoryError:
        raise  # this process is spent: the next one tries again
    except Exception as error:  # noqa: BLE001 - a fault of ours costs its own row, not the run
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return Failed(
            f"{job.path} met a fault in speechcoach ({what}): run 'speechcoach analyze' on it and "
            "report what it says."
        )
