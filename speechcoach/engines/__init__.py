"""Recognisers: sound in, words out; one file each, discovered.

What a file has to give is `speechcoach.engines.engine.Engine`. Everybody else asks here, by name.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import TypeVar

from speechcoach.checkup import Check
from speechcoach.data import EngineInfo
from speechcoach.engines.display import Display, impatient, line
from speechcoach.engines.engine import ENGINES, Engine, Recogniser
from speechcoach.errors import EngineError, ModelError, UnknownNameError
from speechcoach.registry import Registry, import_all, unknown

AUTO = "auto"

T = TypeVar("T")


@functools.cache
def load() -> Registry[Engine]:
    """Import every engine beside this file once and return the registry."""
    import_all(__name__)
    return ENGINES


def in_order() -> list[Engine]:
    """Return the engines, those that "auto" tries first, in its order."""
    return sorted(load().values(), key=lambda e: (e.order is None, e.order, e.name))


def check(name: str, model: str | None = None) -> None:
    """Raise now what `choose` would raise later about names; load and fetch nothing.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    if name == AUTO:
        _wanted(model)
    else:
        _named(name).check(model)


def choose(
    name: str,
    model: str | None = None,
    *,
    announce: Callable[[str], None],
    display: Display | None = None,
) -> Recogniser:
    """Return the recogniser that `name` and `model` ask for, its model loaded.

    Parameters
    ----------
    name : str
        A registered engine, or "auto": the first of them, in their order, whose model is here or
        can be fetched. That it falls back on another one is announced. A `model` that is a file of
        the user's is no wish but an order: then "auto" does not fall back.
    model : str, optional
        A model's name or path.
    announce : callable
        Receives the one line that tells of the fallback.
    display : callable, optional
        Shows a fetch; else `announce` tells of it.

    Raises
    ------
    UnknownNameError, ModelError, EngineError
    """

    def use(engine: Engine, wanted: str | None, display: Display) -> Recogniser:
        return engine.open(engine.settle(wanted, display))

    return _first(name, model, use, announce, display)


def settle(
    name: str,
    model: str | None = None,
    *,
    announce: Callable[[str], None],
    display: Display | None = None,
) -> tuple[str, str]:
    """Return the name and model that these come down to, so that workers need not ask again.

    Fetches, but loads nothing that is known to be whole; parameters and errors as in `choose`.
    """

    def use(engine: Engine, wanted: str | None, display: Display) -> tuple[str, str]:
        return engine.name, engine.settle(wanted, display)

    return _first(name, model, use, announce, display)


def identity(name: str, model: str) -> EngineInfo:
    """Return what tells the words of a settled engine and model (see `settle`) from any other's.

    Raises
    ------
    UnknownNameError, ModelError, EngineError
    """
    return _named(name).identity(model)


def checkup() -> Iterator[Check]:
    """Look at what each engine needs on this machine."""
    for engine in in_order():
        yield from engine.checkup()


def _named(name: str) -> Engine:
    if name not in load():
        raise unknown("engine", name, [AUTO, *load()])
    return load()[name]


def _first(
    name: str,
    model: str | None,
    use: Callable[[Engine, str | None, Display], T],
    announce: Callable[[str], None],
    display: Display | None,
) -> T:
    """Return what `use` makes of the engine that is asked for, for "auto" of the first that works.

    Where another one could do as well, nobody waits long for a fetch.
    """
    check(name, model)
    display = display or line(announce)
    if name != AUTO:
        return use(load()[name], model, display)
    candidates = _wanted(model)
    if len(candidates) == 1:
        return use(*candidates[0], display)
    failures: list[str] = []
    for engine, wanted in candidates:
        try:
            used = use(engine, wanted, impatient(display))
        except (ModelError, EngineError) as error:
            failures.append(str(error))
        else:
            if failures:
                announce(f"{failures[0]} Meanwhile {engine.title} is used.")
            return used
    raise EngineError(" ".join(dict.fromkeys(failures)))


def _wanted(model: str | None) -> list[tuple[Engine, str | None]]:
    """Return which engines "auto" tries, in its order, and with which model.

    Raises
    ------
    UnknownNameError
        If `model` is none that they know; what they fall back on has no say in that.
    """
    *first, last = (e for e in in_order() if e.order is not None and e.available)
    if model is None:
        return [(engine, None) for engine in [*first, last]]
    accepting, refusals = [], []
    for engine in first or [last]:
        try:
            engine.check(model)
            accepting.append(engine)
        except (UnknownNameError, EngineError) as error:
            refusals.append(error)
    if not accepting:
        raise refusals[0]
    wanted: list[tuple[Engine, str | None]] = [(engine, model) for engine in accepting]
    insists = any(engine.is_file(model) for engine in accepting)
    return wanted if insists or last in accepting else [*wanted, (last, None)]
