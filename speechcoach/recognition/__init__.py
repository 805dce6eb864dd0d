"""Recognisers: sound in, words out; one file each, discovered.

An engine is a function ``(audio: Audio) -> Recognition``. Its file registers a factory with
``@ENGINES.add(name)``; the factory takes the model's name or path (None: the engine's default),
loads the model once per process, and raises a `SpeechCoachError` where it can't. Engines give
text and rough times; ``speechcoach.alignment`` puts the words on the time line.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable

from speechcoach.data import Audio, Recognition
from speechcoach.registry import Registry

Engine = Callable[[Audio], Recognition]
Factory = Callable[[str | None], Engine]
ENGINES: Registry[Factory] = Registry("engine")


@functools.cache
def load() -> Registry[Factory]:
    """Import every engine beside this file once and return the registry."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return ENGINES


def choose(name: str, model: str | None = None, *, announce: Callable[[str], None]) -> Engine:
    """Return the engine that `name` and `model` ask for, its model loaded."""
    return load()["moonshine" if name == "auto" else name](model)
