"""A WAV file that can be played at any moment while it grows.

16-bit PCM. The sound goes to the disk first, the header that counts it second; so whatever
happens (kill -9, a full disk, no power) the header covers sound that is there, up to the last
`settle`.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from speechcoach import privacy
from speechcoach.errors import AudioError, OutputError
from speechcoach.outputs import whole
from speechcoach.paths import file_name, shown

SAMPLE = 2  # bytes
BLOCK = 1 << 16  # frames that are read at a time
LARGEST = 2**32 - 1 - 36  # bytes of sound that a WAV header can count
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


class GrowingWave:
    """A new WAV file to append to.

    Parameters
    ----------
    path : Path
        Must not exist: a take is never overwritten.
    rate : int
        Hz.
    channels : int

    Raises
    ------
    OutputError
        If the file is there already or cannot be made.
    """

    def __init__(self, path: Path, *, rate: int, channels: int) -> None:
        self.path, self.rate, self.channels = path, rate, channels
        self._size = 0
        try:
            self._file = open(path, "xb", 0, opener=_for_us_alone)  # noqa: SIM115 - it grows
        except OSError as error:
            raise _cannot_make(path, error) from error
        try:
            self.settle()
        except OSError as error:
            self.discard()
            raise _cannot_make(path, error) from error

    @property
    def frames(self) -> int:
        """How many whole samples (of every channel) the file holds."""
        return self._size // (SAMPLE * self.channels)

    @property
    def room(self) -> int:
        """How many more samples fit into a WAV file."""
        return (LARGEST - self._size) // (SAMPLE * self.channels)

    def append(self, sound: bytes) -> None:
        """Write interleaved little-endian samples; OSError if the disk does not take them all."""
        rest = memoryview(sound)
        while rest:
            written = self._file.write(rest) or 0
            self._size += written
            rest = rest[written:]

    def settle(self) -> None:
        """Bring the sound so far safely to the disk, then the header that counts it."""
        os.fsync(self._file.fileno())
        self._file.seek(0)
        self._file.write(_header(self.frames, self.rate, self.channels))
        self._file.seek(_HEADER.size + self._size)
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Settle as far as the disk lets us, and close."""
        try:
            self.settle()
        except OSError:
            pass  # what an earlier call has settled is whole
        finally:
            self._file.close()

    def discard(self) -> None:
        """Close and remove the file."""
        self._file.close()
        self.path.unlink(missing_ok=True)


def _for_us_alone(name: str, flags: int) -> int:
    return os.open(name, flags, privacy.FILE)


def narrow(path: Path, channel: int) -> None:
    """Leave only one channel, from 1 on, in a take; the old file stays until the new one is whole.

    Raises
    ------
    AudioError
        If it is not a take of ours or cannot be read.
    OutputError
        If the disk has no room for the new file.
    """
    try:
        with path.open("rb") as file, whole(path, mode=privacy.FILE) as narrowed:
            rate, channels = _format(path, file.read(_HEADER.size))
            frames = (path.stat().st_size - _HEADER.size) // (SAMPLE * channels)
            narrowed.write(_header(frames, rate, 1))
            while block := file.read(SAMPLE * channels * BLOCK):
                narrowed.write(_channel(block, channels, channel))
    except OSError as error:
        raise AudioError(f"The take {shown(path)} cannot be read ({error.strerror}).") from error


def _channel(block: bytes, channels: int, channel: int) -> bytes:
    """Return the samples of one channel, of whole frames."""
    samples = memoryview(block)[: len(block) // (SAMPLE * channels) * SAMPLE * channels].cast("h")
    return bytes(samples[channel - 1 :: channels])


def repair(path: Path) -> float:
    """Make the header of an unfinished take count all that is there; return the seconds.

    Raises
    ------
    AudioError
        If it is not a take of ours or cannot be written.
    """
    try:
        with path.open("r+b") as file:
            head = file.read(_HEADER.size)
            rate, channels = _format(path, head)
            frames = (path.stat().st_size - _HEADER.size) // (SAMPLE * channels)
            file.seek(0)
            file.write(_header(frames, rate, channels))
    except OSError as error:
        raise AudioError(f"The take {shown(path)} cannot be mended ({error.strerror}).") from error
    return frames / rate


def _format(path: Path, head: bytes) -> tuple[int, int]:
    """Return rate and channels from a header that `GrowingWave` wrote."""
    if len(head) == _HEADER.size:
        riff, _, wave, fmt, _, form, channels, rate, _, _, bits, data, _ = _HEADER.unpack(head)
        if (riff, wave, fmt, form, bits, data) == (b"RIFF", b"WAVE", b"fmt ", 1, 16, b"data"):
            return rate, channels
    raise AudioError(f"{shown(path)} is not a take of speechcoach: its head is damaged.")


def _header(frames: int, rate: int, channels: int) -> bytes:
    width = SAMPLE * channels
    size = frames * width
    form = (b"fmt ", 16, 1, channels, rate, rate * width, width, 8 * SAMPLE)
    return _HEADER.pack(b"RIFF", 36 + size, b"WAVE", *form, b"data", size)


def _cannot_make(path: Path, error: OSError) -> OutputError:
    if isinstance(error, FileExistsError):
        return OutputError(
            f"{shown(path)} is there already, and a take is never overwritten: name another."
        )
    if isinstance(error, FileNotFoundError):
        return OutputError(
            f"There is no folder {shown(path.parent)} for the take {file_name(path)}: "
            "make it first."
        )
    return OutputError(
        f"The take {shown(path)} cannot be written ({error.strerror}): name another place."
    )
