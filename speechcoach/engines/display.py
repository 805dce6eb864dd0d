"""What shows that something large comes over the network, whatever it is and whoever looks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from speechcoach.errors import ModelError

TRIAL, PATIENCE = 10.0, 300.0
"""Seconds that a fetch is watched for, and that are then still waited for its end (our guess)."""

Gauge = Callable[[int, int | None], None]
"""Told how many bytes are there and how many there will be (None: the server doesn't say)."""


@dataclass(frozen=True)
class Fetch:
    """Something that is about to be fetched.

    `what` names it in a sentence, `size` is in bytes (None: not known), `command` is what a person
    types to fetch it however long it takes.
    """

    what: str
    size: int | None
    command: str

    @property
    def megabytes(self) -> str:
        """Its size in words."""
        return f"{self.size / 1e6:.0f} MB" if self.size else "size unknown"


class Display(Protocol):
    """Shows a fetch: entered before the first packet is sent, left after the last byte has come."""

    def __call__(self, fetch: Fetch, /) -> AbstractContextManager[Gauge]:
        """Announce `fetch` and give what is told how far it is."""
        ...


def nothing(_: Fetch) -> AbstractContextManager[Gauge]:
    """Show nothing."""
    return nullcontext(lambda *_: None)


def line(announce: Callable[[str], None]) -> Display:
    """Return a display that is one line, given to `announce`."""

    def display(fetch: Fetch) -> AbstractContextManager[Gauge]:
        announce(f"Fetching {fetch.what} ({fetch.megabytes}), once.")
        return nothing(fetch)

    return display


def impatient(display: Display) -> Display:
    """Return a `display` that ends a fetch once it is sure to take longer than `PATIENCE`."""

    @contextmanager
    def watching(fetch: Fetch) -> Iterator[Gauge]:
        began: tuple[float, int] | None = None

        def gauge(have: int, total: int | None) -> None:
            nonlocal began
            show(have, total)
            began = began or (time.monotonic(), have)
            passed, come = time.monotonic() - began[0], have - began[1]
            left = ((total or have) - have) * passed / max(come, 1)
            if passed > TRIAL and left > PATIENCE:
                raise ModelError(
                    f"Fetching {fetch.what} would take {left / 60:.0f} minutes more: "
                    f"`{fetch.command}` goes on with it."
                )

        with display(fetch) as show:
            yield gauge

    return watching
