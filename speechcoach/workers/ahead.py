"""Recognition that starts while the person still speaks.

Of a take that grows, the part before the last silence is finished: it is recognised at once, so
that only the rest remains when the take ends. Its pieces are cut with less of the recording known
than afterwards, so the words may differ here and there from those of a later analysis of the file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from speechcoach.data import Audio, Recognition, Utterance
from speechcoach.engines.engine import Recogniser
from speechcoach.errors import AudioError
from speechcoach.sound import audio, cutting

PIECE = 15.0
"""Seconds that are recognised at a time: what the embedded recogniser likes best."""


class Ahead:
    """An engine that has heard most of one take before it is asked.

    Parameters
    ----------
    engine : Recogniser
        Who recognises.
    path : Path
        The take that grows; it need not be there yet.
    """

    def __init__(self, engine: Recogniser, path: Path) -> None:
        self.path = path
        self._engine = engine
        self._done = 0.0
        self._heard: list[Utterance] = []

    def listen(self) -> None:
        """Recognise what is finished by now."""
        try:
            rest = self._rest(audio.load(self.path, growing=True).audio)
        except AudioError:
            return  # it has hardly begun
        *finished, last = cutting.pieces(rest, PIECE)
        if finished:
            part = Audio(rest.samples[: round(last.start * rest.rate)], rest.rate)
            self._heard += self._recognised(part).utterances
            self._done += part.duration

    def __call__(self, whole: Audio) -> Recognition:
        """Return what was said in the whole take: what is known, and the rest."""
        rest = self._recognised(self._rest(whole))
        return replace(rest, utterances=(*self._heard, *rest.utterances))

    def _rest(self, whole: Audio) -> Audio:
        return Audio(whole.samples[round(self._done * whole.rate) :], whole.rate)

    def _recognised(self, part: Audio) -> Recognition:
        """Recognise a part that begins where the last one ended, in the times of the take."""
        found = self._engine(part)
        shifted = (
            replace(u, start=u.start + self._done, end=u.end + self._done) for u in found.utterances
        )
        return replace(found, utterances=tuple(shifted))
