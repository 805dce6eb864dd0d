"""PortAudio, the library behind microphone and loudspeaker, without what it tells the terminal."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from speechcoach.errors import AudioError

if TYPE_CHECKING:
    from types import ModuleType

INSTALL = (
    "Install PortAudio (Debian and Ubuntu: apt install libportaudio2), or record with another "
    "program and use 'speechcoach analyze FILE'."
)


@functools.cache
def portaudio() -> ModuleType:
    """Import sounddevice, which loads and starts PortAudio.

    Raises
    ------
    AudioError
        If the library is missing or does not start.
    """
    try:
        with hushed():
            import sounddevice
    except OSError as error:
        raise AudioError(f"PortAudio, which reads the microphone, is missing. {INSTALL}") from error
    except Exception as error:  # PortAudio's own error type comes with the import that fails
        raise AudioError(f"PortAudio does not start ({error}). {INSTALL}") from error
    module: ModuleType = sounddevice
    return module


class _Hush:
    """Stderr turned away for as long as anybody wants it; it is the whole process's."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._wanted = 0
        self._kept: int | None = None  # what stderr was; None where there is none

    def begin(self) -> None:
        with self._door:
            if not self._wanted:
                self._kept = _turned_away()
            self._wanted += 1

    def end(self) -> None:
        with self._door:
            self._wanted -= 1
            if not self._wanted and self._kept is not None:
                os.dup2(self._kept, 2)
                os.close(self._kept)


_HUSH = _Hush()


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Keep what C libraries write to the terminal away from it.

    Several threads may do so at once: the last one to end brings stderr back. What anybody else
    writes on stderr meanwhile is lost, too.
    """
    _HUSH.begin()
    try:
        yield
    finally:
        _HUSH.end()


def _turned_away() -> int | None:
    """Let stderr go nowhere; return what it was, None where there is none."""
    if sys.stderr:
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:
        return None
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return kept
