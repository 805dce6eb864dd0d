"""The recorder: blocks of sound in from the audio callback, a playable file out.

The callback only puts bytes into a queue; a thread of our own measures them and writes them to
the disk. Nothing here knows of microphones or terminals.
"""

from __future__ import annotations

import enum
import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from speechcoach.errors import AudioError, OutputError
from speechcoach.quantities import clock
from speechcoach.recorder.growing_wave import SAMPLE, GrowingWave, narrow
from speechcoach.recorder.inputs import Inputs
from speechcoach.recorder.meter import Meter
from speechcoach.recorder.unfinished import Mark

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SETTLE = 0.4
"""Seconds between two moments from which on the file is safe."""

PATIENCE = 4.0
"""Seconds without a block after which a microphone counts as gone (our guess); one that has not
begun yet gets twice as long."""

BACKLOG = 2000
"""Blocks that may wait for a slow disk; some 20 to 100 s, a few megabytes."""

FEW = 2
"""Channels that are all kept: which of two the microphone is plugged into is seen when the file is
read. More would make a file that no player takes for a voice."""

DEAD = 3.0
"""Seconds of digital silence in a take that had sound: unplugged or muted (our guess)."""


class Ending(enum.Enum):
    """Why a take ended."""

    STOPPED = "stopped"
    LIMIT = "the limit was reached"
    GONE = "the microphone went away"
    DISK = "the disk took no more"


@dataclass(frozen=True)
class Recorded:
    """A finished take; `seconds` is what is in the file.

    `overflows` counts how often sound was lost on the way to the file, `died` is when the
    microphone began to send nothing but digital silence, None if it never did. `voice` is the
    input, from 1 on, that alone was kept of `inputs`; None where the file has all of them.
    """

    path: Path
    seconds: float
    rate: int
    ending: Ending
    overflows: int = 0
    died: float | None = None
    inputs: int = 1
    voice: int | None = None

    @property
    def remark(self) -> str:
        """What the person should know of how it was recorded, "" if nothing."""
        if self.voice is None:
            return ""
        return (
            f"Of the {self.inputs} inputs of the microphone, number {self.voice} has the voice: "
            "that one is kept (--channel N takes another)."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the report has to say of this take."""
        return tuple(filter(None, (self._ended(), self._lost(), self._dead())))

    def _ended(self) -> str:
        at = clock(self.seconds)
        if self.ending is Ending.GONE:
            return f"The microphone went away at {at}; what was recorded until then is kept."
        if self.ending is Ending.DISK:
            return f"The disk took no more sound at {at}; what was recorded until then is kept."
        return ""

    def _lost(self) -> str:
        if not self.overflows:
            return ""
        times = "once" if self.overflows == 1 else f"{self.overflows} times"
        return f"The computer was too busy {times} while recording: some sound is missing there."

    def _dead(self) -> str:
        if self.died is None:
            return ""
        return (
            f"From {clock(self.died)} on the microphone sent only digital silence: "
            "was it unplugged or muted?"
        )


class Recorder:
    """Writes one take; starts paused, so that levels can be seen before it begins.

    Parameters
    ----------
    path : Path
        The take; it must not exist.
    rate : int
        Hz of the blocks.
    channels : int
        Channels of the blocks, interleaved.
    channel : int, optional
        The only one to write, from 1 on. If not told, all are written, and where they are more
        than two, the one with the voice alone is left in the end, if there is one.
    longest : float, optional
        Seconds after which the take ends by itself.
    question : str, optional
        The id of the question that it answers.
    patience : float
        Seconds without a block after which the microphone counts as gone.

    Raises
    ------
    OutputError
        If the file is there already or cannot be made.
    """

    def __init__(
        self,
        path: Path,
        *,
        rate: int,
        channels: int = 1,
        channel: int | None = None,
        longest: float | None = None,
        question: str | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.meter = Meter()
        self.overflows = 0
        self.ended = threading.Event()
        self._channels, self._channel = channels, channel
        self._inputs = Inputs(rate, channels)
        self._file = GrowingWave(path, rate=rate, channels=1 if channel else channels)
        self._mark = Mark(path, question)
        self._limit = self._file.room if longest is None else round(longest * rate)
        self._patience, self._first = patience, True
        self._running = False
        self._ending = Ending.STOPPED
        self._queue: queue.SimpleQueue[tuple[bytes, bool] | None] = queue.SimpleQueue()
        self._settled = time.monotonic()
        self._writer = threading.Thread(target=self._write_all, name="recorder", daemon=True)
        self._writer.start()

    def receive(self, block: bytes, overflowed: bool = False) -> None:
        """Take a block of 16-bit samples; called by the audio callback, so it only queues it."""
        if self.ended.is_set():
            return
        full = self._queue.qsize() >= BACKLOG
        if self._running and (overflowed or full):
            self.overflows += 1
        if not full:
            self._queue.put((block, self._running))

    def start(self) -> None:
        """Write what comes from now on; also ends a pause."""
        self._running = True

    def pause(self) -> None:
        """Leave out what comes from now on."""
        self._running = False

    @property
    def running(self) -> bool:
        """Whether what comes is written."""
        return self._running and not self.ended.is_set()

    @property
    def seconds(self) -> float:
        """Length of what has been written."""
        return self._file.frames / self._file.rate

    @property
    def checked(self) -> float:
        """Seconds of sound that the meter has measured since its `reset`."""
        return self.meter.samples / self._file.rate

    @property
    def silent_for(self) -> float:
        """Seconds for which the microphone has sent nothing but digital silence."""
        return self.meter.zeros / self._file.rate

    def finish(self) -> Recorded:
        """End the take and return it; a take without a single sample leaves no file."""
        self._join()
        died = self.seconds - self.silent_for if self.silent_for > DEAD else None
        self._file.close()
        voice = self._narrowed()
        self._mark.remove()
        if not self.seconds:
            self._file.discard()
        return Recorded(
            path=self._file.path,
            seconds=self.seconds,
            rate=self._file.rate,
            ending=self._ending,
            overflows=self.overflows,
            died=None if died is None else max(died, 0.0),
            inputs=self._channels,
            voice=voice,
        )

    def _narrowed(self) -> int | None:
        """Leave only the input with the voice in the file, if there are many; return which."""
        voice = self._inputs.with_voice if self._channel is None else None
        if self._channels <= FEW or voice is None:
            return None
        try:
            narrow(self._file.path, voice)
        except (AudioError, OutputError):  # no room for another file: then this one has them all
            return None
        return voice

    def discard(self) -> None:
        """End the take and throw it away."""
        self._join()
        self._file.discard()
        self._mark.remove()

    def _join(self) -> None:
        self._queue.put(None)
        self._writer.join()

    def _write_all(self) -> None:
        """Write until told to end, or until the take ends by itself."""
        try:
            while self._write_next():
                pass
        except OSError:
            self._ending = Ending.DISK
        finally:
            self.ended.set()

    def _write_next(self) -> bool:
        try:
            item = self._queue.get(timeout=self._patience * (2 if self._first else 1))
        except queue.Empty:
            self._ending = Ending.GONE
            return False
        if item is None:
            return False
        self._first = False
        block, wanted = item
        sound = self._heard(block)
        self.meter.add(sound)
        if not wanted:
            return True
        if self._channels > FEW:
            self._inputs.add(sound)
        return self._write(sound.tobytes())

    def _heard(self, block: bytes) -> NDArray[np.int16]:
        """Return the samples of a block, shape (n, channels), of the channels that count."""
        import numpy as np

        sound = np.frombuffer(block, dtype="<i2").reshape(-1, self._channels)
        return sound if self._channel is None else sound[:, self._channel - 1 : self._channel]

    def _write(self, block: bytes) -> bool:
        width = SAMPLE * self._file.channels
        left = min(self._limit - self._file.frames, self._file.room)
        self._file.append(block[: left * width])
        if time.monotonic() - self._settled >= SETTLE:
            self._file.settle()
            self._settled = time.monotonic()
        if left * width > len(block):
            return True
        self._ending = Ending.LIMIT
        return False
