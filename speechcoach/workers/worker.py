"""One worker as the supervisor knows it: its process, its tasks, and what it is at."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from speechcoach.coach import Settings
from speechcoach.workers.messages import At, Do, Done, Forget, Message, Said
from speechcoach.workers.process import Process
from speechcoach.workers.tasks import Task


class Worker:
    """Does at most one task at a time, and follows takes in between.

    Parameters
    ----------
    settings, environment
        As for `Process`.
    heard : callable
        Receives the worker and each message of its process, in another thread; None is the last.

    Raises
    ------
    OSError
        If the system starts no more processes.
    """

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        heard: Callable[[Worker, Message | None], None],
    ) -> None:
        self.task: Task | None = None
        self.follows: dict[int, Task] = {}
        self.deadline: float | None = None  # of what it is at
        self.killed = False
        self._at: int | None = None
        self.process = Process(settings, environment, partial(heard, self))

    @property
    def tasks(self) -> list[Task]:
        """All that it was given and has not finished."""
        return [*([self.task] if self.task else []), *self.follows.values()]

    @property
    def at(self) -> Task | None:
        """The task that it works on at the moment."""
        return next((task for task in self.tasks if task.number == self._at), None)

    @property
    def blamed(self) -> list[Task]:
        """The tasks that its end may be due to: what it was at; if nothing, any."""
        if self.killed:
            return []
        return [self.at] if self.at else self.tasks

    def take(self, task: Task, *, lasting: bool) -> None:
        """Have a task done, or a take followed."""
        if lasting:
            self.follows[task.number] = task
        else:
            self.task = task
        if self._at is None:
            self._is_at(task.number)
        self.process.send(Do(task.number, task.packed, task.limit))

    def forget(self, task: Task) -> None:
        """Follow a take no longer; until the process has heard it, it may hang in that."""
        self.process.send(Forget(task.number))

    def kill(self) -> None:
        """End it, whatever it is at; none of its tasks is blamed."""
        self.killed = True
        self.deadline = None
        self.process.kill()

    def attend(self, message: Message) -> None:
        """Take in what its process says."""
        if isinstance(message, At):
            self._is_at(message.number)
            return
        task = next((task for task in self.tasks if task.number == message.number), None)
        if isinstance(message, Said):
            if task:
                task.say(message.text)
            return
        self._leave(message.number)
        if task is None:  # it was cancelled, or followed for an analysis that has begun
            return
        if isinstance(message, Done):
            task.finish(message.result)
        else:
            task.fail(message.error)

    def _is_at(self, number: int | None) -> None:
        self._at = number
        at = self.at
        self.deadline = time.monotonic() + at.limit if at and not self.killed else None
        if at is None:
            return
        for other in [other for other in self.follows.values() if at.ends(other)]:
            del self.follows[other.number]
            other.finish("")

    def _leave(self, number: int) -> None:
        """Note that a task is over."""
        self.follows.pop(number, None)
        if self.task and self.task.number == number:
            self.task = None
        if self._at == number:
            self._is_at(None)


def idle(workers: Sequence[Worker], *, following: bool) -> Worker | None:
    """Return a worker without a task that follows nothing; if `following`, the calmest of all."""
    free = [w for w in workers if w.task is None and (following or not w.follows)]
    return min(free, key=lambda worker: len(worker.follows), default=None)


def calmest(workers: Sequence[Worker]) -> Worker | None:
    """Return the worker with the least to do."""
    return min(workers, key=lambda worker: (len(worker.follows), len(worker.tasks)), default=None)


def follower(workers: Sequence[Worker], task: Task) -> Worker | None:
    """Return the worker that follows the take that a task is about."""
    return next((w for w in workers if any(map(task.ends, w.follows.values()))), None)
