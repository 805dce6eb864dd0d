"""A recogniser that says what it is told, for tests of everything behind it."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

from speechcoach.checkup import Check
from speechcoach.data import Audio, EngineInfo, Recognition, Utterance
from speechcoach.engines import load
from speechcoach.engines.display import Display
from speechcoach.engines.engine import Engine, Recogniser
from speechcoach.errors import ModelError
from speechcoach.registry import unknown


class Scripted(Engine):
    """Spreads `texts` evenly over any recording; its only model is called "none"."""

    name, title, models = "scripted", "the scripted recogniser", "none"
    offer = "what the script says"

    def __init__(self, *texts: str, order: int | None = None, broken: str = "") -> None:
        self.texts, self.order, self.broken = texts, order, broken

    def check(self, model: str | None) -> None:
        """Raise unless `model` is "none"."""
        if model not in (None, "none"):
            raise unknown("scripted model", str(model), ["none"])

    def settle(self, model: str | None, display: Display) -> str:
        """Return "none", or say that there is no script."""
        if self.broken:
            raise ModelError(self.broken)
        return "none"

    def identity(self, model: str) -> EngineInfo:
        """Return who speaks."""
        return EngineInfo(self.name, model, "1", "5c" * 32)

    def open(self, model: str) -> Recogniser:
        """Return what says the texts."""

        def recognise(audio: Audio) -> Recognition:
            step = audio.duration / max(len(self.texts), 1)
            said = (Utterance(t, i * step, (i + 1) * step) for i, t in enumerate(self.texts))
            return Recognition(self.identity(model), tuple(said))

        return recognise

    def checkup(self) -> Iterable[Check]:
        """Find that it works."""
        return [Check("script", True, f"{len(self.texts)} lines")]


@contextmanager
def registered(engine: Engine) -> Iterator[str]:
    """Register an engine for a while; gives its name."""
    load().add(engine.name)(engine)
    try:
        yield engine.name
    finally:
        del load()[engine.name]


def scripted(*texts: str) -> AbstractContextManager[str]:
    """Register an engine that says `texts`."""
    return registered(Scripted(*texts))
