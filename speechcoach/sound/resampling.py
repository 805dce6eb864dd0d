"""From decoded frames of any kind to blocks at one rate, with the holes between them as silence."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

from speechcoach.sound.timeline import Timeline

RATE = 16_000
"""Hz of all decoded sound: what the recognisers and the aligner were trained on."""

RATES = (2_000, 1_000_000)
"""Hz from and to which sound is read: what is lower holds no words, what is higher is no rate."""

CHANNELS = 64
"""The most channels that FFmpeg's resampler takes."""

Block = NDArray[np.float32]


@dataclass(frozen=True)
class Gap:
    """Silence in place of sound that is not there: `size` samples at `RATE`."""

    size: int


class UnreadableError(Exception):
    """Why this sound cannot be read, as the rest of a sentence that starts with the file."""


def resampled(frames: Iterable[av.AudioFrame], timeline: Timeline) -> Iterator[Block | Gap]:
    """Yield blocks of shape (channels, n) at `RATE`, each of a second or less, and gaps.

    Raises
    ------
    UnreadableError
        A frame is of a rate or a number of channels that no recording of speech has.
    """
    line: _Line | None = None
    for frame in frames:
        hole = timeline.before(_checked(frame))
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if line is None or line.form != form:
            if line is not None:
                yield from line.rest()
            line = _Line(form)
        if hole:
            line.leave(hole)
        yield from line.push(frame)
    if line is not None:
        yield from line.rest()


def _checked(frame: av.AudioFrame) -> av.AudioFrame:
    low, high = RATES
    if not low <= frame.sample_rate <= high:
        raise UnreadableError(
            f"says that it has {frame.sample_rate:,} samples a second, which no recording of "
            f"speech has ({low:,} to {high:,}): export it again, at 16,000 or more."
        )
    if not 1 <= frame.layout.nb_channels <= CHANNELS:
        raise UnreadableError(
            f"says that it has {frame.layout.nb_channels} channels, of which at most {CHANNELS} "
            "can be read: export it again with one or two."
        )
    return frame


class _Line:
    """Resamples frames of one form.

    Nothing is flushed at a hole: it is remembered by its place in what comes out, so that a
    thousand lost packets cost no more than none.
    """

    def __init__(self, form: tuple[str, str, int]) -> None:
        self.form = form
        _, layout, self.rate = form
        # Packed: PyAV walks out of bounds over the planes of eight channels and more.
        self.resampler = av.AudioResampler(format="flt", layout=layout, rate=RATE, frame_size=RATE)
        self.taken = self.given = 0  # samples before and after
        self.holes: deque[tuple[int, Gap]] = deque()

    def leave(self, seconds: float) -> None:
        """Leave a hole after what was pushed so far."""
        place = round(self.taken * RATE / self.rate)
        self.holes.append((place, Gap(round(seconds * RATE))))

    def push(self, frame: av.AudioFrame | None) -> Iterator[Block | Gap]:
        """Yield what comes out for a frame, None for the end."""
        if frame is not None:
            self.taken += frame.samples
            frame.pts = None  # the time line is ours; absurd stamps are not for the filters
        for block in self.resampler.resample(frame):
            channels = block.layout.nb_channels
            packed = np.asarray(block.to_ndarray(), dtype=np.float32)
            yield from self._cut(packed.reshape(-1, channels).T)

    def rest(self) -> Iterator[Block | Gap]:
        """Yield what is still inside."""
        yield from self.push(None)
        yield from (gap for _, gap in self.holes)

    def _cut(self, block: Block) -> Iterator[Block | Gap]:
        """Yield a block in the parts that lie between holes."""
        while self.holes and self.holes[0][0] <= self.given + block.shape[1]:
            place, gap = self.holes.popleft()
            before, block = np.split(block, [max(0, place - self.given)], axis=1)
            if before.size:
                self.given += before.shape[1]
                yield before
            yield gap
        if block.size:
            self.given += block.shape[1]
            yield block
