"""A worker's process, seen from outside: started, given orders, listened to, ended."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import IO, Any

from speechcoach.coach import Settings
from speechcoach.workers.messages import Message, Order

PATIENCE = 1.0
"""Seconds that a process gets to end by itself."""

BOOT = """
import os, pickle, sys
inbox = os.fdopen(os.dup(0), "rb")
sys.path[:] = pickle.load(inbox)
from speechcoach.workers.serving import serve
serve(inbox)
"""


class Process:
    """A process that serves; see `speechcoach.workers.serving`.

    It is started as a program of its own, not by `multiprocessing`, for three reasons: what is set
    in its environment is there before any library can be loaded; the caller's main module, which
    may load some, is not run again in it; and it belongs to another group of processes, so that
    Ctrl-C is the parent's alone from its first moment on.

    Parameters
    ----------
    settings : Settings
        Of its coach.
    environment : mapping
        Variables that are set beside the parent's own.
    hear : callable
        Receives each of its messages, in a thread of its own; None is the last.

    Raises
    ------
    OSError
        If the system starts no more processes.
    """

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        hear: Callable[[Message | None], None],
    ) -> None:
        self._hear = hear
        self._popen = subprocess.Popen(
            [sys.executable, "-c", BOOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **environment},
            **_apart(),
        )
        if self._popen.stdin is None or self._popen.stdout is None:
            raise ValueError("a process without pipes")
        self._inbox = self._popen.stdin
        threading.Thread(target=self._listen, args=(self._popen.stdout,), daemon=True).start()
        self._write(sys.path)
        self._write(settings)

    @property
    def number(self) -> int:
        """The system's number of the process."""
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended; minus the signal that ended it."""
        return self._popen.returncode

    def send(self, order: Order) -> None:
        """Give an order; a dead process does not mind."""
        self._write(order)

    def kill(self) -> None:
        """End it, whatever it is at."""
        self._popen.kill()

    def dismiss(self) -> None:
        """Give no more orders: an idle one ends by itself."""
        with contextlib.suppress(OSError):  # what could not be written to a dead one
            self._inbox.close()

    def join(self) -> None:
        """Wait for its end, but not long."""
        try:
            self._popen.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def _write(self, value: object) -> None:
        with contextlib.suppress(OSError):  # a dead process is seen by `_listen`
            pickle.dump(value, self._inbox)
            self._inbox.flush()

    def _listen(self, outbox: IO[bytes]) -> None:
        with outbox, contextlib.suppress(Exception):  # its end cuts a message anywhere
            while True:
                self._hear(pickle.load(outbox))  # noqa: S301 - it comes from our child
        self.join()
        self._hear(None)


def _apart() -> dict[str, Any]:
    """Return how a process is started that does not hear the terminal's Ctrl-C."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
