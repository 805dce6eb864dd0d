"""From an open media file to mono samples on FFmpeg's libraries (PyAV).

Time zero is the first sample that decodes: a later start of the sound in a video, encoder delay
and pre-skip are left out. Holes between timestamps are filled with silence, so that times agree
with a player's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

import av
import numpy as np
from numpy.typing import NDArray

from speechcoach.sound.container import opened
from speechcoach.sound.mixing import Mixer, Survey
from speechcoach.sound.resampling import RATE, Block, Gap, UnreadableError, resampled
from speechcoach.sound.timeline import Timeline
from speechcoach.sound.wholeness import counts_frames, frame_length

_ESTIMATED = {"aac", "amr", "asf", "avi"}  # containers whose length FFmpeg guesses, whole or cut
_COUNTED = {"aac", "amr", "mp3"}  # without stamps: FFmpeg counts frames, all as long as the first
_UNSTAMPED = {"aiff", "au", "caf", "w64", "wav"}  # samples, one after the other
_FRAMED = {"aac", "mp3"}  # whose packets start with the length of a frame
_MARKED = {"mpeg", "mpegts"}  # whose last packet is marked by FFmpeg if it is not whole
_LARGEST = 2.0**32  # beyond the scale of integers of 32 bits
_END = 1.0  # seconds; a parser makes several packets of a cut one


@dataclass
class Track:
    """The sound of one file as it is decoded.

    The samples are kept as bytes: a bytearray grows in place, so the peak stays near one copy.
    `announced` is the length in seconds that the container promises, None where it does not.
    `damaged` counts packets that did not decode, `broken` samples that were not numbers.
    `intact` are the seconds since the last packet that was not whole.
    """

    rate: int
    channels: int
    announced: float | None
    timeline: Timeline
    damaged: int = 0
    broken: int = 0
    intact: float = math.inf
    buffer: bytearray = field(default_factory=bytearray, repr=False)

    @property
    def samples(self) -> NDArray[np.float32]:
        """Mono samples at `RATE`, shape (n,): the buffer itself, which is full by then."""
        return np.frombuffer(self.buffer, dtype=np.float32)

    @property
    def duration(self) -> float:
        """Length in seconds of what has been decoded."""
        return len(self.buffer) / 4 / RATE

    @property
    def cut(self) -> bool:
        """Whether the sound breaks off: a packet at its end is not whole."""
        return self.intact < _END

    @property
    def second(self) -> int:
        """The second that is being filled."""
        return len(self.buffer) // 4 // RATE

    def finite(self, block: Block) -> Block:
        """Return the block with silence for what is no number, or one of no scale."""
        finite = np.abs(block) <= _LARGEST  # false for NaN as well
        if finite.all():
            return block
        self.broken += int(block.size - np.count_nonzero(finite))
        return np.where(finite, block, np.float32(0))

    def add(self, mono: NDArray[np.float32]) -> None:
        """Append samples."""
        self.buffer += np.ascontiguousarray(mono).data

    def leave(self, gap: Gap) -> None:
        """Append silence."""
        for first in range(0, gap.size, RATE):  # in parts: a gap may be an hour
            self.buffer += bytes(4 * min(RATE, gap.size - first))


def decode(file: IO[bytes], number: int, *, longest: float) -> Track:
    """Decode a sound track of an open file, up to `longest` seconds of it.

    Channels are averaged; where that loses the sound (two in opposite phase, one of many that
    speaks), the loudest is taken in a second pass.

    Raises
    ------
    av.error.FFmpegError
        The bytes are not a recording that is admitted, or not one sample of it decodes.
    UnreadableError
        Its codec, rate or number of channels cannot be read, or it is protected.
    """
    survey = Survey(RATE)
    track = _decode(file, number, longest, Mixer(), survey)
    plan = survey.plan()
    if plan is None:
        return track
    del track  # before there is another one: a long track is large
    return _decode(file, number, longest, Mixer(plan), None)


def _decode(
    file: IO[bytes], number: int, longest: float, mixer: Mixer, survey: Survey | None
) -> Track:
    counted = counts_frames(file)
    with opened(file) as container:
        stream = container.streams.audio[number - 1]
        _check(stream)
        timeline = Timeline()
        announced = _announced(container, stream, counted=counted)
        track = Track(stream.rate, stream.channels, announced, timeline)
        frames = _frames(container, stream, track)
        if container.format.name in _COUNTED | _UNSTAMPED:
            frames = _stamped(frames, stream.rate if container.format.name in _COUNTED else 0)
        for piece in resampled(frames, timeline):
            if isinstance(piece, Gap):
                track.leave(piece)
                continue
            block = track.finite(piece)
            if survey is not None:
                survey.add(block, track.second)
            track.add(mixer.mix(block, track.second))
            if track.duration > longest:
                break
    return track


def _check(stream: av.AudioStream) -> None:
    if stream.codec_context is None:
        raise UnreadableError(
            "holds sound in a codec that cannot be read: export it again as wav, mp3 or m4a."
        )


def _announced(
    container: av.container.InputContainer, stream: av.AudioStream, *, counted: bool
) -> float | None:
    """Return the length that the container states; an mp3 does if it has `counted` its frames."""
    name = container.format.name
    if name in _ESTIMATED or (name == "mp3" and not counted):
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and len(container.streams) == 1:
        return container.duration / av.time_base
    return None


def _packets(
    container: av.container.InputContainer, stream: av.AudioStream
) -> Iterator[av.Packet[av.AudioStream]]:
    try:
        yield from container.demux(stream)
    except IndexError:  # PyAV, at the end of a file in which further streams turned up: it is over
        return


def _frames(
    container: av.container.InputContainer, stream: av.AudioStream, track: Track
) -> Iterator[av.AudioFrame]:
    """Yield what decodes and step over damage; raise it only if nothing decodes at all."""
    packets = _packets(container, stream)
    kind = container.format.name
    alive = locked = False
    damage = None
    while True:
        packet = None
        try:
            packet = next(packets, None)
            if packet is None:
                break
            locked = locked or packet.has_sidedata("encryption_info")
            frames = packet.decode()
        except av.error.FFmpegError as error:
            track.damaged += 1
            track.intact = 0.0
            damage = error
            continue
        if _is_cut(packet, kind):
            track.intact = 0.0
        for frame in frames:
            alive = True
            track.intact += frame.samples / max(1, frame.sample_rate)
            yield frame
    if locked and not alive:
        raise UnreadableError("is protected against copying: save it again without protection.")
    if damage is not None and not alive:
        raise damage


def _is_cut(packet: av.Packet[av.AudioStream], container: str) -> bool:
    """Say whether a packet is not whole, though it may decode all the same."""
    if container in _FRAMED:
        length = frame_length(bytes(packet)[:6])
        return length is not None and 0 < packet.size < length
    return container in _MARKED and packet.is_corrupt


def _stamped(frames: Iterator[av.AudioFrame], rate: int) -> Iterator[av.AudioFrame]:
    """Yield the frames without their stamps from where the rate is not this one."""
    counted = True
    for frame in frames:
        counted = counted and frame.sample_rate == rate
        if not counted:
            frame.pts = None
        yield frame
