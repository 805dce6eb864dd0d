"""Hearing a take again, from any moment of it."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

from speechcoach.errors import AudioError
from speechcoach.paths import shown
from speechcoach.recorder.portaudio import hushed, portaudio

BLOCK = 0.1  # seconds between two looks at whether to stop


def play(path: Path, *, start: float = 0.0, stop: Callable[[], bool] = lambda: False) -> None:
    """Play a take to its end, or until `stop` says so.

    Parameters
    ----------
    path : Path
        A take of ours: 16-bit WAV.
    start : float
        Seconds from the take's start.

    Raises
    ------
    AudioError
        If the take cannot be read or nothing plays here.
    """
    sounddevice = portaudio()
    try:
        with wave.open(str(path), "rb") as take, hushed():
            rate = take.getframerate()
            stream = sounddevice.RawOutputStream(
                samplerate=rate, channels=take.getnchannels(), dtype="int16"
            )
            with stream:
                take.setpos(min(max(round(start * rate), 0), take.getnframes()))
                while (block := take.readframes(round(BLOCK * rate))) and not stop():
                    stream.write(block)
    except sounddevice.PortAudioError as error:
        raise AudioError(
            f"Nothing can be played here ({error.args[0]}): open {shown(path)} in a player."
        ) from error
    except (OSError, EOFError, wave.Error) as error:
        raise AudioError(f"The take {shown(path)} cannot be played ({error}).") from error
