"""Sound files and the signal: speed, pauses against their truth, robustness to noise, memory.

::

    python benchmarks/sound.py            # everything but the hour: about a minute
    python benchmarks/sound.py --hour     # and the memory of a 60-minute file

Prints Markdown. A true pause of 0.5 s or more is found if one of the signal's overlaps it; one of
the signal's of 0.5 s or more is invented if it overlaps no true silence of 0.25 s or more. The
samples' own pauses are exact; noise is added to them at a ratio to their speech.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from sample_truth import SAMPLES, truths

from speechcoach.data import Audio
from speechcoach.sound import audio
from speechcoach.sound.frames import frames as frames_of
from speechcoach.sound.pauses import silences

LEAST = 0.5  # seconds
CLOSE = 0.08  # seconds

Edges = list[tuple[float, float]]


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hour", action="store_true", help="also decode and measure 60 minutes")
    parser.add_argument("--peak", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak:
        print(json.dumps(peak_of(arguments.peak)))
        return
    print_speed()
    print_pauses()
    if arguments.hour:
        print_memory()


def print_speed() -> None:
    """Print the time that each step takes for a minute of sound."""
    seconds = {"load": 0.0, "frames": 0.0, "pauses": 0.0}
    length = 0.0
    for truth in truths():
        marks = [time.process_time()]
        sound = audio.load(SAMPLES / truth["file"]).audio
        marks.append(time.process_time())
        frames = frames_of(sound)
        marks.append(time.process_time())
        silences(frames)
        marks.append(time.process_time())
        length += sound.duration
        for name, spent in zip(seconds, np.diff(marks), strict=True):
            seconds[name] += spent
    print("\n| step | processor seconds a minute of sound |\n|---|---|")
    for name, spent in seconds.items():
        print(f"| {name} | {60 * spent / length:.3f} |")


def print_pauses() -> None:
    """Print how well pauses are found, in the samples and with noise added."""
    print("\n| sound | pauses | found | invented | both ends within 80 ms | worst end, ms |")
    print("|---|---|---|---|---|---|")
    for label, ratio, colour in (
        ("as it is", None, 0.0),
        ("pink noise, 30 dB below", 30, 0.5),
        ("pink noise, 20 dB below", 20, 0.5),
        ("pink noise, 12 dB below", 12, 0.5),
        ("white noise, 20 dB below", 20, 0.0),
    ):
        pairs = [heard(truth, ratio, colour) for truth in truths()]
        count = sum(len(longer(true)) for true, _ in pairs)
        errors = [error for true, found in pairs for error in end_errors(true, found)]
        invented = sum(len(unmatched(longer(found), true)) for true, found in pairs)
        close = sum(error <= CLOSE for error in errors)
        worst = 1000 * max(errors)
        print(f"| {label} | {count} | {len(errors)} | {invented} | {close} | {worst:.0f} |")


def heard(truth: dict, ratio: float | None, colour: float) -> tuple[Edges, Edges]:
    """Return the true pauses of a sample and the found ones, with noise `ratio` dB below."""
    sound = audio.load(SAMPLES / truth["file"]).audio
    if ratio is not None:
        sound = Audio(sound.samples + noise_for(sound, truth, ratio, colour), sound.rate)
    found = [(pause.start, pause.end) for pause in silences(frames_of(sound))]
    return [(start, end) for start, end in truth["pauses"]], found


def noise_for(sound: Audio, truth: dict, ratio: float, colour: float) -> NDArray[np.float32]:
    """Return noise whose power falls with frequency to the power of twice `colour`."""
    spoken = np.concatenate(
        [sound.samples[round(a * sound.rate) : round(b * sound.rate)] for _, a, b in truth["words"]]
    )
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(sound.samples.size))
    hertz = np.fft.rfftfreq(sound.samples.size, 1 / sound.rate)
    noise = np.fft.irfft(spectrum / np.maximum(hertz, 50) ** colour, sound.samples.size)
    gain = np.sqrt(np.mean(spoken**2) / np.mean(noise**2)) * 10 ** (-ratio / 20)
    return (gain * noise).astype(np.float32)


def longer(spans: Edges) -> Edges:
    """Return the spans of `LEAST` seconds or more."""
    return [(start, end) for start, end in spans if end - start >= LEAST]


def overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the seconds that two spans share; negative where they are apart."""
    return min(one[1], other[1]) - max(one[0], other[0])


def unmatched(spans: Edges, others: Edges) -> Edges:
    """Return the spans that overlap none of the others."""
    return [span for span in spans if not any(overlap(span, other) > 0 for other in others)]


def end_errors(true: Edges, found: Edges) -> list[float]:
    """Return the larger error of the two ends, in seconds, of each true pause that is found."""
    errors = []
    for pause in longer(true):
        best = max(found, key=lambda span: overlap(pause, span), default=None)
        if best is not None and overlap(pause, best) > 0:
            errors.append(max(abs(best[0] - pause[0]), abs(best[1] - pause[1])))
    return errors


def print_memory() -> None:
    """Print how much memory a 60-minute file takes beyond a one-second one."""
    with tempfile.TemporaryDirectory() as folder:
        base = run_peak(written(Path(folder) / "second.flac", 1))
        hour = run_peak(written(Path(folder) / "hour.flac", 3600))
    samples = 3600 * 16_000 * 4 / 2**20
    print("\n| 60 minutes | MB above a one-second file | seconds |\n|---|---|---|")
    print(f"| the samples themselves | {samples:.0f} | |")
    for step in ("load", "frames"):
        print(f"| after {step} | {hour[step] - base[step]:.0f} | {hour[step + '_s']:.1f} |")


def written(path: Path, seconds: int) -> Path:
    """Write the samples one after the other, over and over, until `seconds` are full."""
    sound = np.concatenate(
        [soundfile.read(SAMPLES / t["file"], dtype="int16")[0] for t in truths()]
    )
    soundfile.write(path, np.resize(sound, seconds * 16_000), 16_000)
    return path


def run_peak(path: Path) -> dict[str, float]:
    """Measure a file in a process of its own."""
    command = [sys.executable, __file__, "--peak", str(path)]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def peak_of(path: Path) -> dict[str, float]:
    """Return the peak of this process's memory in MB after each step, and the steps' seconds."""

    def peak() -> float:  # Linux; getrusage would tell the parent's peak if that is higher
        status = Path("/proc/self/status").read_text("ascii")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    start = time.perf_counter()
    sound = audio.load(path).audio
    found = {"load": peak(), "load_s": time.perf_counter() - start}
    start = time.perf_counter()
    frames_of(sound)
    return {**found, "frames": peak(), "frames_s": time.perf_counter() - start}


if __name__ == "__main__":
    main()
