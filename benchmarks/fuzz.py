"""Mutated sound files by the thousand: each must end in sound or in one sentence.

::

    python benchmarks/fuzz.py                       # 400 cases: half a minute
    python benchmarks/fuzz.py --cases 10000         # the long run: minutes
    python benchmarks/fuzz.py --case 1234           # one case again, here, with its traceback

Seeds are made on the spot, a second and a half of sound in every format that the machine's FFmpeg
can write (those that it cannot are named). Each case mutates one seed in one of the ways below,
chosen by the number of the case alone, and is read in a process of its own, forked, that has 20 s
and 1 GB. Prints a table of what came out, and each case that should not have.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from speechcoach.errors import AudioError
from speechcoach.sound import audio, damage, decoding, frames, tracks, wholeness  # noqa: F401

SECONDS = 20.0
MEMORY = 1024  # MB
ROOM = 3 * 2**30  # bytes of address space beyond what is in use: the machine's own safety
RATE = 16_000
OUTCOMES = ("ok", "refused", "foreign exception", "crash", "hang", "over memory", "noise")


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


def made(folder: Path, note: Callable[[str], None] = print) -> dict[str, bytes]:
    """Return the bytes of every seed that can be written here, by its name; name the others."""
    found = {}
    for seed in SEEDS:
        try:
            found[seed.name] = write(folder / seed.name, seed).read_bytes()
        except (av.error.FFmpegError, ValueError) as error:
            note(f"left out: {seed.name} ({seed.codec}): {error}")
    return found


# Mutations: each takes bytes and returns others


class Dice(random.Random):
    """Chance, the same for the same number, and the other files to mix in."""

    def __init__(self, number: int, others: list[bytes]) -> None:
        super().__init__(number)
        self.others = others


Mutation = Callable[[bytearray, Dice], bytes | bytearray]

_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def _piece(data: bytearray, dice: Dice, most: int = 4096) -> slice:
    first = dice.randrange(len(data))
    return slice(first, first + dice.randint(1, min(most, len(data))))


def bits(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Turn single bits anywhere."""
    for _ in range(dice.randint(1, 64)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return data


def header(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Turn bytes of the first 512."""
    for _ in range(dice.randint(1, 8)):
        data[dice.randrange(min(512, len(data)))] = dice.randrange(256)
    return data


def extremes(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Put the numbers that break sums in place of lengths and counts."""
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(min(dice.choice((128, 1024, len(data))), len(data)))
        number = dice.choice(_EXTREMES).to_bytes(
            dice.choice((4, 8)), dice.choice(("big", "little"))
        )
        data[place : place + len(number)] = number
    return data


def noise(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Put noise in place of a piece."""
    piece = _piece(data, dice)
    data[piece] = dice.randbytes(len(data[piece]))
    return data


def zeros(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Put zeros in place of a piece, as a disk does."""
    piece = _piece(data, dice, 16384)
    data[piece] = bytes(len(data[piece]))
    return data


def truncated(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Cut the end off."""
    return data[: dice.randrange(1, len(data))]


def beheaded(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Cut the start off."""
    return data[dice.randrange(1, min(4096, len(data))) :]


def shortened(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Take pieces out."""
    for _ in range(dice.randint(1, 4)):
        del data[_piece(data, dice)]
    return data or b"\0"


def repeated(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Say pieces twice."""
    for _ in range(dice.randint(1, 4)):
        piece = _piece(data, dice)
        data[piece.start : piece.start] = data[piece] * dice.randint(1, 8)
    return data


def swapped(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Exchange two pieces."""
    one, other = sorted((_piece(data, dice, 512), _piece(data, dice, 512)), key=lambda p: p.start)
    parts = data[: one.start], data[one], data[one.stop : other.start], data[other]
    return parts[0] + parts[3] + parts[2] + parts[1] + data[other.stop :]


def spliced(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Go on as another file."""
    other = dice.choice(dice.others)
    return data[: dice.randrange(len(data))] + other[dice.randrange(len(other)) :]


def joined(data: bytearray, dice: Dice) -> bytes | bytearray:
    """Append another file, or the same."""
    return data + dice.choice([*dice.others, bytes(data)])


MUTATIONS: tuple[Mutation, ...] = (
    *(bits, header, extremes, noise, zeros, truncated),
    *(beheaded, shortened, repeated, swapped, spliced, joined),
)


@dataclass(frozen=True)
class Case:
    """One mutated file."""

    number: int
    seed: str
    mutation: str
    data: bytes

    @property
    def name(self) -> str:
        """What to call it."""
        return f"case {self.number}: {self.seed}, {self.mutation}"


def cases(seeds: dict[str, bytes], numbers: range) -> Iterator[Case]:
    """Yield the cases of these numbers: the same ones every time."""
    names = sorted(seeds)
    contents = [seeds[name] for name in names]
    for number in numbers:
        dice = Dice(number, contents)
        name = names[number % len(names)]
        data: bytes | bytearray = bytearray(seeds[name])
        applied = dice.sample(MUTATIONS, dice.choice((1, 1, 1, 2)))
        for mutation in applied:
            data = mutation(bytearray(data), dice)
        yield Case(number, name, " + ".join(m.__name__ for m in applied), bytes(data))


# One case in a process of its own


def outcome(case: Case, folder: Path) -> tuple[str, str]:
    """Read a case; return what came out, one of `OUTCOMES`, and more about it."""
    path = folder / f"{case.number}-{case.seed}"
    path.write_bytes(case.data)
    said = folder / "said.txt"
    try:
        child = os.fork()
        if child == 0:
            _child(path, said)
        return _judge(*_wait(child), said.read_text("utf-8", "replace"))
    finally:
        path.unlink()


def _child(path: Path, said: Path) -> None:
    """Read the file; the exit code says how that went."""
    handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    limit = pages * resource.getpagesize() + ROOM
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    code = 2
    try:
        code = _read(path)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is counted
        os.write(handle, f"{type(error).__name__}: {error}".encode("utf-8", "replace"))
    finally:
        os._exit(code)


def _read(path: Path) -> int:
    try:
        loaded = audio.load(path)
    except AudioError as error:
        if "\n" in str(error) or not str(error).startswith(str(path)):
            raise ValueError(f"no sentence: {error}") from error
        return 1
    samples = loaded.audio.samples
    if samples.ndim != 1 or not np.isfinite(samples).all() or np.abs(samples).max() > 1:
        raise ValueError("samples beyond full scale or no numbers")
    if any("\n" in warning for warning in loaded.warnings):
        raise ValueError("a warning in several lines")
    return 0


def _wait(child: int) -> tuple[int | None, float]:
    """Return the status of a process, None if it had to be killed, and its peak in MB."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            return status, usage.ru_maxrss / 1024
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    _, _, usage = os.wait4(child, 0)
    return None, usage.ru_maxrss / 1024


def _judge(status: int | None, peak: float, said: str) -> tuple[str, str]:
    if status is None:
        return "hang", f"more than {SECONDS:.0f} s"
    if peak > MEMORY:
        return "over memory", f"{peak:.0f} MB"
    if os.WIFSIGNALED(status):
        return "crash", signal.Signals(os.WTERMSIG(status)).name
    code = os.WEXITSTATUS(status)
    if code > 1:
        return "foreign exception", said
    return ("noise", said) if said else (("ok", "refused")[code], "")


def run(
    seeds: dict[str, bytes], numbers: range, folder: Path, note: Callable[[str], None] = print
) -> Counter[str]:
    """Read the cases; name each that should not have come out so; return the counts."""
    counts: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))
    for case in cases(seeds, numbers):
        found, more = outcome(case, folder)
        counts[found] += 1
        if found not in ("ok", "refused"):
            note(f"{found}: {case.name}: {' '.join(more.split())[:300]}")
    return counts


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--case", type=int, help="read this one alone, in this process")
    parser.add_argument("--keep", type=Path, help="with --case: also write it to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seeds = made(folder)
        if arguments.case is not None:
            one(seeds, arguments.case, arguments.keep or folder / "case")
            return
        start = time.monotonic()
        numbers = range(arguments.first, arguments.first + arguments.cases)
        counts = run(seeds, numbers, folder)
    print(f"\n{arguments.cases} cases of {len(seeds)} formats and {len(MUTATIONS)} mutations, ")
    print(f"from number {arguments.first}, in {time.monotonic() - start:.0f} s\n")
    print("| outcome | cases |\n|---|---|")
    for found in OUTCOMES:
        print(f"| {found} | {counts[found]} |")
    sys.exit(any(counts[found] for found in OUTCOMES[2:]))


def one(seeds: dict[str, bytes], number: int, path: Path) -> None:
    """Read one case here and say what comes out."""
    case = next(cases(seeds, range(number, number + 1)))
    path = path.with_suffix(Path(case.seed).suffix)
    path.write_bytes(case.data)
    print(case.name)
    loaded = audio.load(path)
    print(loaded.recording, *loaded.warnings, sep="\n")


if __name__ == "__main__":
    main()
