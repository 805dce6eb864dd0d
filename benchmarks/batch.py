"""How ``speechcoach batch`` scales, resumes and holds its memory.

    python benchmarks/batch.py speed [--count 200]    --jobs 1, --jobs 2, and the same folder again
    python benchmarks/batch.py kill [--count 200]     kill -9 at ten random moments, then to the end
    python benchmarks/batch.py text [--count 1000]    transcripts: time, memory of the main process

The recordings are pieces of the samples, each of a content of its own (its start is cut by another
number of samples). The recogniser is the embedded one.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "sample_audio"
SECONDS = 8.0  # of each recording
RATE = 16_000
ROUNDS = 2  # of each timing; the quicker counts, since other programs only ever slow one down
LINES = "So, um, we had a patient with chest pain.\nI called the resident.\nHe went home.\n"


def main() -> None:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["speed", "kill", "text"])
    parser.add_argument("--count", type=int)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as tmp:
        if given.what == "text":
            text(Path(tmp), given.count or 1000)
        else:
            folder = write_recordings(Path(tmp, "takes"), given.count or 200)
            (speed if given.what == "speed" else kill)(Path(tmp), folder)


def write_recordings(folder: Path, count: int) -> Path:
    """Write `count` short recordings, named by the questions of the samples."""
    from speechcoach.sound import audio

    folder.mkdir()
    sounds = [(path.stem, audio.load(path).audio) for path in sorted(SAMPLES.glob("*.flac"))]
    for number in range(count):
        name, sound = sounds[number % len(sounds)]
        pieces = int(sound.duration // SECONDS)
        first = int(number // len(sounds) % pieces * SECONDS * RATE) + number
        samples = sound.samples[first : first + int(SECONDS * RATE)]
        with wave.open(str(folder / f"{name}-{number:03d}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((samples * 32767).astype("<i2").tobytes())
    return folder


def command(folder: Path, out: Path, *options: str) -> list[str]:
    """Return the command line of a run."""
    run = [sys.executable, "-m", "speechcoach", "batch", str(folder), "--engine", "moonshine"]
    return [*run, "--out", str(out), *options]


def timed(home: Path, line: list[str]) -> float:
    """Run to the end and return the seconds."""
    began = time.monotonic()
    subprocess.run(
        line,
        check=True,
        env={**os.environ, "SPEECHCOACH_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.monotonic() - began


def speed(tmp: Path, folder: Path) -> None:
    """Print the seconds with one process and with two, and of a second run."""
    count = len(list(folder.iterdir()))
    rounds = [(_first(tmp, folder, 1), _first(tmp, folder, 2)) for _ in range(ROUNDS)]
    one, two = (min(times) for times in zip(*rounds, strict=True))
    again = timed(tmp / "home-2", command(folder, tmp / "again.jsonl", "--jobs", "2"))
    same = (tmp / "1.jsonl").read_bytes() == (tmp / "2.jsonl").read_bytes()
    print(f"{count} recordings of {SECONDS:.0f} s: --jobs 1 {one:.1f} s, --jobs 2 {two:.1f} s")
    print(f"throughput of two processes: {one / two:.2f} times that of one")
    print(f"second run {again:.2f} s: {100 * again / two:.1f}% of the first")
    print(f"reports of both byte for byte the same: {same}")


def _first(tmp: Path, folder: Path, jobs: int) -> float:
    """Return the seconds of a run that finds nothing in the history."""
    home = tmp / f"home-{jobs}"
    shutil.rmtree(home, ignore_errors=True)
    return timed(home, command(folder, tmp / f"{jobs}.jsonl", "--jobs", str(jobs)))


def kill(tmp: Path, folder: Path, times: int = 10) -> None:
    """Kill a run `times` times, bring it to its end, and compare with an undisturbed one."""
    rng, home, out = random.Random(5), tmp / "killed", tmp / "killed.jsonl"
    line = command(folder, out, "--jobs", "2")
    count, last = len(list(folder.iterdir())), 0
    for turn in range(times):
        run = subprocess.Popen(
            line,
            env={**os.environ, "SPEECHCOACH_HOME": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        more = last + rng.randint(1, max(2, 2 * (count - last) // (times - turn + 1)))
        while run.poll() is None and _lines(out) < min(more, count):
            time.sleep(0.02)
        time.sleep(rng.random())
        run.send_signal(signal.SIGKILL)
        run.wait()
        stored = _stored(home)
        print(f"  killed with {_lines(out)} lines written, {stored} stored (before: {last})")
        last = stored
    done = subprocess.run(
        line,
        check=True,
        env={**os.environ, "SPEECHCOACH_HOME": str(home)},
        capture_output=True,
        text=True,
    )
    print(next(text for text in done.stdout.splitlines() if "from the history" in text))
    timed(tmp / "calm", command(folder, tmp / "calm.jsonl", "--jobs", "2"))
    same = out.read_bytes() == (tmp / "calm.jsonl").read_bytes()
    print(f"{_lines(out)} reports, byte for byte those of an undisturbed run: {same}")


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _stored(home: Path) -> int:
    import sqlite3

    if not (home / "history.sqlite").exists():
        return 0
    with sqlite3.connect(home / "history.sqlite") as db:
        (count,) = db.execute("SELECT count(*) FROM takes").fetchone()
    return int(count)


def text(tmp: Path, count: int) -> None:
    """Print time and peak memory of the main process for a tenth of the transcripts and for all."""
    for size in (count // 10, count):
        folder = tmp / f"texts-{size}"
        folder.mkdir()
        for number in range(size):
            (folder / f"conflict-{number:04d}.txt").write_text(LINES * 8 + f"Case {number}.\n")
        script = (
            "import resource, sys\n"
            "from speechcoach.cli import main\n"
            "try:\n    main(sys.argv[1:])\n"
            "finally:\n"
            "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
        )
        began = time.monotonic()
        line = command(folder, tmp / "out.jsonl", "--jobs", "2")[3:]
        run = subprocess.run(
            [sys.executable, "-c", script, *line],
            env={**os.environ, "SPEECHCOACH_HOME": str(tmp / f"home-{size}")},
            capture_output=True,
            text=True,
            check=True,
        )
        seconds = time.monotonic() - began
        peak = int(run.stderr.split()[-1]) / 1024
        print(f"{size} transcripts: {seconds:.1f} s, main process at most {peak:.0f} MB")
    shutil.rmtree(tmp / f"texts-{count}")


if __name__ == "__main__":
    main()
