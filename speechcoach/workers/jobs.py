"""What workers can do."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from speechcoach.errors import SpeechCoachError
from speechcoach.paths import shown
from speechcoach.reports import to_json

if TYPE_CHECKING:
    from speechcoach.workers.desk import Desk

STEP = 3.0
"""Seconds between two looks at a take that grows."""


@dataclass(frozen=True)
class Analyze:
    """Report on one recorded or written answer; see `speechcoach.coach.Coach.analyze`."""

    path: Path
    question: str | None = None

    @property
    def subject(self) -> str:
        """The file."""
        return shown(self.path)

    def run(self, desk: Desk) -> str:
        """Return the report as JSON; of a take that was followed, only the rest is recognised."""
        coach = desk.coach
        if heard := desk.followed.pop(self.path, None):
            coach = copy.copy(coach)
            coach.engine = heard
        return to_json(coach.analyze(self.path, question=self.question))


@dataclass(frozen=True)
class Follow:
    """Recognise a take while it grows, so that its report comes sooner.

    This is advice, which workers that cannot heed it may leave at that. Where it is heeded, it is
    between other jobs, every `step` seconds, until the take is analysed or the future cancelled;
    the future is done then. The take need not be there yet.
    """

    path: Path
    step: float = STEP

    @property
    def subject(self) -> str:
        """The take."""
        return shown(self.path)

    def run(self, desk: Desk) -> str:
        """Begin to follow; what goes wrong is left to the analysis to say."""
        from speechcoach.workers.ahead import Ahead

        try:
            desk.followed[self.path] = Ahead(desk.coach.engine, self.path)
        except SpeechCoachError:
            desk.followed.pop(self.path, None)
        return ""


@dataclass(frozen=True)
class Warm:
    """Load everything that an analysis needs, in one worker."""

    @property
    def subject(self) -> str:
        """What it does, there being no file."""
        return "Loading the models"

    def run(self, desk: Desk) -> str:
        """Use each part once, on a moment of noise."""
        import numpy as np

        from speechcoach.alignment.aligner import align
        from speechcoach.coach import Heard
        from speechcoach.data import Audio, Recording, Utterance, Word
        from speechcoach.fillers import filled_pauses
        from speechcoach.sound.frames import frames as frames_of
        from speechcoach.sound.resampling import RATE

        noise = np.random.default_rng(0).normal(0, 0.01, 2 * RATE).astype(np.float32)
        sound = Audio(noise, RATE)
        said = "So I called the ward."
        desk.coach.engine(sound)
        aligned = align((Utterance(said, 0.0, 2.0),), sound)
        filled_pauses.recover(sound, frames_of(sound), aligned)
        heard = Heard(tuple(map(Word, f"{said} So, um, we agreed on a plan.".split())))
        nothing = Recording(None, "", "", None, None, None, "text")
        question = next(iter(desk.coach.bank.values()))
        desk.coach.report(nothing, None, None, heard, question)
        return ""
