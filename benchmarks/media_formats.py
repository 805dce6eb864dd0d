"""Short files in every format that the machine's FFmpeg can write, made on the spot."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE = 16_000


@dataclass(frozen=True)
class Seed:
    """A format to write: the file's name, its codec, and what the muxer and encoder are told."""

    name: str
    codec: str
    rate: int = RATE
    layout: str = "mono"
    form: str | None = None
    muxer: dict[str, str] = field(default_factory=dict)
    encoder: dict[str, str] = field(default_factory=dict)
    tracks: int = 1
    picture: bool = False


SEEDS = (
    Seed("a.wav", "pcm_s16le"),
    Seed("float.wav", "pcm_f32le", layout="5.1"),
    Seed("eight.wav", "pcm_s24le", layout="7.1"),
    Seed("adpcm.wav", "adpcm_ima_wav"),
    Seed("mulaw.wav", "pcm_mulaw", 8_000),
    Seed("a.rf64", "pcm_s16le", form="wav", muxer={"rf64": "always"}),
    Seed("a.w64", "pcm_s16le"),
    Seed("a.caf", "pcm_s16be"),
    Seed("a.aiff", "pcm_s16be", layout="stereo"),
    Seed("a.au", "pcm_s16be"),
    Seed("a.flac", "flac"),
    Seed("a.mp3", "libmp3lame", 44_100),
    Seed("plain.mp3", "libmp3lame", 22_050, muxer={"write_xing": "0", "id3v2_version": "0"}),
    Seed("a.mp2", "mp2", 48_000),
    Seed("a.aac", "aac", 44_100, "stereo", form="adts"),
    Seed("a.m4a", "aac", 44_100),
    Seed("fast.mp4", "aac", 48_000, muxer={"movflags": "faststart"}),
    Seed(
        "parts.mp4", "aac", 48_000, muxer={"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    ),
    Seed("a.mov", "pcm_s16le", 48_000),
    Seed("video.mp4", "aac", 48_000, muxer={"movflags": "faststart"}, picture=True),
    Seed("a.ogg", "vorbis", 44_100, "stereo", encoder={"strict": "experimental"}),
    Seed("a.opus", "libopus", 48_000),
    Seed("flac.ogg", "flac"),
    Seed("a.webm", "libopus", 48_000),
    Seed("live.webm", "libopus", 48_000, muxer={"live": "1"}),
    Seed("two.mkv", "libopus", 48_000, tracks=2),
    Seed("a.avi", "libmp3lame", 44_100),
    Seed("a.ts", "aac", 48_000),
    Seed("a.mpg", "mp2", 48_000, form="vob"),
    Seed("a.wma", "wmav2", 44_100, form="asf", encoder={"b": "64k"}),
    Seed("a.wv", "wavpack"),
    Seed("a.flv", "libmp3lame", 44_100),
    Seed("a.amr", "libopencore_amrnb", 8_000),
)


def sound(rate: int, seconds: float = 1.5) -> np.ndarray:
    """Return a buzz like a voice with noise and a pause in it, shape (n,)."""
    time_ = np.arange(round(rate * seconds)) / rate
    buzz = sum(np.sin(2 * np.pi * 120 * k * time_) / k for k in range(1, 20))
    noise = np.random.default_rng(0).standard_normal(time_.size)
    return np.asarray(0.1 * buzz * ((time_ % 1) < 0.7) + 0.001 * noise, dtype=np.float32)


def write(path: Path, seed: Seed, samples: np.ndarray | None = None) -> Path:
    """Write a seed's file; raise what FFmpeg raises where it cannot."""
    samples = sound(seed.rate) if samples is None else samples
    with av.open(str(path), "w", format=seed.form, options=seed.muxer) as container:
        picture = _picture(container) if seed.picture else None
        streams = []
        for _ in range(seed.tracks):
            stream = container.add_stream(seed.codec, rate=seed.rate, layout=seed.layout)
            stream.codec_context.options = seed.encoder
            stream.codec_context.open(strict=False)
            streams.append(stream)
        if picture:
            _draw(container, picture)
        for stream in streams:
            _encode(container, stream, samples)
    return path


def _encode(
    container: av.container.OutputContainer, stream: av.AudioStream, samples: np.ndarray
) -> None:
    context = stream.codec_context
    rate, channels = context.sample_rate, context.layout.nb_channels
    resampler = av.AudioResampler(format=context.format.name, layout=context.layout, rate=rate)
    size = context.frame_size or 1024
    for first in range(0, samples.size, size):
        packed = np.repeat(samples[first : first + size, None], channels, axis=1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(packed), format="flt", layout=context.layout.name
        )
        frame.sample_rate, frame.pts, frame.time_base = rate, first, Fraction(1, rate)
        for ready in resampler.resample(frame):
            container.mux(stream.encode(ready))
    container.mux(stream.encode(None))


def _picture(container: av.container.OutputContainer) -> av.VideoStream:
    stream = container.add_stream("mpeg4", rate=10)
    stream.width = stream.height = 32
    return stream


def _draw(container: av.container.OutputContainer, stream: av.VideoStream) -> None:
    for shade in range(15):
        image = np.full((32, 32, 3), shade * 16, dtype=np.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
    container.mux(stream.encode(None))


def _own_order() -> bytes:
    """Return a CAF whose two channels are in an order of their own: no muxer writes that here."""
    pcm = np.repeat((sound(RATE) * 32767).astype(">i2")[:, None], 2, axis=1).tobytes()
    chunks = {
        b"desc": struct.pack(">d4sIIIII", RATE, b"lpcm", 0, 4, 1, 2, 16),
        b"chan": struct.pack(">IIIIIfffIIfff", 0, 0, 2, 2, *(0,) * 4, 1, *(0,) * 4),
        b"data": bytes(4) + pcm,
    }
    body = b"".join(name + struct.pack(">q", len(data)) + data for name, data in chunks.items())
    return b"caff\0\1\0\0" + body


def made(folder: Path, note: Callable[[str], None] = print) -> dict[str, bytes]:
    """Return the bytes of every seed that can be written here, by its name; name the others."""
    found = {"order.caf": _own_order()}
    for seed in SEEDS:
        try:
            found[seed.name] = write(folder / seed.name, seed).read_bytes()
        except (av.error.FFmpegError, ValueError) as error:
            note(f"left out: {seed.name} ({seed.codec}): {error}")
    return found
