"""A job on its way through workers, and what is said where it comes to nothing."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import dataclass

from speechcoach.errors import SpeechCoachError
from speechcoach.workers.contract import WAITED_FOR, Job, Note
from speechcoach.workers.jobs import Analyze, Follow
from speechcoach.workers.messages import OUT_OF_MEMORY

LOGGER = logging.getLogger(__name__)


@dataclass(eq=False)
class Task:
    """A job with the future that tells of its end; `deaths` counts the processes it ended."""

    number: int
    job: Job
    packed: bytes
    priority: int
    limit: float
    note: Note
    future: Future[str]
    deaths: int = 0
    settled: bool = False

    @property
    def urgency(self) -> tuple[bool, int, int]:
        """Sorts tasks: takes are followed first, since that waits for nobody."""
        return not isinstance(self.job, Follow), -self.priority, self.number

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody sits in front of it."""
        return self.priority >= WAITED_FOR

    def ends(self, other: Task) -> bool:
        """Tell whether the beginning of this task is the end of `other`, which follows its take."""
        return (
            isinstance(self.job, Analyze)
            and isinstance(other.job, Follow)
            and self.job.path == other.job.path
        )

    def say(self, text: str) -> None:
        """Pass a note on; whoever receives it can stop nothing."""
        try:
            self.note(text)
        except Exception:
            LOGGER.exception("the receiver of a note failed")

    def finish(self, result: str) -> None:
        """Give the result, unless it is cancelled."""
        if self._settle():
            self.future.set_result(result)

    def fail(self, error: SpeechCoachError) -> None:
        """Give the reason why there is no result, unless it is cancelled."""
        if self._settle():
            self.future.set_exception(error)

    def cancel(self) -> None:
        """Let nobody wait any longer."""
        self.future.cancel()
        self._settle()

    def _settle(self) -> bool:
        """Tell, once, whether the future is to be filled; who cancels later comes too late."""
        if self.settled:
            return False
        self.settled = True
        return self.future.set_running_or_notify_cancel()


def overdue(task: Task) -> str:
    """Return the sentence on a task that hangs."""
    return (
        f"{task.job.subject} took more than {task.limit:g} s, the most that a job may take in the "
        "background, and was ended: try it alone with 'speechcoach analyze', which has no limit."
    )


def deadly(task: Task, code: int | None) -> str:
    """Return the sentence on a task that ended its process twice, the second with `code`."""
    how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
    cause = ", most often for want of memory" if code in (-9, OUT_OF_MEMORY) else ""
    return (
        f"{task.job.subject} ended the process that analysed it, twice ({how}{cause}): "
        "try it alone with 'speechcoach analyze', or with fewer processes at once."
    )


def unstarted(task: Task, error: OSError) -> str:
    """Return the sentence on a task for which the system gives no process."""
    return (
        f"{task.job.subject} could not be begun, since the system starts no process "
        f"({error.strerror}): close other programs, or try it with 'speechcoach analyze'."
    )
