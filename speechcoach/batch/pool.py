"""Processes that work on jobs and are replaced when they die.

The standard library's pools give up as a whole when one process is killed (out of memory, a crash
in native code). Here each process has its own pipe: its death costs the job it was at one retry.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from speechcoach.batch.worker import Failed, Job, Note, Outcome, Work, serve

TRIES = 2
PATIENCE = 1.0  # seconds that a process gets to end by itself


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    job: Job | None = None
    tries: int = 0


class Pool:
    """Up to `size` processes, started when there is work for them; use as a context manager.

    Parameters
    ----------
    make : callable
        Called once in each process with a function that passes notes on; returns the work.
    size : int
        How many processes.
    note : callable
        Receives the notes.
    """

    def __init__(
        self,
        make: Callable[[Callable[[str], None]], Work],
        size: int,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.make, self.size, self.note = make, size, note
        self.workers: list[_Worker] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        """End every process; one that is at work is not waited for."""
        for worker in self.workers:
            worker.connection.close()
            if worker.job is not None:
                worker.process.kill()
        for worker in self.workers:
            worker.process.join(PATIENCE)
            worker.process.kill()
            worker.process.join()
        self.workers.clear()

    @property
    def busy(self) -> bool:
        """Whether any job is under way."""
        return any(worker.job for worker in self.workers)

    @property
    def free(self) -> bool:
        """Whether a job would be started at once."""
        return sum(worker.job is not None for worker in self.workers) < self.size

    def start(self, job: Job) -> None:
        """Give `job` to a free process."""
        idle = next((w for w in self.workers if w.job is None and w.process.is_alive()), None)
        self._give(idle or self._hire(), job, tries=1)

    def finished(self) -> Iterator[tuple[Job, Outcome]]:
        """Wait until something happens; yield the jobs that are done or given up."""
        at_work: dict[Any, _Worker] = {w.connection: w for w in self.workers if w.job}
        for connection in wait(list(at_work)):
            worker = at_work[connection]
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                yield from self._bury(worker)
                continue
            if isinstance(message, Note):
                self.note(message.text)
                continue
            job, worker.job = worker.job, None
            if job:
                yield job, message

    def _bury(self, worker: _Worker) -> Iterator[tuple[Job, Outcome]]:
        """Try the job of a dead process again in a new one, or give it up."""
        worker.process.join()
        worker.connection.close()
        self.workers.remove(worker)
        if worker.job and worker.tries < TRIES:
            self._give(self._hire(), worker.job, worker.tries + 1)
        elif worker.job:
            yield worker.job, Failed(_epitaph(worker.job, worker.process.exitcode))

    def _give(self, worker: _Worker, job: Job, tries: int) -> None:
        worker.job, worker.tries = job, tries
        try:
            worker.connection.send(job)
        except OSError:
            return  # it died while idle or at its start: its closed pipe is seen in `finished`

    def _hire(self) -> _Worker:
        self.workers = [w for w in self.workers if w.job or w.process.is_alive()]
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=serve, args=(there, self.make), daemon=True)
        with _uninterrupted():
            process.start()
        there.close()
        worker = _Worker(process, here)
        self.workers.append(worker)
        return worker


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back while a process starts, which inherits that: only the parent hears it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _epitaph(job: Job, code: int | None) -> str:
    how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
    cause = ", most often for want of memory" if code == -9 else ""
    return (
        f"{job.path} ended the process that analysed it, twice ({how}{cause}): "
        "try it alone with 'speechcoach analyze', or with fewer --jobs."
    )
