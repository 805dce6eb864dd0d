"""The honesty of the verdicts of ``speechcoach progress``, and its speed on a long history.

    python benchmarks/progress.py              simulated speakers
    python benchmarks/progress.py --speed      10,000 takes in a history of their own

A simulated speaker has a level and a spread from take to take; a history has ten takes unless
said. A change is a step half-way or a ramp from the first take to the last, toward fewer fillers.
"Two spreads" is twice what two takes in a row usually differ by, the spread that the product
names: 2.83 standard deviations. The same for two standard deviations is given below it.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from speechcoach.progress.change import change

HISTORIES = 1000
Draw = Callable[[random.Random], float]

SPEAKERS: dict[str, Draw] = {
    "normal": lambda rng: rng.gauss(0.0, 1.0),
    "skewed (gamma, shape 4)": lambda rng: rng.gammavariate(4.0, 0.5),
    "heavy tails (Student's t, 4 df)": lambda rng: (
        rng.gauss(0.0, 1.0) / (rng.gammavariate(2.0, 0.5)) ** 0.5
    ),
    "counts (about 8 fillers an answer)": lambda rng: float(
        sum(rng.random() < 0.02 for _ in range(400))
    ),
    "steps of 25 points": lambda rng: 25.0 * rng.choice((1, 2, 2, 3, 3, 3, 4)),
}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--speed", action="store_true")
    if parser.parse_args().speed:
        speed()
    else:
        simulate()
        together()


def simulate() -> None:
    """Print how often a change is claimed without one, and found where there is one."""
    print(f"no true change, {HISTORIES} histories of ten takes: share with a claim")
    for name, draw in SPEAKERS.items():
        hoped = claims(draw, towards=-1)
        print(f"  {name:36} better {hoped['down']:.3f}  worse {hoped['up']:.3f}", end="")
        neither = claims(draw, towards=0)
        print(f"   without a better side {neither['down'] + neither['up']:.3f}")
    print(f"\na change for the better, {HISTORIES} histories: share found (normal takes)")
    for takes in (8, 10, 12, 14):
        for size, name in ((2 * 2**0.5, "two spreads"), (2.0, "two standard deviations")):
            step = claims(SPEAKERS["normal"], towards=-1, takes=takes, step=-size)["down"]
            ramp = claims(SPEAKERS["normal"], towards=-1, takes=takes, ramp=-size)["down"]
            print(f"  {takes:2} takes, {name:24} step half-way {step:.3f}   ramp {ramp:.3f}")


def together(measures: int = 12) -> None:
    """Print the same for a history of several measures: any claim, and the one that changed."""
    rng, claimed, found = random.Random(7), 0, 0
    for _ in range(HISTORIES):
        series = [[rng.gauss(0.0, 1.0) for _ in range(10)] for _ in range(measures)]
        claimed += any(change(v, -1, measures).verdict in ("up", "down") for v in series)
        stepped = [v - 2 * 2**0.5 * (n >= 5) for n, v in enumerate(series[0])]
        found += change(stepped, -1, measures).verdict == "down"
    print(f"\n{measures} measures at once: any claim without a change {claimed / HISTORIES:.3f}")
    print(f"  a step of two spreads in one of them: found {found / HISTORIES:.3f}")


def claims(
    draw: Draw, *, towards: int, takes: int = 10, step: float = 0.0, ramp: float = 0.0
) -> dict[str, float]:
    """Return the share of histories with each verdict."""
    rng = random.Random(2026)
    seen = {"up": 0, "down": 0}
    for _ in range(HISTORIES):
        values = [
            draw(rng) + step * (n >= takes // 2) + ramp * n / (takes - 1) for n in range(takes)
        ]
        verdict = change(values, towards).verdict
        if verdict in seen:
            seen[verdict] += 1
    return {verdict: count / HISTORIES for verdict, count in seen.items()}


def speed(takes: int = 10_000) -> None:
    """Print how long the commands take on a long history: wall clock and processor."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["SPEECHCOACH_HOME"] = home
        _fill(takes)
        for command in ("history", "progress", "compare 100 9000", "next"):
            wall, cpu = min(_run(command) for _ in range(5))
            print(f"{command:18} {wall:.2f} s ({cpu:.2f} s of processor time)")


def _run(command: str) -> tuple[float, float]:
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "speechcoach", *command.split()],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, cpu


def _fill(takes: int) -> None:
    """Write `takes` takes of three questions into the history."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from sample_report import MEASUREMENTS, report

    from speechcoach.coach import Coach, Settings
    from speechcoach.data import Measurement
    from speechcoach.history.store import History

    rng, start = random.Random(1), datetime(2024, 1, 1, tzinfo=UTC)
    rules = Coach(Settings()).rules(None)
    with History.open() as history:
        history.db.execute("PRAGMA synchronous = OFF")
        for number in range(takes):
            recording = dataclasses.replace(report().recording, sha256=f"{number:064x}")
            fillers = Measurement(max(0.0, rng.gauss(6.0, 1.5)), "1/min")
            made = report(
                recording=recording,
                question=rng.choice(("conflict", "mistake", "why-diagnostic-radiology")),
                measurements={**MEASUREMENTS, "filler_rate": fillers},
                rules=rules,
            )
            history.add(made, made=start + timedelta(hours=number))


if __name__ == "__main__":
    main()
