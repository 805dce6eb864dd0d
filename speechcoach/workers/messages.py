"""What passes between a process and whoever supervises it: pickles, one after another.

To the process go once a list, `sys.path`, and once the `Settings`; then `Do` and `Forget`.
From it come the others, and in the end an exit code.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

from speechcoach.errors import SpeechCoachError


@dataclass(frozen=True)
class Do:
    """A job to do, pickled: one that cannot be read there fails alone; `limit` in seconds."""

    number: int
    job: bytes
    limit: float


@dataclass(frozen=True)
class Forget:
    """The take of that job need not be followed any more."""

    number: int


Order = Do | Forget


@dataclass(frozen=True)
class At:
    """What the process is at from now on: the job of that number, or none."""

    number: int | None


@dataclass(frozen=True)
class Said:
    """A note for whoever waits for a job."""

    number: int
    text: str


@dataclass(frozen=True)
class Done:
    """What a job returned."""

    number: int
    result: str


@dataclass(frozen=True)
class Failed:
    """Why a job returned nothing."""

    number: int
    error: SpeechCoachError


Message = At | Said | Done | Failed

OUT_OF_MEMORY = errno.ENOMEM
"""The exit code of a process that has no memory left."""
