"""Jobs for workers in tests: they answer, wait, talk, and die in every way."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from speechcoach.data import EngineInfo, Recognition
from speechcoach.errors import AudioError
from speechcoach.workers import Analyze, Follow
from speechcoach.workers.processes import ONE_THREAD


@dataclass(frozen=True)
class Named:
    """A job that is known by a name."""

    subject: str = "job"


@dataclass(frozen=True)
class Echo(Named):
    """Gives its name back, and says so."""

    def run(self, desk):
        desk.say(f"at {self.subject}")
        return self.subject


@dataclass(frozen=True)
class Who(Named):
    """Gives the number of the process that does it."""

    def run(self, desk):
        return str(os.getpid())


@dataclass(frozen=True)
class Marked(Named):
    """Writes the number of its process to a file, and waits for another file to be there."""

    mark: Path = Path("mark")
    gate: Path | None = None

    def run(self, desk):
        part = self.mark.with_name(f"{self.mark.name}.part")
        part.write_text(str(os.getpid()))
        part.rename(self.mark)
        while self.gate and not self.gate.exists():
            time.sleep(0.01)
        return self.subject


@dataclass(frozen=True)
class Die(Named):
    """Kills its process: every time, or as long as it has not done so `times` times."""

    record: Path = Path("record")
    times: int = 99

    def run(self, desk):
        with self.record.open("a") as file:
            file.write(f"{os.getpid()}\n")
        if len(self.record.read_text().split()) <= self.times:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.subject


@dataclass(frozen=True)
class Hang(Named):
    """Waits for ever in native code, which holds the interpreter if `hard`."""

    mark: Path | None = None
    hard: bool = False

    def run(self, desk):
        if self.mark:
            Marked(mark=self.mark).run(desk)
        if self.hard:
            ctypes.PyDLL(None).sleep(10_000)
        ctypes.CDLL(None).sleep(10_000)
        return ""


@dataclass(frozen=True)
class Raise(Named):
    """Fails with an error: ours, a fault, or no memory."""

    kind: str = "ours"

    def run(self, desk):
        raise {
            "ours": AudioError(f"{self.subject} is no sound."),
            "fault": ZeroDivisionError("by nothing"),
            "memory": MemoryError(),
        }[self.kind]


@dataclass(frozen=True)
class Print(Named):
    """Prints on stdout, from Python and from C."""

    def run(self, desk):
        sys.stdout.write("from Python\n")
        sys.stdout.flush()
        libc = ctypes.CDLL(None)
        libc.puts(b"from C")
        libc.fflush(None)
        return self.subject


@dataclass(frozen=True)
class Threads(Named):
    """Tells how many threads numeric libraries use, and what they were told."""

    def run(self, desk):
        import numpy as np
        from threadpoolctl import threadpool_info

        from speechcoach.sound.voice import VoiceDetector

        before = threads()
        VoiceDetector().hears(np.ones(16_000, np.float32))
        return json.dumps(
            {
                "pools": [pool["num_threads"] for pool in threadpool_info()],
                "detector's": threads() - before,
                "told": {name: os.environ.get(name) for name in ONE_THREAD},
            }
        )


@dataclass(frozen=True)
class Recogniser(Named):
    """Tells how many threads the recogniser starts."""

    def run(self, desk):
        import numpy as np

        from speechcoach.data import Audio

        before = threads()
        desk.coach.engine(Audio(np.zeros(16_000, np.float32), 16_000))
        return str(threads() - before)


@dataclass(frozen=True)
class Loaded(Named):
    """Tells which libraries were loaded before there was any work."""

    def run(self, desk):
        return json.dumps(
            [name for name in ("numpy", "torch", "onnxruntime") if name in sys.modules]
        )


@dataclass(frozen=True)
class Listen(Follow):
    """Follows a take with ears of its own, which write down whose they are.

    A file beside the take, called like it, has them hang, die, or fail.
    """

    mark: Path = Path("mark")

    def run(self, desk):
        desk.coach.engine = self.hear
        return super().run(desk)

    def hear(self, sound):
        Marked(mark=self.mark).run(None)
        if self.path.with_suffix(".hang").exists():
            Hang().run(None)
        if self.path.with_suffix(".deadly").exists():
            os.kill(os.getpid(), signal.SIGKILL)
        if self.path.with_suffix(".fault").exists():
            raise ZeroDivisionError
        return Recognition(EngineInfo("ears", "none", "1"), ())


@dataclass(frozen=True)
class Heard(Analyze):
    """Tells, in place of a report, which process does it and how far its take was followed."""

    def run(self, desk):
        ahead = desk.followed.pop(self.path, None)
        return f"{os.getpid()} {ahead._done if ahead else None}"


class Unreadable(Named):
    """Cannot be read by a worker."""

    def __reduce__(self):
        return fail, ()

    def run(self, desk):
        return ""


def fail():
    raise ImportError("no such thing there")


def until(true, seconds=60.0):
    """Wait until something is true; a worker that never gets there fails the test."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def threads() -> int:
    """How many threads this process has, those of libraries included; 0 where nobody can tell."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else 0


def alive(process: int) -> bool:
    """Whether a process runs; one that nobody has fetched does not."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
