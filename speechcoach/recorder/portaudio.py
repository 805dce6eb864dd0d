"""PortAudio, the library behind microphone and loudspeaker, without what it tells the terminal."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
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


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Keep what C libraries write to the terminal away from it."""
    sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # there is no stderr
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
