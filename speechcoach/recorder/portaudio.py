"""PortAudio, the library behind microphone and loudspeaker, without what it tells the terminal."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

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
    """Stderr turned away for as long as anybody wants it; it is the whole process's.

    What Python writes there goes on to where it was.
    """

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._wanted = 0
        self._kept: int | None = None  # what stderr was; None where there is none
        self._python: TextIO | None = None  # what `sys.stderr` was, if it wrote there

    def begin(self) -> None:
        with self._door:
            if not self._wanted:
                self._turn_away()
            self._wanted += 1

    def end(self) -> None:
        with self._door:
            self._wanted -= 1
            if not self._wanted:
                self._bring_back()

    def _turn_away(self) -> None:
        if sys.stderr:
            sys.stderr.flush()
        try:
            self._kept = os.dup(2)
        except OSError:
            return
        if isinstance(sys.stderr, io.TextIOWrapper) and _number(sys.stderr) == 2:
            self._python, sys.stderr = sys.stderr, _like(sys.stderr, self._kept)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)

    def _bring_back(self) -> None:
        if self._kept is None:
            return
        os.dup2(self._kept, 2)
        if self._python:
            sys.stderr.flush()
            sys.stderr, self._python = self._python, None
        os.close(self._kept)
        self._kept = None


def _number(stream: TextIO) -> int | None:
    """Return the number of the file behind a stream, None if there is none."""
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None


def _like(stream: io.TextIOWrapper, number: int) -> TextIO:
    """Return a stream like `stream` to the file of that number."""
    out = io.BufferedWriter(io.FileIO(number, "w", closefd=False))
    return type(stream)(out, stream.encoding, stream.errors, line_buffering=True)


_HUSH = _Hush()


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Keep what C libraries write to the terminal away from it.

    Several threads may do so at once: the last one to end brings stderr back.
    """
    _HUSH.begin()
    try:
        yield
    finally:
        _HUSH.end()
