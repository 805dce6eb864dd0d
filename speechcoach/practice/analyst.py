"""Analysis in a process of its own, warmed up while the person still speaks.

Loading the models or recognising in the recorder's process could hold up its audio callback.
"""

from __future__ import annotations

import contextlib
import copy
import multiprocessing
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NoReturn

from speechcoach.coach import Coach, Settings
from speechcoach.data import Audio, Report, Utterance
from speechcoach.errors import SpeechCoachError
from speechcoach.practice.ahead import Ahead
from speechcoach.recorder.recorder import Recorded

STEP = 3.0
"""Seconds between two looks at a take that grows."""


@dataclass(frozen=True)
class Follow:
    """Recognise a take while it grows."""

    path: Path


@dataclass(frozen=True)
class Analyze:
    """Report on a finished take."""

    path: Path
    question: str | None


class Analyst:
    """Analyses takes in the background, one after another; use it as a context manager.

    Parameters
    ----------
    settings : Settings
        Engine and model should be settled (`speechcoach.engines.settle`): nothing should be
        fetched in the background.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._waiting: deque[tuple[Recorded, str | None]] = deque()

    def __enter__(self) -> Analyst:
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it is at."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()

    def warm(self) -> None:
        """Start the process, which loads its models at once, unless it runs."""
        if self._process is not None and self._process.is_alive():
            return
        context = multiprocessing.get_context("spawn")
        self._connection, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, self.settings), daemon=True)
        with _deaf_to_ctrl_c():
            self._process.start()
        there.close()
        for take, question in self._waiting:  # what the last process died of, or never came to
            self._send(Analyze(take.path, question))

    def follow(self, path: Path) -> None:
        """Recognise the take at `path` while it grows, which makes its report come sooner."""
        self.warm()
        self._send(Follow(path))

    def begin(self, take: Recorded, question: str | None) -> None:
        """Have a take analysed; `report` waits for it."""
        self.warm()
        self._waiting.append((take, question))
        self._send(Analyze(take.path, question))

    def _send(self, job: Follow | Analyze) -> None:
        with contextlib.suppress(OSError):  # a dead process is seen by `report`
            self._pipe.send(job)

    @property
    def _pipe(self) -> Connection:
        if self._connection is None:
            raise ValueError("nothing was given to the analyst")
        return self._connection

    @property
    def waiting(self) -> bool:
        """Whether a take was begun whose report has not been asked for."""
        return bool(self._waiting)

    @property
    def ready(self) -> bool:
        """Whether `report` would return at once."""
        return self.waiting and self._pipe.poll()

    def report(self) -> tuple[Report, list[str]]:
        """Return the report on the oldest take that was begun, and notes for the user.

        Raises
        ------
        SpeechCoachError
            If it cannot be analysed.
        """
        take, _ = self._waiting.popleft()
        try:
            made, notes = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise SpeechCoachError(
                f"The analysis ended before its time. The take is kept: try 'speechcoach analyze "
                f"{take.path}'."
            ) from error
        if isinstance(made, str):
            raise SpeechCoachError(f"{made} The take is kept: {take.path}.")
        return replace(made, warnings=(*take.warnings, *made.warnings)), notes


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Ctrl-C goes to every process of the terminal; one that is started in here ignores it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(connection: Connection, settings: Settings) -> None:
    """Load the models, then answer jobs until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    notes: list[str] = []
    coach = Coach(settings, notes.append)
    with contextlib.suppress(SpeechCoachError):  # it comes again with the first job, and is said
        warm(coach)
    with contextlib.suppress(EOFError, OSError):
        _answer(connection, coach, notes)


def _answer(connection: Connection, coach: Coach, notes: list[str]) -> NoReturn:
    """Do what comes until nothing can come any more; between times, follow the running take."""
    ahead: Ahead | None = None
    while True:
        while ahead and not connection.poll(STEP):
            ahead.listen()
        job = connection.recv()
        if isinstance(job, Follow):
            ahead = _follow(coach, job.path)
        else:
            heard = ahead if ahead and ahead.path == job.path else None
            connection.send((_analyze(coach, job, heard), notes))
            notes.clear()
            ahead = None if heard else ahead


def _follow(coach: Coach, path: Path) -> Ahead | None:
    try:
        return Ahead(coach.engine, path)
    except SpeechCoachError:
        return None  # it comes again with the analysis, and is said


def _analyze(coach: Coach, job: Analyze, heard: Ahead | None) -> Report | str:
    if heard:
        coach = copy.copy(coach)
        coach.engine = heard
    try:
        return coach.analyze(job.path, question=job.question)
    except SpeechCoachError as error:
        return str(error)


def warm(coach: Coach) -> None:
    """Load everything that an analysis needs, by using each part once on a moment of noise."""
    import numpy as np

    from speechcoach.alignment.aligner import align
    from speechcoach.fillers import filled_pauses
    from speechcoach.sound.decoding import RATE
    from speechcoach.sound.frames import frames as frames_of

    noise = np.random.default_rng(0).normal(0, 0.01, 2 * RATE).astype(np.float32)
    sound = Audio(noise, RATE)
    frames = frames_of(sound)
    coach.engine(sound)
    aligned = align((Utterance("So I called the ward.", 0.0, 2.0),), sound)
    filled_pauses.recover(sound, frames, aligned)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "answer.txt")
        written.write_text("So I called the ward, um, and we agreed on a plan.", "utf-8")
        coach.analyze(written, question=next(iter(coach.bank)))
