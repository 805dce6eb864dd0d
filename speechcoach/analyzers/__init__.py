"""An analyzer turns an `Answer` into named facts; one file each, discovered, no opinions.

An analyzer is a function ``(answer: Answer) -> Iterator[tuple[str, Measurement]]`` registered with
``@analyzer(name)``. It reads the answer, never changes it, holds no threshold of taste, and
yields the same names for every answer, with ``None`` values where it cannot support a number.

One that listens to more than where somebody speaks (to samples, levels, pitch) says so:
``@analyzer(name, needs="sound")``. The others can measure a kept answer again when its sound is
gone: see `speechcoach.history.rescoring`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from speechcoach.data import Answer, Measurement, Recording, Transcript
from speechcoach.registry import Registry, import_all

Facts = Iterator[tuple[str, Measurement]]
Measure = Callable[[Answer], Facts]
Needs = Literal["words", "sound"]


@dataclass(frozen=True)
class Analyzer:
    """An analyzer and what it needs: the sound itself, or only words, times and pauses."""

    measure: Measure
    needs: Needs

    def __call__(self, answer: Answer) -> Facts:
        """Yield its measurements of `answer`, by name."""
        return self.measure(answer)


ANALYZERS: Registry[Analyzer] = Registry("analyzer")


def analyzer(name: str, *, needs: Needs = "words") -> Callable[[Measure], Measure]:
    """Return a decorator that registers a function under `name`, and leaves it as it is."""

    def decorate(measure: Measure) -> Measure:
        ANALYZERS.add(name)(Analyzer(measure, needs))
        return measure

    return decorate


@functools.cache
def load() -> Registry[Analyzer]:
    """Import every analyzer beside this file once and return the registry."""
    import_all(__name__)
    return ANALYZERS


@functools.cache
def names() -> frozenset[str]:
    """Return what is measured of every answer."""
    nothing = Recording(None, "", "", None, None, None, "text")
    return frozenset(measure(Answer(nothing, None, None, Transcript("", (), ()), (), (), (), None)))


def measure(
    answer: Answer, kept: Mapping[str, Measurement] | None = None
) -> dict[str, Measurement]:
    """Return every measurement of every analyzer, by name.

    Parameters
    ----------
    answer : Answer
    kept : Mapping, optional
        What was measured while there was sound, which is gone now: taken as it is by analyzers
        that need sound, for which the `answer` has none. What is not in it nobody can say any more.
    """
    found: dict[str, Measurement] = {}
    for name, analyzer in load().items():
        facts = analyzer(answer) if kept is None else _again(analyzer, answer, kept)
        for measure_name, measurement in facts:
            if measure_name in found:
                raise ValueError(f"analyzer {name!r} measures {measure_name!r} a second time")
            found[measure_name] = measurement
    return found


def _again(analyzer: Analyzer, answer: Answer, kept: Mapping[str, Measurement]) -> Facts:
    """Yield the measurements of an answer whose sound is gone."""
    if analyzer.needs == "words":
        yield from analyzer(answer)
        return
    for name, nothing in analyzer(replace(answer, audio=None, frames=None)):
        yield name, kept.get(name, nothing)
