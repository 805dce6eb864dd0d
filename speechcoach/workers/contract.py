"""What any set of workers does, whether processes of this machine or of a cluster.

Reports come as futures of the standard library: they are waited for (`Future.result`,
`concurrent.futures.as_completed`), called back from (`Future.add_done_callback`), awaited
(`asyncio.wrap_future`) and cancelled like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from speechcoach.workers.desk import Desk

LIMIT = 3600.0
"""Seconds that a job may take unless told otherwise (our guess): far more than any answer needs,
so that only what hangs is ended."""

WAITED_FOR = 1
"""The priority of a job that somebody sits in front of; that of others is 0."""

Note = Callable[[str], None]
"""Receives one-line notes for the user."""


def unheard(_: str) -> None:
    """Leave a note unread."""


class Job(Protocol):
    """Something to do: a frozen dataclass that can be sent to another process."""

    @property
    def subject(self) -> str:
        """What a sentence about its failure is about: a file's name."""

    def run(self, desk: Desk) -> str:
        """Do it in the worker; a report is returned as JSON.

        Raises
        ------
        SpeechCoachError
            With a sentence for the user.
        """


class Workers(Protocol):
    """Does jobs, several at once, in any order; a context manager.

    Every method may be called from any thread. Ctrl-C is the caller's: workers do not hear it.
    When the caller's process ends, however it ends, what it submitted is abandoned, and processes
    that were started for it end.
    """

    @property
    def size(self) -> int:
        """How many jobs can be under way at once: who has many submits a few more than that."""

    def submit(
        self, job: Job, *, priority: int = 0, limit: float = LIMIT, note: Note = unheard
    ) -> Future[str]:
        """Have a job done.

        Parameters
        ----------
        job : Job
        priority : int
            Higher goes first, equals in the order of their submission. What is under way is not
            broken off for it.
        limit : float
            Seconds from when it is begun (loading a worker's models counts, waiting does not).
        note : callable
            Receives what the worker has to say beside the result, in one of the workers' threads
            and before the future is done.

        Returns
        -------
        Future
            What the job returns, or `speechcoach.errors.SpeechCoachError` with a sentence: the
            job's own, or `speechcoach.errors.JobError` if it met a fault of ours, took longer than
            `limit`, or ended its worker twice. `cancel` works at any time: a job that waits is
            never begun, one that is under way is abandoned, and its worker ended if need be.
            Callbacks may run in the workers' threads, and should be short.

        Raises
        ------
        RuntimeError
            After `close`.
        """

    def close(self) -> None:
        """Cancel what is not done, and end the workers without waiting for their work."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
