"""Keys as they are pressed, and a terminal that is always put back as it was.

Signals come in as keys, so that nothing is interrupted half-way: Ctrl-C is `INTERRUPT`; a
terminal that closes or an end from outside (SIGHUP, SIGTERM) is `END`.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType
from typing import Any

ENTER, SPACE, ESCAPE, INTERRUPT, END = "enter", "space", "escape", "interrupt", "end"

_NAMES = {"\r": ENTER, "\n": ENTER, " ": SPACE, "\x1b": ESCAPE, "\x03": INTERRUPT, "": END}
_SIGNALS = {"SIGINT": INTERRUPT, "SIGTERM": END, "SIGHUP": END, "SIGBREAK": END}


class Keyboard:
    """The terminal's keys; use it as a context manager, in the main thread."""

    def __init__(self) -> None:
        self._terminal: Any = None
        self._handlers: dict[int, Any] = {}
        self._signalled: str | None = None

    def __enter__(self) -> Keyboard:
        for name, key in _SIGNALS.items():
            if (number := getattr(signal, name, None)) is not None:
                self._handlers[number] = signal.signal(number, self._on_signal(key))
        self._terminal = _key_by_key() if sys.stdin.isatty() else None
        return self

    def __exit__(self, *_: object) -> None:
        if self._terminal is not None:
            _restore(self._terminal)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def key(self, seconds: float) -> str | None:
        """Wait up to `seconds` for a key; return its name, or the letter in lower case."""
        if self._signalled is None:
            pressed = self._read(seconds)
        if self._signalled is not None:
            told, self._signalled = self._signalled, None
            return told
        return None if pressed is None else _NAMES.get(pressed, pressed.lower())

    def _read(self, seconds: float) -> str | None:
        if self._terminal is None:
            time.sleep(seconds)
            return None
        return _pressed(seconds)

    def _on_signal(self, key: str) -> Any:
        def remember(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal module's signature
            self._signalled = key

        return remember


if sys.platform == "win32":
    import msvcrt

    def _key_by_key() -> Any:
        return True

    def _restore(terminal: Any) -> None:
        """There is nothing to put back: Windows reads key by key without a mode."""

    def _pressed(seconds: float) -> str | None:
        end = time.monotonic() + seconds
        while not msvcrt.kbhit():
            if time.monotonic() >= end:
                return None
            time.sleep(0.02)
        pressed = msvcrt.getwch()
        if pressed in "\x00\xe0":  # an arrow or function key: its second half says which
            msvcrt.getwch()
            return None
        return pressed

else:
    import select
    import termios
    import tty

    def _key_by_key() -> Any:
        """Read without waiting for Enter and without echo; keep Ctrl-Z from stopping a take."""
        here = sys.stdin.fileno()
        before = termios.tcgetattr(here)
        tty.setcbreak(here)
        now = termios.tcgetattr(here)
        now[6][termios.VSUSP] = os.fpathconf(here, "PC_VDISABLE").to_bytes(1, "big")
        termios.tcsetattr(here, termios.TCSADRAIN, now)
        return before

    def _restore(terminal: Any) -> None:
        # Keys that were pressed too late belong to the recorder, not to the shell.
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSAFLUSH, terminal)

    def _pressed(seconds: float) -> str | None:
        here = sys.stdin.fileno()
        if not select.select([here], [], [], seconds)[0]:
            return None
        try:
            pressed = os.read(here, 64).decode("utf-8", "replace")
        except OSError:  # the terminal has gone
            return ""
        # Several characters at once are an arrow key, a paste or a held key.
        return pressed if len(pressed) <= 1 else _of_several(pressed)

    def _of_several(pressed: str) -> str | None:
        return None if pressed.startswith("\x1b") else pressed[0]
