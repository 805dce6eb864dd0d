"""From an open media file to mono samples, in one pass, on FFmpeg's libraries (PyAV).

Only containers that carry their own sound are admitted, and nothing else can be opened from
within one: a playlist cannot name another file or an address.

Time zero is the first sample that decodes: a later start of the sound in a video, encoder delay
and pre-skip are left out. Holes between timestamps are filled with silence, so that times agree
with a player's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, NoReturn

import av
import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Hz of all decoded sound: what the recognisers and the aligner were trained on."""

CONTAINERS = (
    "aac,aiff,amr,asf,au,avi,caf,flac,flv,matroska,mov,mp3,mpeg,mpegts,ogg,rf64,w64,wav,webm,wv"
)
"""Containers that carry their own sound. Playlists (HLS, DASH, concat), image sequences, captions
and devices are not among them."""

_ESTIMATED = {"aac", "amr"}  # containers without a length: FFmpeg guesses it from the bit rate
_BLOCK = RATE  # samples a resampled block: one second keeps Python's share of the work small
_HOLE = 0.1  # seconds between timestamps; less is a container's rounding
_WIDEST_HOLE = 60.0  # seconds; a wider one is a broken clock, not silence
_LOST = 0.05  # energy of the mean of the channels to that of the loudest (one of two: 0.25)


@dataclass
class Track:
    """The sound of one file as it is decoded.

    The samples are kept as bytes: a bytearray grows in place, so the peak stays near one copy.
    `announced` is the length in seconds that the container promises, None where it does not.
    `damaged` counts packets that did not decode, `broken` samples that were not numbers.
    """

    rate: int
    channels: int
    announced: float | None
    damaged: int = 0
    broken: int = 0
    mixed: float = 0.0
    energies: NDArray[np.float64] = field(default_factory=lambda: np.zeros(1), repr=False)
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
    def lost(self) -> bool:
        """Whether the mean of the channels is all but silent beside the loudest of them."""
        return self.mixed < _LOST * float(self.energies.max())

    def add(self, block: NDArray[np.float32], channel: int | None) -> None:
        """Append a block of shape (channels, n): the mean of its channels, or one of them."""
        finite = np.isfinite(block)
        if not finite.all():
            self.broken += int(block.size - np.count_nonzero(finite))
            block = np.where(finite, block, np.float32(0))
        mono = block.mean(axis=0) if channel is None else block[channel]
        self.energies = self.energies + np.square(block, dtype=np.float64).sum(axis=1)
        self.mixed += float(np.square(mono, dtype=np.float64).sum())
        self.buffer += np.ascontiguousarray(mono).data


def decode(file: IO[bytes], *, longest: float) -> Track | None:
    """Decode the main sound track of an open file, up to `longest` seconds of it.

    Returns None where the file has no sound track. Channels are averaged; where that loses the
    sound (two in opposite phase, one of many that speaks), the loudest is taken in a second pass.

    Raises
    ------
    av.error.FFmpegError
        The bytes are not a recording in one of `CONTAINERS`, or not one sample of it decodes.
    """
    track = _decode(file, None, longest)
    if track is None or not track.lost:
        return track
    return _decode(file, int(track.energies.argmax()), longest)


def _decode(file: IO[bytes], channel: int | None, longest: float) -> Track | None:
    file.seek(0)
    with av.open(
        file, "r", container_options={"format_whitelist": CONTAINERS}, io_open=_refuse
    ) as container:
        stream = container.streams.best("audio")
        if not isinstance(stream, av.AudioStream):
            return None
        track = Track(stream.rate, stream.channels, _announced(container, stream))
        for block in _resampled(_frames(container, stream, track)):
            track.add(block, channel)
            if track.duration > longest:
                break
    return track


def _refuse(url: str, *_: object) -> NoReturn:
    """Stand between a container and any other file or address that it names."""
    raise PermissionError(f"{url} is outside of the recording")


def _announced(container: av.container.InputContainer, stream: av.AudioStream) -> float | None:
    if container.format.name in _ESTIMATED:
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and len(container.streams) == 1:
        return container.duration / av.time_base
    return None


def _frames(
    container: av.container.InputContainer, stream: av.AudioStream, track: Track
) -> Iterator[av.AudioFrame]:
    """Yield what decodes and step over damage; raise it only if nothing decodes at all."""
    packets = container.demux(stream)
    alive = False
    damage = None
    while True:
        try:
            packet = next(packets, None)
            frames = [] if packet is None else packet.decode()
        except av.error.FFmpegError as error:
            track.damaged += 1
            damage = error
            continue
        if packet is None:
            break
        alive = alive or bool(frames)
        yield from frames
    if damage is not None and not alive:
        raise damage


def _resampled(frames: Iterator[av.AudioFrame]) -> Iterator[NDArray[np.float32]]:
    """Yield blocks of shape (channels, n) at `RATE`; holes between the frames become silence."""
    resampler = None
    form: tuple[str, str, int] | None = None
    expected: float | None = None
    for frame in frames:
        hole = 0.0 if expected is None or frame.time is None else frame.time - expected
        changed = form != (form := (frame.format.name, frame.layout.name, frame.sample_rate))
        if resampler is None or changed or _HOLE < hole < _WIDEST_HOLE:
            if resampler is not None:
                yield from _blocks(resampler, None)
            if _HOLE < hole < _WIDEST_HOLE:
                yield np.zeros((1, round(hole * RATE)), dtype=np.float32)
            resampler = _resampler(frame)
        yield from _blocks(resampler, frame)
        if frame.time is not None:
            expected = frame.time + frame.samples / frame.sample_rate
    if resampler is not None:
        yield from _blocks(resampler, None)


def _resampler(frame: av.AudioFrame) -> av.AudioResampler:
    """Return FFmpeg's own resampler, the one that Whisper's loader uses as well."""
    return av.AudioResampler(format="fltp", layout=frame.layout, rate=RATE, frame_size=_BLOCK)


def _blocks(
    resampler: av.AudioResampler, frame: av.AudioFrame | None
) -> Iterator[NDArray[np.float32]]:
    for block in resampler.resample(frame):
        yield block.to_ndarray().astype(np.float32, copy=False)
