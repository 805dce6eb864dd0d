"""A short run of benchmarks/fuzz.py; the long one is written down in benchmarks/results/fuzz.md."""

import os
import re
import subprocess
import sys

import pytest
from media_support import BENCHMARKS, benchmark

CASES = 240

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="cases are read in forks")


def test_no_mutated_file_ends_in_anything_but_sound_or_one_sentence():
    command = [sys.executable, BENCHMARKS / "fuzz.py", "--cases", str(CASES)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    counts = {
        name: int(count) for name, count in re.findall(r"\| ([a-z ]+) \| (\d+) \|", run.stdout)
    }
    assert counts.pop("ok") + counts.pop("refused") == CASES, run.stdout
    assert not any(counts.values())
    assert len(counts) == 5
    assert run.returncode == 0
    assert run.stderr == ""
    (formats, mutations) = re.search(r"of (\d+) formats and (\d+) mutations", run.stdout).groups()
    assert int(formats) >= 25
    assert int(mutations) == 12


def test_a_case_is_the_same_every_time_and_other_than_its_seed():
    seeds = {"a.wav": bytes(range(256)) * 40, "b.wav": bytes(9999)}
    cases = list(benchmark("fuzz").cases(seeds, range(300)))
    assert cases == [
        *benchmark("fuzz").cases(seeds, range(200)),
        *benchmark("fuzz").cases(seeds, range(200, 300)),
    ]
    assert sum(case.data != seeds[case.seed] for case in cases) > 270
    used = {name for case in cases for name in case.mutation.split(" + ")}
    assert used == {mutation.__name__ for mutation in benchmark("fuzz").MUTATIONS}


FAULTS = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import fuzz
fuzz.SECONDS, fuzz.PATIENCE, fuzz.ROOM, fuzz.MEMORY = 1, 4.0, 2**30, 512
for fault in (
    lambda _: 1 / 0,
    lambda _: os.abort(),
    lambda _: os.kill(os.getpid(), 9),
    lambda _: time.sleep(60),
    lambda _: sum(iter(int, 1)),
    lambda _: bytes(2**31),
    lambda _: bytes(bytearray(b"x") * 2**29),
):
    fuzz.audio.load = fault
    print(*fuzz.outcome(fuzz.Case(0, "a.wav", "none", b"x"), Path(sys.argv[2])), flush=True)
"""


def test_whatever_else_happens_is_seen_for_what_it_is(tmp_path):
    command = [sys.executable, "-c", FAULTS, BENCHMARKS, tmp_path]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [re.sub(r"\d+ MB", "N MB", line) for line in run.stdout.splitlines()] == [
        "foreign exception ZeroDivisionError: division by zero",
        "crash SIGABRT",
        "crash SIGKILL",
        "hang more than 1 s",
        "hang more than 1 s",
        "foreign exception MemoryError: ",
        "over memory N MB",
    ]
