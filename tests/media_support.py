"""Media files that are odd in one way each, made on the spot."""

import importlib
import struct
import sys
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from sound_support import RATE, tone, write

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"


def benchmark(name):
    """Return a script of benchmarks/ as a module: `media_formats` writes every format."""
    if str(BENCHMARKS) not in sys.path:
        sys.path.append(str(BENCHMARKS))
    return importlib.import_module(name)


def level(sound):
    """Return the RMS level of `sound` in dB relative to full scale."""
    return 10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-12)


def pcm(path, sound, *, rate=RATE, bits=16):
    """Write a WAV of `sound`, shape (n,) or (channels, n), with the standard library."""
    sound = np.atleast_2d(sound)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(sound))
        file.setsampwidth(bits // 8)
        file.setframerate(rate)
        file.writeframes((sound.T * (2 ** (bits - 1) - 1)).astype("<i2").tobytes())
    return path


def patched(path, place, form, *values):
    """Write `values` over a file, packed as `form`, at a byte or where some bytes end."""
    data = bytearray(path.read_bytes())
    if isinstance(place, bytes):
        place = data.index(place) + len(place)
    struct.pack_into(form, data, place, *values)
    path.write_bytes(data)
    return path


def ordered(path, labels):
    """Write a CAF of a second whose channels lie where their `labels` say (Apple's numbers)."""
    sound = np.repeat((tone(440, 1) * 32767).astype(">i2")[:, None], len(labels), axis=1)
    places = b"".join(struct.pack(">IIfff", label, 0, 0, 0, 0) for label in labels)
    chunks = {
        b"desc": struct.pack(">d4sIIIII", RATE, b"lpcm", 0, 2 * len(labels), 1, len(labels), 16),
        b"chan": struct.pack(">III", 0, 0, len(labels)) + places,
        b"data": bytes(4) + sound.tobytes(),
    }
    body = b"".join(k + struct.pack(">q", len(data)) + data for k, data in chunks.items())
    path.write_bytes(b"caff\0\1\0\0" + body)
    return path


def joined(path, *parts):
    """Write files one after the other into one."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def remuxed(source, path, *, keep=lambda index: True, stamp=lambda pts: pts):
    """Copy the packets of a file that are to be kept, with other stamps."""
    with av.open(str(source)) as old, av.open(str(path), "w") as new:
        stream = new.add_stream_from_template(old.streams.audio[0])
        packets = (packet for packet in old.demux(old.streams.audio[0]) if packet.size)
        for index, packet in enumerate(packets):
            if keep(index):
                packet.pts = packet.dts = stamp(packet.pts)
                packet.stream = stream
                new.mux(packet)
    return path


def multitrack(path, *sounds, codec="libopus", rate=48_000):
    """Write a file with a sound track of each of `sounds`, shape (n,) each, at `rate`."""
    with av.open(str(path), "w") as container:
        streams = [container.add_stream(codec, rate=rate, layout="mono") for _ in sounds]
        for first in range(0, max(map(len, sounds)), 960):
            for stream, sound in zip(streams, sounds, strict=True):
                block = sound[None, first : first + 960].astype(np.float32)
                if not block.size:
                    continue
                frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
                frame.sample_rate, frame.pts, frame.time_base = rate, first, Fraction(1, rate)
                container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode(None))
    return path


def with_cover(path, side):
    """Write an mp3 of a second with a PNG of `side` times `side` black pixels as its cover."""
    import zlib

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    row = bytes(1 + 3 * side)
    squeeze = zlib.compressobj(9)
    pixels = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    png = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )
    body = b"\0image/png\0\x03\0" + png
    frame = b"APIC" + struct.pack(">IH", len(body), 0) + body
    size = len(frame)
    syncsafe = bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
    sound = write(path, tone(440, 1, rate=44_100), rate=44_100, codec="libmp3lame").read_bytes()
    sound = sound[sound.index(b"\xff\xfb") :]
    path.write_bytes(b"ID3\x03\0\0" + syncsafe + frame + sound)
    return path
