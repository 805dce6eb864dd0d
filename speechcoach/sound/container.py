"""Media files opened with FFmpeg's libraries (PyAV), so that nothing in one can do harm.

Only containers that carry their own sound are admitted, nothing else can be opened from within
one (a playlist cannot name another file or an address), and only sound is ever decoded: covers
and pictures are not even looked at.
"""

from __future__ import annotations

import errno
import functools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, NoReturn, cast

import av

from speechcoach.sound.resampling import CHANNELS, UnreadableError

CONTAINERS = (
    "aac,aiff,amr,asf,au,avi,caf,flac,flv,matroska,mov,mp3,mpeg,mpegts,ogg,rf64,w64,wav,webm,wv"
)
"""Containers that carry their own sound. Playlists (HLS, DASH, concat), image sequences, captions
and devices are not among them."""

_OWN_ORDER = re.compile(r"^  Stream #0:(\d+)[^\n]*: Audio: [^\n]*, (\d+) channels \(", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """A sound track as its container describes it; `number` counts from 1.

    `codec` is None where FFmpeg has no decoder for it. `best` marks the one that a player takes.
    """

    number: int
    codec: str | None
    channels: int
    language: str
    best: bool


def sources(file: IO[bytes]) -> tuple[Source, ...]:
    """Return the sound tracks of an open file, in its order.

    Raises
    ------
    av.error.FFmpegError
        The bytes are not a recording in one of `CONTAINERS`.
    UnreadableError
        It is protected.
    """
    with opened(file) as container:
        best = container.streams.best("audio")
        return tuple(
            Source(
                number,
                stream.codec_context.name if stream.codec_context else None,
                stream.channels if stream.codec_context else 0,
                stream.language or "",
                stream is best,
            )
            for number, stream in enumerate(container.streams.audio, start=1)
        )


class _Reader:
    """A file as FFmpeg knows files: a seek to nowhere fails with a number, and it goes on.

    PyAV would take an exception for the end of everything, and print it when it met a second one.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.read = file.read
        self.tell = file.tell

    def seek(self, offset: int, whence: int = 0) -> int:
        """Return the new position, or a negative number."""
        try:
            return self.file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -errno.EINVAL


@contextmanager
def opened(file: IO[bytes]) -> Iterator[av.container.InputContainer]:
    """Open a media file.

    Raises
    ------
    av.error.FFmpegError
        The bytes are not a recording in one of `CONTAINERS`.
    UnreadableError
        Its channels cannot be read.
    """
    file.seek(0)
    options = {"format_whitelist": CONTAINERS, "codec_whitelist": _sound_codecs()}
    with av.open(
        _Reader(file), "r", container_options=options, metadata_errors="replace", io_open=_refuse
    ) as container:
        _forget_orders(container)
        yield container


def _forget_orders(container: av.container.InputContainer) -> None:
    """Let no channels have an order of their own: PyAV 18 frees such a layout twice.

    Even to ask a stream for its layout frees it, so FFmpeg's own description is asked instead. To
    number the channels is enough: they are mixed, not placed. Only xHE-AAC makes such a layout
    while it decodes, where nothing can be done about it.
    """
    before = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)  # the description comes as a log
    try:
        described: str = cast(Any, container).dumps_format()  # its stub leaves this out
    finally:
        av.logging.set_level(before)
    for index, channels in _OWN_ORDER.findall(described):
        context = container.streams[int(index)].codec_context
        if not isinstance(context, av.AudioCodecContext):  # no decoder
            continue
        if context.profile == "xHE-AAC" or not 1 <= int(channels) <= CHANNELS:
            raise UnreadableError(
                f"has {channels} channels in an order of its own: export it again with one or two."
            )
        context.layout = f"{channels} channels"


@functools.cache
def _sound_codecs() -> str:
    """Return the names of all decoders of sound, as FFmpeg's lists are written."""
    return ",".join(name for name in sorted(av.codecs_available) if _decodes_sound(name))


def _decodes_sound(name: str) -> bool:
    try:
        return av.Codec(name, "r").type == "audio"
    except av.codec.codec.UnknownCodecError:  # it only encodes
        return False


def _refuse(url: str, *_: object) -> NoReturn:
    """Stand between a container and any other file or address that it names."""
    raise PermissionError(f"{url} is outside of the recording")
