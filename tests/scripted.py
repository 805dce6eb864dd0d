"""A recogniser that says what it is told, for tests of everything behind it."""

from collections.abc import Iterator
from contextlib import contextmanager

from speechcoach.data import Audio, EngineInfo, Recognition, Utterance
from speechcoach.engines import Engine, load


@contextmanager
def scripted(*texts: str) -> Iterator[str]:
    """Register an engine that spreads `texts` evenly over any recording; gives its name."""

    def engine(*_: object) -> Engine:
        def recognise(audio: Audio) -> Recognition:
            step = audio.duration / max(len(texts), 1)
            return Recognition(
                EngineInfo("scripted", "none", "1"),
                tuple(Utterance(t, i * step, (i + 1) * step) for i, t in enumerate(texts)),
            )

        return recognise

    load()["scripted"] = engine
    try:
        yield "scripted"
    finally:
        del load()["scripted"]
