"""How far a long run is: a bar on a terminal, a line now and then elsewhere; on stderr."""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from speechcoach.harmless import harmless
from speechcoach.quantities import clock

INTERVAL = 10.0  # seconds between lines where there is no terminal


class Tally:
    """Shows how many of `total` things are done, how fast, and the time left.

    `total` is None where the end is open. Things that cost no work, such as what was done in an
    earlier run, do not count towards the rate.
    """

    def __init__(self, total: int | None) -> None:
        self.total, self.done, self.worked = total, 0, 0
        self.console = Console(stderr=True)
        self.began = self.said = time.monotonic()
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
        shown = self.console.is_terminal and total is not None
        self.bar = Progress(*columns, console=self.console, transient=True, disable=not shown)
        self.task = self.bar.add_task("", total=total, pace="")

    def __enter__(self) -> Tally:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def advance(self, *, worked: bool) -> None:
        """Count one more thing; `worked` tells whether it took work."""
        self.done += 1
        self.worked += worked
        now = time.monotonic()
        pace = pace_text(self.worked, now - self.began, (self.total or self.done) - self.done)
        self.bar.update(self.task, completed=self.done, pace=pace)
        if self.total and self.bar.disable and now - self.said > INTERVAL:
            self.said = now
            self.note(f"{self.done} of {self.total} files, {pace}")

    def note(self, text: str) -> None:
        """Say something without disturbing the bar."""
        self.console.print(harmless(text), markup=False, highlight=False, soft_wrap=True)


def pace_text(worked: int, seconds: float, remaining: int) -> str:
    """Return rate and time left: "2.4 a second, 1:10 left"."""
    if not worked or seconds <= 0:
        return ""
    rate = worked / seconds
    speed = f"{rate:.1f} a second" if rate >= 1 else f"{60 * rate:.1f} a minute"
    return f"{speed}, {clock(remaining / rate)} left"
