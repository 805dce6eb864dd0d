"""A take at the terminal: a look at the microphone, a countdown, the take with its keys."""

from __future__ import annotations

import enum
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from speechcoach.data import Question
from speechcoach.errors import AudioError, OutputError
from speechcoach.paths import shown
from speechcoach.recorder import meter
from speechcoach.recorder.microphone import PLUG_IN, Microphone
from speechcoach.recorder.recorder import DEAD, Ending, Recorded, Recorder
from speechcoach.terminal import keyboard, status
from speechcoach.terminal.keyboard import Keyboard

if TYPE_CHECKING:
    from rich.console import Console

CHECK = 1.0
"""Seconds of sound that the look at the microphone takes."""

TICK = 0.1  # seconds between two drawings of the line
AWAY = (keyboard.ESCAPE, "q")
SURE = "Throw this take away?  y: yes, any other key: no"
STARTING, THINKING = "Recording starts in", "Thinking time:"
TOLD_TO_END = 143  # exit code of a process that SIGTERM ends


@dataclass(frozen=True)
class Plan:
    """How a take is to go; `countdown` and `longest` in seconds."""

    path: Path
    question: Question | None = None
    countdown: float = 3.0
    longest: float | None = None
    check: bool = True
    counting: str = STARTING


class Verdict(enum.Enum):
    """What the keys decided about a take, and what follows."""

    KEEP = "keep"
    DISCARD = "discard"
    BREAK_OFF = "break off"  # Ctrl-C: keep it, and no further one
    END = "end"  # keep it, and nothing may follow: the terminal closed, or we were told to end


SIGNALLED: dict[str | None, Verdict] = {
    keyboard.INTERRUPT: Verdict.BREAK_OFF,
    keyboard.END: Verdict.END,
}


def record(plan: Plan, microphone: Microphone, console: Console) -> tuple[Recorded | None, Verdict]:
    """Record one take, led by the keys of the terminal.

    Returns the take, None if nothing is left of it, and what the keys decided.

    Where stdin is no terminal, signals and `plan.longest` end the take.

    Parameters
    ----------
    console : Console
        Where the live line goes.

    Raises
    ------
    OutputError
        If the take cannot be written.
    AudioError
        If the microphone does not open or sends nothing.
    SystemExit
        If the process was told to end; the take is kept.
    """
    recorder = Recorder(
        plan.path,
        rate=microphone.rate,
        channels=microphone.channels,
        channel=microphone.channel,
        longest=plan.longest,
        question=plan.question.id if plan.question else None,
    )
    try:
        with (
            Keyboard() as keys,
            _live_line(console) as show,
            microphone.listening(recorder.receive),
        ):
            verdict = _Session(plan, recorder, keys, console, show).run()
    except BaseException:
        recorder.finish()
        raise
    return _concluded(recorder, verdict, console)


def _concluded(
    recorder: Recorder, verdict: Verdict, console: Console
) -> tuple[Recorded | None, Verdict]:
    if verdict is Verdict.DISCARD:
        recorder.discard()
        return None, verdict
    take = recorder.finish()
    if verdict is Verdict.END:
        if take.seconds:
            console.print(
                f"Kept: {shown(take.path)}", highlight=False, markup=False, soft_wrap=True
            )
        raise SystemExit(TOLD_TO_END)
    if take.seconds:
        return take, verdict
    if take.ending is Ending.GONE:
        raise AudioError(f"The microphone opens but sends no sound. {PLUG_IN}")
    if take.ending is Ending.DISK:
        raise OutputError(
            f"The disk takes no sound for {shown(take.path)}: free space, or name another."
        )
    return None, verdict


@contextmanager
def _live_line(console: Console) -> Iterator[Callable[[str], None]]:
    """Give a function that draws the one line that changes; it is gone at the end."""
    from rich.live import Live
    from rich.text import Text

    if not console.is_terminal:
        yield lambda _: None
        return
    with Live(
        console=console,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as live:
        yield lambda text: live.update(
            Text(text, no_wrap=True, overflow="crop", end=""), refresh=True
        )


@dataclass(frozen=True)
class _Session:
    """One take at the terminal; every step returns a verdict, or None to go on."""

    plan: Plan
    recorder: Recorder
    keys: Keyboard
    console: Console
    show: Callable[[str], None]

    def run(self) -> Verdict:
        return self._check() or self._count_down() or self._take()

    def _check(self) -> Verdict | None:
        """Wait for sound, look at it for a moment and say what is wrong with it."""
        if not self.plan.check:
            return None
        self.recorder.meter.reset()
        while self.recorder.checked < CHECK:
            if self.recorder.ended.is_set():
                return Verdict.KEEP
            if verdict := self._way_out(self.keys.key(TICK)):
                return verdict
            self._draw_waiting("Checking the microphone: say something")
        if remark := meter.remark(self.recorder.meter.loudness):
            self.console.print(remark, highlight=False, markup=False, soft_wrap=True)
        return None

    def _count_down(self) -> Verdict | None:
        """Count the seconds down; Enter starts at once."""
        start = time.monotonic() + self.plan.countdown
        while (left := start - time.monotonic()) > 0:
            key = self.keys.key(min(TICK, left))
            if key == keyboard.ENTER:
                return None
            if verdict := self._way_out(key):
                return verdict
            self._draw_waiting(f"{self.plan.counting} {math.ceil(left)}, Enter starts now")
        return None

    def _take(self) -> Verdict:
        self.recorder.start()
        while not self.recorder.ended.is_set():
            key = self.keys.key(TICK)
            if verdict := self._obey(key):
                return verdict
            self._draw()
        return Verdict.KEEP

    def _obey(self, key: str | None) -> Verdict | None:
        if key == keyboard.SPACE:
            self._turn(not self.recorder.running)
        if key in AWAY:
            return self._ask()
        return Verdict.KEEP if key == keyboard.ENTER else SIGNALLED.get(key)

    def _turn(self, on: bool) -> None:
        if on:
            self.recorder.start()
        else:
            self.recorder.pause()

    def _ask(self) -> Verdict | None:
        """Ask before throwing away; nothing is recorded meanwhile, and a no goes on as it was."""
        running = self.recorder.running
        self._turn(False)
        key = None
        while key is None and not self.recorder.ended.is_set():
            self.show(status.fullest(iter((SURE, "Throw away? y/n", "y/n?")), self._width))
            key = self.keys.key(TICK)
        if key == "y":
            return Verdict.DISCARD
        self._turn(running)
        return SIGNALLED.get(key)

    def _way_out(self, key: str | None) -> Verdict | None:
        """Return what a key means before the take has begun."""
        return Verdict.DISCARD if key in AWAY else SIGNALLED.get(key)

    @property
    def _width(self) -> int:
        return self.console.width - 1

    def _draw_waiting(self, text: str) -> None:
        bar = status.level_bar(self.recorder.meter.level)
        self.show(status.fullest(iter((f"{text}  {bar}  q leaves", text, bar)), self._width))

    def _draw(self) -> None:
        recorder, question = self.recorder, self.plan.question
        shown = status.Status(
            seconds=recorder.seconds,
            level=recorder.meter.level,
            paused=not recorder.running,
            window=question.seconds if question else None,
            limit=self.plan.longest,
            problem="no sound comes from the microphone" if recorder.silent_for > DEAD else "",
        )
        self.show(status.line(shown, self._width))
