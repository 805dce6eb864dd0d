"""Time and memory of one analysis, as a user starts it; and how fast the command starts.

    python benchmarks/analysis.py [--minutes 60]

A 120 s answer is made of the samples, and analysed by the embedded engine in a fresh process, model
load included. A long file (60 minutes unless told otherwise) shows how memory grows. Stages are
timed in one further process, so that their shares compare like with like.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
from sample_truth import SAMPLES

COMMAND = Path(sys.executable).with_name("speechcoach")
RATE = 16000

RUN = """
import json, resource, sys
from speechcoach.cli import main
try:
    main(sys.argv[1:], standalone_mode=False)
finally:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(peak), file=sys.stderr)
"""

STAGES = """
import json, sys, time
from pathlib import Path
from speechcoach.sound import audio
from speechcoach.sound.frames import frames as frames_of, has_speech
from speechcoach.alignment.aligner import align
from speechcoach.coach import Coach, Settings
from speechcoach.fillers import filled_pauses

path, taken = Path(sys.argv[1]), {}
def timed(name, work):
    start = time.perf_counter()
    result = work()
    taken[name] = time.perf_counter() - start
    return result

coach = Coach(Settings(engine="moonshine"))
engine = timed("model load", lambda: coach.engine)
sound = timed("decoding", lambda: audio.load(path))
frames = timed("signal frames", lambda: frames_of(sound.audio))
heard = timed("recognition", lambda: engine(sound.audio))
aligned = timed("alignment", lambda: align(heard.utterances, sound.audio))
timed("filled pauses", lambda: filled_pauses.recover(sound.audio, frames, aligned))
whole = timed("all", lambda: coach.analyze(path))
parts = ("decoding", "signal frames", "recognition", "alignment", "filled pauses")
taken["measuring, content, scores"] = taken.pop("all") - sum(taken[p] for p in parts)
print(json.dumps(taken))
"""


def answer(seconds: float, path: Path) -> Path:
    """Write an answer of this length, made of the samples again and again."""
    files = sorted(SAMPLES.glob("*.flac"))
    sound = np.concatenate([soundfile.read(file, dtype="float32")[0] for file in files])
    repeats = int(np.ceil(seconds * RATE / sound.size))
    soundfile.write(path, np.tile(sound, repeats)[: round(seconds * RATE)], RATE)
    return path


def run(path: Path) -> tuple[float, float]:
    """Return seconds and peak memory in MB of one analysis in a fresh process."""
    arguments = ["analyze", str(path), "--engine", "moonshine", "--no-save", "--format", "json"]
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, check=True
    )
    taken = time.perf_counter() - start
    return taken, json.loads(done.stderr.splitlines()[-1]) / 1e6


def start_up(command: list[str], times: int = 7) -> float:
    """Return the best wall time of a command, in seconds."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0, help="length of the long file")
    options = parser.parse_args()
    bare = start_up([sys.executable, "-c", "import click"])
    version = start_up([str(COMMAND), "--version"])
    print(f"speechcoach --version: {version:.3f} s, {version / bare:.2f} times a bare click import")
    with tempfile.TemporaryDirectory() as folder:
        short = answer(120, Path(folder, "answer.wav"))
        seconds, memory = run(short)
        print(f"120 s answer: {seconds:.1f} s, peak {memory:.0f} MB")
        staged = subprocess.run(
            [sys.executable, "-c", STAGES, str(short)], capture_output=True, text=True, check=True
        )
        stages = json.loads(staged.stdout)
        for name, taken in stages.items():
            print(f"    {name:28s} {taken:6.2f} s")
        recognition = stages.pop("recognition")
        rest = sum(stages.values()) - stages["model load"]
        print(f"    all but recognition: {rest / recognition:.2f} of recognition's time")
        long = answer(60 * options.minutes, Path(folder, "long.wav"))
        seconds, more = run(long)
        samples = 60 * options.minutes * RATE * 4 / 1e6
        print(
            f"{options.minutes:g} minutes: {seconds:.0f} s, peak {more:.0f} MB: "
            f"{more - memory:.0f} MB more, {(more - memory) / samples:.1f} times its samples"
        )


if __name__ == "__main__":
    main()
