"""What only processes of this machine do: threads, takes that are followed, deaths at rest."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from sound_support import silence, tone, write
from workers_support import (
    Die,
    Echo,
    Hang,
    Heard,
    Listen,
    Marked,
    Print,
    Recogniser,
    Threads,
    Who,
    alive,
    until,
)

from speechcoach.coach import Settings
from speechcoach.errors import JobError
from speechcoach.workers import WAITED_FOR, Processes, alone, process
from speechcoach.workers.processes import ONE_THREAD

pytestmark = pytest.mark.usefixtures("in_time")

NOTHING = Settings(engine="none such")
STEP = 0.02
"""Seconds between two looks at a take, in these tests."""


@pytest.fixture
def pair():
    with Processes(NOTHING, 2) as workers:
        yield workers


@pytest.fixture
def single():
    with Processes(NOTHING, 1) as workers:
        yield workers


@pytest.fixture
def take(tmp_path):
    """A take of three stretches of speech, to ears that take any tone for it."""
    path = tmp_path / "take.wav"
    write(
        path, np.concatenate([tone(200, 12), silence(1), tone(200, 12), silence(1), tone(200, 9)])
    )
    return path


# Threads


def test_numeric_libraries_use_one_thread_in_each_process(pair):
    """They read these variables while they load: set in the worker, it may be too late."""
    found = json.loads(pair.submit(Threads()).result())
    assert found["pools"]
    assert set(found["pools"]) == {1}
    assert found["detector's"] == 0
    assert found["told"] == dict(ONE_THREAD)


@pytest.mark.engine
def test_the_embedded_recogniser_uses_one_thread_in_each_process():
    with Processes(Settings(engine="moonshine")) as workers:
        assert workers.submit(Recogniser()).result() == "0"


def test_a_caller_that_has_loaded_numpy_does_not_make_its_workers_load_it_first(tmp_path):
    """The main module of a caller is not run again in its workers, as multiprocessing does."""
    script = tmp_path / "caller.py"
    script.write_text(
        "import numpy, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from workers_support import Loaded\n"
        "from speechcoach.coach import Settings\n"
        "from speechcoach.workers import Processes\n"
        "with Processes(Settings(), 1) as workers:\n"
        "    print(workers.submit(Loaded()).result())\n"
    )
    run = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr) == ("[]\n", "")


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core is all there is")
def test_the_only_worker_of_somebody_who_practises_may_use_every_core():
    with alone(NOTHING) as workers:
        assert max(json.loads(workers.submit(Threads()).result())["pools"]) > 1


# What is said where


def test_what_a_library_prints_is_no_result_and_not_on_our_stdout(single, capfd):
    assert single.submit(Print("printed")).result() == "printed"
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.split() == ["from", "Python", "from", "C"]


# Deaths


def test_a_process_that_dies_at_rest_is_replaced(single):
    first = int(single.submit(Who()).result())
    os.kill(first, signal.SIGKILL)
    until(lambda: not alive(first))
    second = int(single.submit(Who()).result())
    assert second != first


def test_a_job_that_ended_its_process_is_tried_again_in_a_new_one(pair, tmp_path):
    """Not in one that is there, which the same might have harmed."""
    gate, marks = tmp_path / "gate", [tmp_path / "mark-0", tmp_path / "mark-1"]
    gated = [pair.submit(Marked(mark=mark, gate=gate)) for mark in marks]
    until(lambda: all(mark.exists() for mark in marks))
    gate.touch()
    assert [job.result() for job in gated] == ["job", "job"]
    pair.submit(Die(record=tmp_path / "record", times=1)).result()
    first, second = (tmp_path / "record").read_text().split()
    there = {mark.read_text() for mark in marks}
    assert first in there
    assert second not in there


def test_a_program_that_does_not_start_is_said(monkeypatch):
    def refuse(*_, **__):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(process.subprocess, "Popen", refuse)
    with (
        Processes(NOTHING) as workers,
        pytest.raises(JobError, match=r"^a\.wav could not be begun.*Resource temporarily unavail"),
    ):
        workers.submit(Echo("a.wav")).result()


def test_a_program_that_ends_at_its_start_is_given_up(monkeypatch):
    monkeypatch.setattr(process, "BOOT", "raise SystemExit(7)")
    with (
        Processes(NOTHING) as workers,
        pytest.raises(JobError, match=r"^a\.wav ended the process .*twice \(exit code 7\)"),
    ):
        workers.submit(Echo("a.wav")).result()


STOPPED = """
import sys
from pathlib import Path
from workers_support import Marked
from speechcoach.coach import Settings
from speechcoach.workers import Processes

folder = Path(sys.argv[1])
with Processes(Settings(), 1) as workers:
    job = Marked(mark=folder / "mark", gate=folder / "gate")
    print(workers.submit(job, limit=3.0).result())
"""


def test_a_caller_that_was_stopped_hears_what_was_done_meanwhile(tmp_path):
    """Ctrl-Z over night: the job was done in time, and its answer lies in the pipe."""
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    caller = subprocess.Popen(
        [sys.executable, "-c", STOPPED, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )
    until((tmp_path / "mark").exists)
    caller.send_signal(signal.SIGSTOP)
    (tmp_path / "gate").touch()
    time.sleep(5)  # more than the limit, and than a supervisor ever is late
    caller.send_signal(signal.SIGCONT)
    assert caller.communicate(timeout=60)[0] == "job\n"


# Takes that are followed


def followed(workers, take):
    """Have a take followed; once it was listened to, return the future and whose ears it were."""
    future = workers.submit(Listen(take, STEP, mark_of(take)))
    until(mark_of(take).exists)
    return future, int(mark_of(take).read_text())


def mark_of(take):
    return take.with_suffix(".heard")


def test_the_process_that_follows_a_take_analyses_it_and_needs_to_hear_only_the_rest(pair, take):
    future, listener = followed(pair, take)
    others = {pair.submit(Who()).result() for _ in range(4)}
    assert not future.done()
    number, heard = pair.submit(Heard(take), priority=WAITED_FOR).result().split()
    assert int(number) == listener
    assert float(heard) > 12
    assert future.result() == ""
    assert str(listener) not in others


def test_the_analysis_waits_for_the_process_that_follows_its_take(pair, take, tmp_path):
    _, listener = followed(pair, take)
    gate = tmp_path / "gate"
    for name in ("one", "two"):
        mark = tmp_path / name
        pair.submit(Marked(mark=mark, gate=gate), priority=WAITED_FOR)
        until(mark.exists)
    report = pair.submit(Heard(take), priority=WAITED_FOR)
    gate.touch()
    assert int(report.result().split()[0]) == listener


def test_a_process_that_follows_a_take_leaves_what_nobody_waits_for_until_it_is_analysed(
    single, take
):
    followed(single, take)
    later = single.submit(Who())
    sooner = {single.submit(Who(), priority=WAITED_FOR).result() for _ in range(3)}
    assert not later.done()
    single.submit(Heard(take), priority=WAITED_FOR)
    assert {later.result()} == sooner


def test_two_takes_are_followed_by_two_processes_a_third_by_one_of_them(pair, take, tmp_path):
    listeners = []
    for number in range(3):
        other = tmp_path / f"take-{number}.wav"
        other.write_bytes(take.read_bytes())
        listeners.append(followed(pair, other)[1])
    assert listeners[0] != listeners[1]
    assert listeners[2] in listeners[:2]


def test_a_take_that_is_not_followed_any_more_frees_its_process(single, take):
    future, listener = followed(single, take)
    later = single.submit(Heard(take.with_name("other.wav")))
    assert future.cancel()
    assert later.result() == f"{listener} None"
    assert single.submit(Heard(take)).result() == f"{listener} None"


def test_a_take_whose_process_dies_is_followed_by_the_next_one(single, take):
    future, listener = followed(single, take)
    os.kill(listener, signal.SIGKILL)
    until(lambda: mark_of(take).read_text() != str(listener))
    number, heard = single.submit(Heard(take), priority=WAITED_FOR).result().split()
    assert int(number) != listener
    assert float(heard) > 12
    assert future.result() == ""


def test_a_job_that_ends_a_process_is_blamed_for_it_and_not_the_take_that_is_followed(
    single, take, tmp_path
):
    future, _ = followed(single, take)
    deadly = single.submit(Die(record=tmp_path / "record"), priority=WAITED_FOR)
    with pytest.raises(JobError, match="twice"):
        deadly.result()
    assert single.submit(Heard(take), priority=WAITED_FOR).result()
    assert future.result() == ""


def test_a_take_that_cannot_be_listened_to_is_left_to_its_analysis(single, take):
    take.with_suffix(".fault").touch()
    future = single.submit(Listen(take, STEP, mark_of(take)))
    assert future.result() == ""
    assert single.submit(Heard(take)).result().endswith("None")


def begin_to_hang(workers, take):
    """Have a worker hang in listening, after one that has loaded what it takes to listen."""
    followed(workers, take)[0].cancel()
    workers.submit(Who(), priority=WAITED_FOR).result()  # it has heard of that by now
    mark_of(take).unlink()
    take.with_suffix(".hang").touch()
    hung = workers.submit(Listen(take, STEP, mark_of(take)), limit=4.0)
    until(mark_of(take).exists)
    return hung


def test_listening_that_hangs_is_ended_at_its_limit_and_costs_no_other_job(single, take):
    hung = begin_to_hang(single, take)
    other = single.submit(Who(), priority=WAITED_FOR)
    with pytest.raises(JobError, match=r"take\.wav took more than 4 s"):
        hung.result()
    assert other.result() != mark_of(take).read_text()


def test_listening_that_hangs_is_ended_even_if_nobody_wants_it_any_more(single, take):
    assert begin_to_hang(single, take).cancel()
    assert single.submit(Who(), priority=WAITED_FOR).result() != mark_of(take).read_text()


def test_a_take_that_kills_its_listener_is_given_up_and_still_analysed(single, take):
    take.with_suffix(".deadly").touch()
    deadly = single.submit(Listen(take, STEP, mark_of(take)))
    with pytest.raises(JobError, match=r"take\.wav ended the process .*twice"):
        deadly.result()
    assert single.submit(Heard(take)).result().endswith("None")


# The end


def test_no_process_or_thread_is_left(take):
    before = threading.active_count()
    with Processes(NOTHING, 2) as workers:
        numbers = [int(workers.submit(Who()).result())]
        numbers.append(followed(workers, take)[1])
        workers.submit(Hang())
    assert not any(map(alive, numbers))
    until(lambda: threading.active_count() == before)


def test_no_process_is_started_before_there_is_work(monkeypatch):
    monkeypatch.setattr(process.subprocess, "Popen", None)
    with Processes(NOTHING, 2):
        pass


def test_a_caller_that_forgets_to_close_ends_quietly_and_leaves_no_process(tmp_path):
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from workers_support import Hang, Who, until\n"
        "from speechcoach.coach import Settings\n"
        "from speechcoach.workers import Processes\n"
        "workers = Processes(Settings(), 2)\n"
        "print(workers.submit(Who()).result())\n"
        "mark = Path(sys.argv[1], 'mark')\n"
        "workers.submit(Hang(mark=mark)), workers.submit(Hang())\n"
        "until(mark.exists)\n"
        "print(mark.read_text())\n"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr == ""
    assert not any(alive(int(number)) for number in run.stdout.split())
