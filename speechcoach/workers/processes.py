"""Workers on this machine: processes that are started when there is work, and replaced.

One thread, the supervisor, owns all of the state. Whatever happens (a job comes, a process speaks
or dies, somebody cancels) is put into its queue as a function to call, so that no lock is held
while a caller's callback runs, and every method may be called from any thread.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import pickle
import queue
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Self

from speechcoach.coach import Settings
from speechcoach.errors import JobError
from speechcoach.workers import tasks
from speechcoach.workers.contract import LIMIT, Job, Note, unheard
from speechcoach.workers.jobs import Follow
from speechcoach.workers.messages import Message
from speechcoach.workers.tasks import Task
from speechcoach.workers.worker import Worker, calmest, follower, idle

ONE_THREAD: Mapping[str, str] = {
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",  # ggml, which the voice detector runs on, asks for four regardless
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "MOONSHINE_ORT_SINGLE_THREAD": "1",
}
"""Holds the numeric libraries to a thread each, so that N processes use N cores. It also makes the
numbers the same whatever N is: the order of a sum depends on the number of threads."""

TRIES = 2
"""How many processes a job may end before it is given up."""

SNOOZE = 1.0
"""Seconds: a supervisor that comes later than that to a time limit was stopped itself (Ctrl-Z, a
closed lid); what processes have said meanwhile is heard first."""


class Processes:
    """The `speechcoach.workers.Workers` of this machine; use as a context manager.

    A process that a job ends costs that job one retry in a new process, and no other job anything.
    One that follows a take leaves jobs that nobody waits for to the others.

    Parameters
    ----------
    settings : Settings
        What every process's coach is made with. Engine and model should be settled
        (`speechcoach.engines.settle`): nothing should be fetched in the background.
    size : int
        How many processes at most; they are started when there is work for them.
    environment : mapping
        Variables that are set in each process before it starts.
    """

    def __init__(
        self, settings: Settings, size: int = 1, *, environment: Mapping[str, str] = ONE_THREAD
    ) -> None:
        self._settings, self._size, self._environment = settings, size, environment
        self._numbers = itertools.count()
        self._waiting: list[Task] = []
        self._workers: list[Worker] = []
        self._events: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._door, self._open, self._ending = threading.Lock(), True, False
        self._thread = threading.Thread(target=self._supervise, daemon=True, name="workers")
        self._thread.start()
        atexit.register(self.close)  # nothing may be read from processes while Python goes down

    @property
    def size(self) -> int:
        """How many processes there are at most."""
        return self._size

    def submit(
        self, job: Job, *, priority: int = 0, limit: float = LIMIT, note: Note = unheard
    ) -> Future[str]:
        """Have a job done; see `speechcoach.workers.Workers.submit`."""
        future: Future[str] = Future()
        task = Task(next(self._numbers), job, pickle.dumps(job), priority, limit, note, future)
        self._tell(partial(self._accept, task))
        future.add_done_callback(partial(self._perhaps_cancelled, task))
        return future

    def close(self) -> None:
        """Cancel what is not done, and end every process; one at work is not waited for."""
        with self._door:
            if self._open:
                self._events.put(self._end)
            self._open = False
        if threading.current_thread() is not self._thread:
            self._thread.join()
        atexit.unregister(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tell(self, event: Callable[[], None]) -> None:
        """Have the supervisor call `event`."""
        with self._door:
            if not self._open:
                raise RuntimeError("these workers are closed")
            self._events.put(event)

    def _perhaps_cancelled(self, task: Task, future: Future[str]) -> None:
        if future.cancelled():
            with contextlib.suppress(RuntimeError):  # closed: all is cancelled anyway
                self._tell(partial(self._abandon, task))

    # The rest runs in the supervisor's thread.

    def _supervise(self) -> None:
        try:
            while not self._ending:
                self._end_what_hangs()
                self._assign()
                with contextlib.suppress(queue.Empty):
                    self._events.get(timeout=self._patience())()
                    while True:
                        self._events.get_nowait()()
        finally:
            self._wind_up()

    def _patience(self) -> float | None:
        """Return the seconds until the next time limit."""
        limits = [worker.deadline for worker in self._workers if worker.deadline is not None]
        if not limits:
            return None
        return min(max(min(limits) - time.monotonic(), 0), threading.TIMEOUT_MAX)

    def _heard(self, worker: Worker, message: Message | None) -> None:
        """Pass on what a process says; runs in another thread."""
        self._events.put(partial(self._attend, worker, message))

    def _accept(self, task: Task) -> None:
        self._waiting.append(task)

    def _end(self) -> None:
        self._ending = True

    def _attend(self, worker: Worker, message: Message | None) -> None:
        if message is None:
            self._bury(worker)
        else:
            worker.attend(message)

    def _bury(self, worker: Worker) -> None:
        """Have the tasks of a dead process done by others, and give up what it died of twice."""
        self._workers.remove(worker)
        worker.process.dismiss()
        blamed = worker.blamed
        for task in worker.tasks:
            task.deaths += task in blamed
            if task.deaths == TRIES:
                task.fail(JobError(tasks.deadly(task, worker.process.exit_code)))
            elif not task.settled:
                self._waiting.append(task)

    def _abandon(self, task: Task) -> None:
        """Do what the cancelling of a task asks for."""
        if task.settled:
            return
        task.cancel()
        if task in self._waiting:
            self._waiting.remove(task)
            return
        worker = next(w for w in self._workers if task in w.tasks)
        if worker.task is task:
            worker.kill()
        else:
            worker.forget(task)

    def _end_what_hangs(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if worker.deadline is None or now < worker.deadline:
                continue
            if now - worker.deadline > SNOOZE:
                worker.deadline = now + SNOOZE
                continue
            if task := worker.at:
                task.fail(JobError(tasks.overdue(task)))
            worker.kill()

    def _assign(self) -> None:
        """Give the tasks that wait to whoever can take them."""
        for task in sorted(self._waiting, key=lambda task: task.urgency):
            follows = isinstance(task.job, Follow)
            try:
                worker = self._who_follows() if follows else self._who_does(task)
            except OSError as error:
                self._waiting.remove(task)
                task.fail(JobError(tasks.unstarted(task, error)))
                continue
            if worker is not None:
                self._waiting.remove(task)
                worker.take(task, lasting=follows)

    def _who_follows(self) -> Worker | None:
        """Return who is to follow another take; no need that they have nothing else to do."""
        free = idle(self._living, following=False)
        return free or self._hired() or calmest(self._living)

    def _who_does(self, task: Task) -> Worker | None:
        """Return who is to do a task now; None to let it wait."""
        if home := follower(self._workers, task):
            return home if home.task is None and not home.killed else None
        if task.deaths and (new := self._hired()):
            return new
        free = idle(self._living, following=False) or self._hired()
        return free or (idle(self._living, following=True) if task.is_waited_for else None)

    @property
    def _living(self) -> list[Worker]:
        return [worker for worker in self._workers if not worker.killed]

    def _hired(self) -> Worker | None:
        """Return a new worker if there may be one more."""
        if len(self._workers) == self._size:
            return None
        worker = Worker(self._settings, self._environment, self._heard)
        self._workers.append(worker)
        return worker

    def _wind_up(self) -> None:
        with self._door:
            self._open = False
        for task in (*self._waiting, *(task for w in self._workers for task in w.tasks)):
            task.cancel()
        for worker in self._workers:
            if worker.at:
                worker.kill()
            worker.process.dismiss()
        for worker in self._workers:
            worker.process.join()


def alone(settings: Settings) -> Processes:
    """Return the one worker of somebody who practises: it may use every core."""
    return Processes(settings, 1, environment={})
