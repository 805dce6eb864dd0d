"""The recorder: samples, deaths, memory, and the wait for the report.

::

    python benchmarks/recorder.py samples|deaths|memory|wait|ahead

samples  30 s are played into a virtual microphone at 48 kHz while every core is busy; the take is
         compared with them sample by sample, and the fillers in both are counted.
deaths   20 takes from the virtual microphone are killed (kill -9) at random moments; what their
         headers count is compared with what the audio callback had received until then.
memory   30 minutes of synthetic blocks at 48 kHz are recorded faster than real time, and a minute
         from the virtual microphone in real time; the resident memory along the way.
wait     from the Enter that ends a 120 s answer to its report, embedded engine, the worker warm
         and following the take as in ``speechcoach practice``; the answer comes in real time.
ahead    words that differ between a report on a take that was recognised while it grew (in steps of
         3 s) and one on the whole file, on every sample answer, and the filled pauses in both.

Needs pulseaudio, pulseaudio-utils, libasound2-plugins and libportaudio2 (see tests/
virtual_microphone.py), and for the first two a Linux system.
"""

import argparse
import contextlib
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
SAMPLES = ROOT / "sample_audio"
RATE = 48_000
TAKES = 20
COUNT = struct.Struct("<q")


def decoded(path: Path, seconds: float) -> np.ndarray:
    """Return the start of a recording as 16-bit mono at 48 kHz."""
    blocks = []
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        for frame in container.decode(audio=0):
            blocks += [part.to_ndarray()[0] for part in resampler.resample(frame)]
    return np.concatenate(blocks)[: round(seconds * RATE)]


def written(path: Path, samples: np.ndarray) -> Path:
    """Write 16-bit samples at 48 kHz to `path`."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def read(path: Path) -> np.ndarray:
    """Return the samples of a take."""
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


@contextlib.contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep cores busy."""
    spinning = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)
    ]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def listen(path: Path) -> None:
    """Record until stdin closes; tell on stdout how many samples the callback has received."""
    from dataclasses import replace

    from speechcoach.recorder import microphone
    from speechcoach.recorder.recorder import Recorder

    chosen = replace(microphone.choose(None), rate=RATE)
    recorder = Recorder(path, rate=RATE)
    received = 0

    def receive(block: bytes, overflowed: bool) -> None:
        nonlocal received
        recorder.receive(block, overflowed)
        received += len(block) // 2
        os.write(1, COUNT.pack(received))

    recorder.start()
    with chosen.listening(receive):
        sys.stdin.read()
    print(recorder.finish(), file=sys.stderr)


@contextlib.contextmanager
def listening(environment: dict[str, str], path: Path) -> Iterator[Any]:
    """Give a process that records, once it hears something."""
    command = [sys.executable, __file__, "listen", str(path)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.read(COUNT.size)  # it hears
        yield process


def fillers(path: Path) -> int:
    """Return how many fillers the embedded engine's analysis counts."""
    from speechcoach.coach import Coach, Settings

    return len(Coach(Settings(engine="moonshine")).analyze(path).fillers)


def samples(folder: Path) -> None:
    """Compare what was played with what was recorded."""
    from virtual_microphone import VirtualMicrophone

    wanted = decoded(SAMPLES / "tell-me-about-yourself-fillers.flac", 30.0)
    lead = np.zeros(RATE // 2, "<i2")  # the server misses the first 0.1 s of a player that joins
    source = written(folder / "source.wav", np.concatenate([lead, wanted]))
    take = folder / "take.wav"
    with (
        VirtualMicrophone(hiss=False, rate=RATE) as microphone,
        busy(os.cpu_count() or 1),
        listening(microphone.environment, take) as recorder,
    ):
        with microphone.play(source) as player:
            player.wait()
        time.sleep(1.0)
        recorder.stdin.close()
        recorder.stdout.read()
        recorder.wait()
    heard = read(take)
    place, length = stretch(heard, wanted)
    differing = np.count_nonzero(heard[place : place + wanted.size] != wanted)
    print(f"played {wanted.size / RATE:.3f} s, heard over {length / RATE:.3f} s")
    print(f"samples that differ: {differing} of {wanted.size}")
    cut = written(folder / "cut.wav", heard[place : place + wanted.size])
    print(f"fillers: file {fillers(source)}, take {fillers(take)}, cut to the file {fillers(cut)}")


def stretch(heard: np.ndarray, wanted: np.ndarray) -> tuple[int, int]:
    """Return where `wanted` begins in `heard` and how long it is, by its first and last 5 s."""
    first, last = wanted[: 5 * RATE], wanted[-5 * RATE :]
    begin, end = found(heard, first), found(heard, last) + last.size
    return begin, end - begin


def found(heard: np.ndarray, part: np.ndarray) -> int:
    """Return where `part` lies in `heard`."""
    size = heard.size + part.size
    spectrum = np.fft.rfft(heard.astype(float), size) * np.conj(np.fft.rfft(part, size))
    return int(np.argmax(np.fft.irfft(spectrum, size)))


def deaths(folder: Path) -> None:
    """Kill takes and see what is left of them."""
    from virtual_microphone import VirtualMicrophone

    from speechcoach.recorder.growing_wave import repair
    from speechcoach.sound.audio import load

    rng = random.Random(0)
    lost, mended = [], []
    with VirtualMicrophone(rate=RATE) as microphone:
        for number in range(TAKES):
            take = folder / f"take-{number}.wav"
            with listening(microphone.environment, take) as recorder:
                time.sleep(rng.uniform(0.5, 4.0))
                recorder.kill()
                (received,) = COUNT.unpack(recorder.stdout.read()[-COUNT.size :])
            playable = load(take).recording.duration
            lost.append(received / RATE - playable)
            mended.append(received / RATE - repair(take))
    print(
        f"{len(lost)} takes read; lost as found: at most {max(lost):.2f} s, "
        f"mean {np.mean(lost):.2f} s"
    )
    print(f"after mending: at most {max(mended):.2f} s")


def memory_growth(folder: Path) -> None:
    """Watch the memory of a long take."""
    from virtual_microphone import VirtualMicrophone

    from speechcoach.recorder.recorder import Recorder

    block = np.random.default_rng(0).integers(-3000, 3000, RATE // 20).astype("<i2").tobytes()
    recorder = Recorder(folder / "long.wav", rate=RATE)
    recorder.start()
    seen = {}
    for minute in range(31):
        seen[minute] = resident(os.getpid())
        for _ in range(60 * 20):
            recorder.receive(block)
            while recorder._queue.qsize() > 50:
                time.sleep(0.002)
    take = recorder.finish()
    grown = max(seen.values()) - seen[1]
    print(
        f"{take.seconds / 60:.0f} min, {take.overflows} lost: {seen[1]:.0f} MB at 1 min, "
        f"{grown:+.1f} MB later at most"
    )
    (folder / "long.wav").unlink()
    with (
        VirtualMicrophone(rate=RATE) as microphone,
        listening(microphone.environment, folder / "real.wav") as recorder,
    ):
        counts = [resident(recorder.pid) for _ in range(12) if not time.sleep(5)]
        recorder.stdin.close()
        recorder.stdout.read()
    print(f"a real minute: {counts[0]:.1f} MB at 5 s, {counts[-1]:.1f} MB at 60 s")


def resident(process: int) -> float:
    """Return the resident memory of a process in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def wait(folder: Path) -> None:
    """Measure the time from the end of a 120 s answer to its report."""
    from speechcoach.coach import Settings
    from speechcoach.guides import built_in
    from speechcoach.judging.norms import load_norms
    from speechcoach.practice.analyst import Analyst
    from speechcoach.recorder.recorder import Recorder
    from speechcoach.views import FORMATS, View
    from speechcoach.workers import alone

    answer = np.concatenate(
        [
            decoded(SAMPLES / "conflict-strong.flac", 60.0),
            decoded(SAMPLES / "tell-me-about-yourself-fillers.flac", 60.0),
        ]
    ).tobytes()
    block = 2 * RATE // 10
    with alone(Settings(engine="moonshine")) as workers:
        analyst = Analyst(workers)
        for number in range(2):
            path = folder / f"conflict-{number}.wav"
            analyst.follow(path)
            recorder = Recorder(path, rate=RATE)
            recorder.start()
            began = time.monotonic()
            for first in range(0, len(answer), block):  # in real time
                recorder.receive(answer[first : first + block])
                time.sleep(max(0.0, began + first / 2 / RATE - time.monotonic()))
            enter, before = time.monotonic(), work(workers)
            take = recorder.finish()
            analyst.begin(take, "conflict")
            made, _ = analyst.report()
            FORMATS["text"](View(made, None, load_norms(), built_in()))
            spent, load = time.monotonic() - enter, os.getloadavg()[0]
            print(
                f"{take.seconds:.0f} s answer: {spent:.1f} s, with {work(workers) - before:.1f} s "
                f"of work (load {load:.1f} on {os.cpu_count()} cores)",
                flush=True,
            )


def ahead(folder: Path) -> None:
    """Compare reports on takes that were recognised while they grew with reports afterwards."""
    import jiwer

    from speechcoach.coach import Coach, Settings
    from speechcoach.workers.ahead import Ahead

    coach, early = Coach(Settings(engine="moonshine")), Coach(Settings(engine="moonshine"))
    for source in sorted(SAMPLES.glob("*.flac")):
        sound = decoded(source, 600.0)
        path = folder / f"{source.stem}.wav"
        early.engine = follower = Ahead(coach.engine, path)
        for end in range(3 * RATE, sound.size, 3 * RATE):
            written(path, sound[:end])
            follower.listen()
        written(path, sound)
        whole, grown = coach.analyze(path), early.analyze(path)
        said = [report.transcript.text.lower() for report in (whole, grown)]
        print(
            f"{source.stem}: {jiwer.wer(*said):.1%} of the words differ; filled pauses "
            f"{spoken(whole)} and {spoken(grown)}",
            flush=True,
        )


def spoken(report: Any) -> int:
    """Return how many filled pauses a report counts."""
    return sum(filler.kind == "filled_pause" for filler in report.fillers)


def work(workers: Any) -> float:
    """Return the processor time that the only worker's process has used, in seconds."""
    fields = Path(f"/proc/{workers._workers[0].process.number}/stat").read_text("ascii").split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Run one of the benchmarks."""
    parts = {
        "samples": samples,
        "deaths": deaths,
        "memory": memory_growth,
        "wait": wait,
        "ahead": ahead,
    }
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=[*parts, "listen"])
    parser.add_argument("path", nargs="?", type=Path)
    chosen = parser.parse_args()
    if chosen.part == "listen":
        listen(chosen.path)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SPEECHCOACH_HOME"] = folder
        os.environ["SPEECHCOACH_OFFLINE"] = "1"
        parts[chosen.part](Path(folder))


if __name__ == "__main__":
    main()
