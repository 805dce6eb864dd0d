"""Recognisers: sound in, words out; one file each, discovered.

An engine is a function ``(audio: Audio) -> Recognition``. Its file registers a factory with
``@ENGINES.add(name)``; the factory takes the model's name or path (None: the engine's default)
and what shows a fetch, loads the model once per process, and raises a `SpeechCoachError` where it
can't. Engines give text and rough times; ``speechcoach.alignment`` puts the words on the time
line.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from speechcoach.data import Audio, Recognition
from speechcoach.engines import checkpoints, fetching
from speechcoach.engines.download import Progress
from speechcoach.errors import EngineError, ModelError
from speechcoach.registry import Registry, import_all, unknown

AUTO = "auto"
PREFERRED, EMBEDDED = "whisper", "moonshine"

TRIAL, PATIENCE = 10.0, 300.0
"""Seconds that "auto" watches a fetch, and that it then still waits for its end (our guess)."""

Announce = Callable[[str], None]
Engine = Callable[[Audio], Recognition]
Factory = Callable[[str | None, fetching.Watch], Engine]
ENGINES: Registry[Factory] = Registry("engine")


@functools.cache
def load() -> Registry[Factory]:
    """Import every engine beside this file once and return the registry."""
    import_all(__name__)
    return ENGINES


def check(name: str, model: str | None = None) -> None:
    """Raise now what `choose` would raise later about names; load and fetch nothing.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    if name != AUTO and name not in load():
        raise unknown("engine", name, [AUTO, *load()])
    if model is not None and name in (AUTO, PREFERRED) and not checkpoints.is_path(model):
        checkpoints.checkpoint(model)


def choose(
    name: str,
    model: str | None = None,
    *,
    announce: Announce,
    watch: fetching.Watch | None = None,
) -> Engine:
    """Return the engine that `name` and `model` ask for, its model loaded.

    Parameters
    ----------
    name : str
        A registered engine, or "auto": Whisper if its checkpoint is here or can be fetched, else
        the embedded Moonshine, which is announced. A `model` given as a path is no wish but an
        order: "auto" then means Whisper.
    model : str, optional
        A checkpoint's name or path.
    announce : callable
        Receives the one line that tells of the fallback.
    watch : callable, optional
        Shows a fetch; else `announce` tells of it.

    Raises
    ------
    UnknownNameError, ModelError, EngineError
    """
    watch = watch or fetching.told(announce)
    chosen, settled = settle(name, model, announce=announce, watch=watch)
    try:
        return load()[chosen](settled, watch)
    except (ModelError, EngineError) as error:
        if chosen == EMBEDDED or _insists(name, model):
            raise
        announce(_fallback(error))
        return load()[EMBEDDED](None, watch)


def settle(
    name: str,
    model: str | None = None,
    *,
    announce: Announce,
    watch: fetching.Watch | None = None,
) -> tuple[str, str | None]:
    """Return the name and model that "auto" comes down to, so that workers need not ask again.

    Fetches, but loads nothing; parameters and errors as in `choose`.
    """
    check(name, model)
    if name not in (AUTO, PREFERRED):
        return name, model
    watch = watch or fetching.told(announce)
    insists = _insists(name, model)
    try:
        here = fetching.obtain(
            model or checkpoints.DEFAULT, watch if insists else _patiently(watch)
        )
    except ModelError as error:
        if insists:
            raise
        announce(_fallback(error))
        return EMBEDDED, None
    return PREFERRED, str(here)


def _insists(name: str, model: str | None) -> bool:
    """Tell whether the user wants Whisper and nothing else."""
    return name != AUTO or (model is not None and checkpoints.is_path(model))


def _fallback(error: Exception) -> str:
    return f"{error} Meanwhile the embedded recogniser (Moonshine tiny) is used."


def _patiently(watch: fetching.Watch) -> fetching.Watch:
    """Return a `watch` that ends a fetch once it is sure to take longer than `PATIENCE`."""

    @contextmanager
    def watching(checkpoint: checkpoints.Checkpoint) -> Iterator[Progress]:
        began: tuple[float, int] | None = None

        def progress(have: int, total: int | None) -> None:
            nonlocal began
            show(have, total)
            began = began or (time.monotonic(), have)
            passed, come = time.monotonic() - began[0], have - began[1]
            left = ((total or have) - have) * passed / max(come, 1)
            if passed > TRIAL and left > PATIENCE:
                raise ModelError(
                    f"Fetching {checkpoint.file} would take {left / 60:.0f} minutes more: "
                    f"`speechcoach models fetch {checkpoint.name}` goes on with it."
                )

        with watch(checkpoint) as show:
            yield progress

    return watching
