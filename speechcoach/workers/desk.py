"""What a worker has: one coach, the takes that it follows, and somebody to tell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from speechcoach.coach import Coach, Settings
from speechcoach.errors import JobError, SpeechCoachError
from speechcoach.workers.contract import Job, Note, unheard

if TYPE_CHECKING:
    from speechcoach.workers.ahead import Ahead


class Desk:
    """Does one job after another with the same models; for one thread."""

    def __init__(self, settings: Settings) -> None:
        self.coach = Coach(settings, self.say)
        self.followed: dict[Path, Ahead] = {}
        self._note: Note = unheard

    def say(self, text: str) -> None:
        """Tell whoever waits for the job that is being done."""
        self._note(text)

    def perform(self, job: Job, note: Note = unheard) -> str:
        """Return what `job` returns.

        Raises
        ------
        SpeechCoachError
            Its own, or `JobError` for a fault of ours.
        MemoryError
            Which leaves this process spent.
        """
        self._note = note
        try:
            return job.run(self)
        except (SpeechCoachError, MemoryError):
            raise
        except Exception as error:  # a fault of ours costs its own job, not the others
            raise JobError(_fault(job.subject, error)) from error
        finally:
            self._note = unheard


def _fault(subject: str, error: Exception) -> str:
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return (
        f"{subject} met a fault in speechcoach ({what}): run 'speechcoach analyze' on it and "
        "report what it says."
    )
