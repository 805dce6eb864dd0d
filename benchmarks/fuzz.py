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
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from media_formats import SEEDS, made, write

from speechcoach.errors import AudioError
from speechcoach.sound import audio
from speechcoach.sound.resampling import UnreadableError

SECONDS = 20  # of work; the same on a busy machine
PATIENCE = 6.0  # times as long by the clock, in case it does not even work
MEMORY = 1024  # MB
ROOM = 3 * 2**30  # bytes of address space beyond what is in use: the machine's own safety
OUTCOMES = ("ok", "refused", "unforeseen", "foreign exception", "crash", "hang", "over memory")
"""Unforeseen: refused in one sentence, but for a fault that is neither FFmpeg's nor one that the
decoder knows, or with other lines on stdout or stderr."""


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
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
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
        if not isinstance(error.__cause__, (av.error.FFmpegError, UnreadableError, type(None))):
            print(repr(error.__cause__), file=sys.stderr, flush=True)
        return 1
    samples = loaded.audio.samples
    if samples.ndim != 1 or not np.isfinite(samples).all() or np.abs(samples).max() > 1:
        raise ValueError("samples beyond full scale or no numbers")
    if any("\n" in warning for warning in loaded.warnings):
        raise ValueError("a warning in several lines")
    return 0


def _wait(child: int) -> tuple[int | None, float]:
    """Return the status of a process, None if it had to be killed, and its peak in MB."""
    end = time.monotonic() + PATIENCE * SECONDS
    while time.monotonic() < end:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            return status, usage.ru_maxrss / 1024
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    _, _, usage = os.wait4(child, 0)
    return None, usage.ru_maxrss / 1024


def _judge(status: int | None, peak: float, said: str) -> tuple[str, str]:
    if status is None or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return "hang", f"more than {SECONDS} s"
    if peak > MEMORY:
        return "over memory", f"{peak:.0f} MB"
    if os.WIFSIGNALED(status):
        return "crash", signal.Signals(os.WTERMSIG(status)).name
    code = os.WEXITSTATUS(status)
    if code > 1:
        return "foreign exception", said
    return ("unforeseen", said) if said else (("ok", "refused")[code], "")


def run(
    seeds: dict[str, bytes], numbers: range, folder: Path, note: Callable[[str], None] = print
) -> Counter[str]:
    """Read the cases; name each that should not have come out so; return the counts."""
    audio.load(
        write(folder / "warm.wav", SEEDS[1])
    )  # what is loaded at first use, before the forks
    counts: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))
    slowest = 0.0, ""
    for case in cases(seeds, numbers):
        start = time.monotonic()
        found, more = outcome(case, folder)
        slowest = max(slowest, (time.monotonic() - start, case.name))
        counts[found] += 1
        if found not in ("ok", "refused"):
            note(f"{found}: {case.name}: {' '.join(more.split())[:300]}")
    note("slowest: {1}: {0:.1f} s".format(*slowest))
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
