"""The contract of workers: whoever offers them passes all of this. A backend is a line below."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed, wait
from pathlib import Path

import pytest
from batch_support import write_answers
from sound_support import write
from workers_support import Die, Echo, Hang, Marked, Raise, Unreadable, alive, until

from speechcoach.coach import Settings
from speechcoach.errors import AudioError, JobError
from speechcoach.sound import audio
from speechcoach.workers import LIMIT, WAITED_FOR, Analyze, Follow, Processes, Warm

pytestmark = pytest.mark.usefixtures("in_time")

SAMPLES = Path(__file__).parent.parent / "sample_audio"

BACKENDS = {"processes": Processes}
"""Each makes workers of settings and of how many jobs can be under way at once."""


@pytest.fixture(params=BACKENDS)
def backend(request):
    return request.param


@pytest.fixture
def hire(backend):
    """Hire workers for written answers; a recogniser is never missed for them."""
    hired = []

    def hire(size=1, settings=Settings(engine="none such")):  # noqa: B008 - it is frozen
        hired.append(BACKENDS[backend](settings, size))
        return hired[-1]

    yield hire
    for workers in hired:
        workers.close()


@pytest.fixture
def gate(tmp_path):
    return tmp_path / "gate"


def blocked(workers, tmp_path, gate):
    """Keep one worker busy until the gate is there."""
    mark = tmp_path / f"busy-{os.urandom(4).hex()}"
    busy = workers.submit(Marked(mark=mark, gate=gate))
    until(mark.exists)
    return busy


# Results, in any order


def test_every_job_gives_its_own_result(hire):
    with hire(2) as workers:
        assert workers.size == 2
        jobs = {workers.submit(Echo(str(n))): str(n) for n in range(20)}
        assert {f: f.result() for f in as_completed(jobs)} == jobs


def test_a_quick_job_does_not_wait_for_a_slow_one(hire, tmp_path, gate):
    workers = hire(2)
    slow = blocked(workers, tmp_path, gate)
    assert workers.submit(Echo("quick")).result() == "quick"
    assert not slow.done()
    gate.touch()
    assert slow.result() == "job"


def test_results_can_be_awaited(hire):
    async def both():
        futures = [hire(2).submit(Echo(name)) for name in "ab"]
        return await asyncio.gather(*map(asyncio.wrap_future, futures))

    assert asyncio.run(both()) == ["a", "b"]


def test_many_threads_may_submit_and_each_gets_its_own(hire):
    workers = hire(2)

    def use(thread):
        names = [f"{thread}-{n}" for n in range(10)]
        return [workers.submit(Echo(name)).result() for name in names] == names

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(use, range(8)))


def test_a_callback_may_submit_the_next_job(hire):
    workers, done, following = hire(), threading.Event(), []

    def more(_):
        following.append(workers.submit(Echo("second")))
        done.set()

    workers.submit(Echo("first")).add_done_callback(more)
    assert done.wait(60)
    assert following[0].result() == "second"


# Failures


@pytest.mark.parametrize(
    ("job", "error", "sentence"),
    [
        (Raise("a.wav"), AudioError, r"^a\.wav is no sound\.$"),
        (
            Raise("a.wav", "fault"),
            JobError,
            r"^a\.wav met a fault in speechcoach \(ZeroDivisionError: by nothing\): run 'speech",
        ),
        (
            Raise("a.wav", "memory"),
            JobError,
            r"a\.wav ended the process that analysed it, twice .*want of memory",
        ),
        (Unreadable("a.wav"), JobError, "cannot read the job .*no such thing there"),
    ],
    ids=["ours", "fault", "memory", "unreadable"],
)
def test_what_goes_wrong_is_a_sentence_and_costs_one_job(hire, job, error, sentence):
    workers = hire()
    with pytest.raises(error, match=sentence):
        workers.submit(job).result()
    assert workers.submit(Echo("next")).result() == "next"


def test_what_cannot_be_sent_fails_where_it_is_submitted(hire):
    with pytest.raises((AttributeError, TypeError), match="pickle"):
        hire().submit(Echo(threading.Lock()))


def test_a_job_that_ends_its_worker_once_is_done_by_another(hire, tmp_path):
    record = tmp_path / "record"
    assert hire().submit(Die("once", record, times=1)).result() == "once"
    first, second = record.read_text().split()
    assert first != second


def test_a_job_that_ends_its_worker_twice_is_given_up_and_costs_no_other_job(hire, tmp_path):
    workers, record = hire(2), tmp_path / "record"
    deadly = workers.submit(Die("deadly.wav", record))
    others = [workers.submit(Echo(str(n))) for n in range(5)]
    with pytest.raises(JobError, match=r"^deadly\.wav ended the process .*twice \(signal 9"):
        deadly.result()
    assert len(record.read_text().split()) == 2
    assert [other.result() for other in others] == list("01234")


@pytest.mark.skipif(sys.platform == "win32", reason="its C library has no sleep")
@pytest.mark.parametrize("hard", [False, True], ids=["in C", "holding the interpreter"])
def test_a_job_that_hangs_is_ended_at_its_limit_and_named(hire, tmp_path, hard):
    workers, mark = hire(), tmp_path / "mark"
    hung = workers.submit(Hang("hung.wav", mark, hard), limit=2.0)
    behind = workers.submit(Echo("behind"))
    with pytest.raises(JobError, match=r"^hung\.wav took more than 2 s, the most"):
        hung.result()
    until(lambda: not alive(int(mark.read_text())))
    assert behind.result() == "behind"


def test_waiting_does_not_count_towards_the_limit(hire, tmp_path, gate):
    workers = hire()
    busy = blocked(workers, tmp_path, gate)
    behind = workers.submit(Marked(mark=tmp_path / "mark"), limit=2.0)
    assert not wait([behind], timeout=2.2).done
    gate.touch()
    assert {busy.result(), behind.result()} == {"job"}


def test_a_limit_leaves_room_for_the_longest_answers_and_may_be_none():
    assert LIMIT >= 1800


def test_a_job_without_a_limit_is_done(hire):
    assert hire().submit(Echo("x"), limit=float("inf")).result() == "x"


# Priority


def test_the_job_that_somebody_waits_for_goes_first_others_in_turn(hire, tmp_path, gate):
    workers, order, done = hire(), [], threading.Semaphore(0)

    def note(name):
        return lambda _: (order.append(name), done.release())

    blocked(workers, tmp_path, gate)
    for name, priority in [("a", 0), ("b", 0), ("urgent", WAITED_FOR), ("c", 0)]:
        workers.submit(Echo(name), priority=priority).add_done_callback(note(name))
    gate.touch()
    assert all(done.acquire(timeout=60) for _ in range(4))
    assert order == ["urgent", "a", "b", "c"]


# Notes


def test_notes_come_before_the_result_to_whoever_submitted_the_job(hire):
    workers, heard = hire(2), {}

    def listener(name):
        return heard.setdefault(name, []).append

    futures = [workers.submit(Echo(name), note=listener(name)) for name in "abc"]
    for name, future in zip("abc", futures, strict=True):
        future.result()
        assert heard[name] == [f"at {name}"]


def test_whoever_fails_to_take_a_note_loses_only_that(hire, caplog):
    def fails(text):
        raise ZeroDivisionError(text)

    assert hire().submit(Echo("a"), note=fails).result() == "a"
    assert "the receiver of a note failed" in caplog.text


# Cancelling


def test_a_job_that_is_cancelled_in_time_is_never_begun(hire, tmp_path, gate):
    workers = hire()
    busy = blocked(workers, tmp_path, gate)
    cancelled = workers.submit(Marked(mark=tmp_path / "never"))
    behind = workers.submit(Echo("behind"))
    assert cancelled.cancel()
    assert cancelled in wait([cancelled, busy], return_when="FIRST_COMPLETED").done
    gate.touch()
    assert behind.result() == "behind"
    assert not (tmp_path / "never").exists()


def test_a_job_under_way_can_be_cancelled_and_leaves_its_place(hire, tmp_path):
    workers = hire()
    hung = blocked(workers, tmp_path, tmp_path / "no gate")
    behind = workers.submit(Echo("behind"))
    assert hung.cancel()
    assert behind.result() == "behind"
    with pytest.raises(CancelledError):
        hung.result()


def test_what_is_done_cannot_be_cancelled(hire):
    done = hire().submit(Echo("a"))
    assert done.result() == "a"
    assert not done.cancel()


def test_closing_waits_for_nothing_and_lets_nobody_wait(hire, tmp_path):
    workers = hire()
    with workers:
        under_way = blocked(workers, tmp_path, tmp_path / "no gate")
        waits = workers.submit(Echo("waits"))
    assert under_way.cancelled()
    assert waits.cancelled()
    with pytest.raises(RuntimeError, match="closed"):
        workers.submit(Echo("late"))
    workers.close()


# The real jobs


def test_a_written_answer_gives_its_report(hire, tmp_path):
    (path,) = write_answers(tmp_path, 1)
    made = json.loads(hire().submit(Analyze(path, "mistake")).result())
    assert (made["question"], made["recording"]["name"]) == ("mistake", path.name)


def test_a_missing_file_is_said_as_the_coach_says_it(hire, tmp_path):
    with pytest.raises(AudioError, match=r"There is no file .*gone\.wav"):
        hire().submit(Analyze(tmp_path / "gone.wav")).result()


def test_one_worker_and_two_write_the_same(hire, tmp_path):
    paths = write_answers(tmp_path, 8)
    one, two = (
        [report.result() for report in [workers.submit(Analyze(path)) for path in paths]]
        for workers in (hire(1), hire(2))
    )
    assert one == two


@pytest.mark.engine
def test_one_worker_and_two_hear_the_same(hire, tmp_path):
    sound = audio.load(SAMPLES / "conflict-strong.flac").audio
    paths = [tmp_path / f"conflict-{n}.wav" for n in range(3)]
    for number, path in enumerate(paths):
        write(path, sound.between(8.0 * number, 8.0 * number + 8.0))
    one, two = (
        [report.result() for report in [workers.submit(Analyze(path)) for path in paths]]
        for workers in (hire(n, Settings(engine="moonshine")) for n in (1, 2))
    )
    assert one == two
    assert all(json.loads(report)["transcript"]["words"] for report in one)


@pytest.mark.engine
def test_a_warm_worker_is_no_different(hire):
    workers = hire(1, Settings(engine="moonshine"))
    assert workers.submit(Warm()).result() == ""


def test_models_that_do_not_load_are_said_and_no_worker_is_lost(hire, tmp_path):
    workers = hire()
    with pytest.raises(Exception, match="no engine called 'none such'"):
        workers.submit(Warm()).result()
    assert workers.submit(Echo("next")).result() == "next"


def test_a_take_that_cannot_be_followed_is_left_to_its_analysis(hire, tmp_path):
    workers = hire()
    assert workers.submit(Follow(tmp_path / "take.wav")).result() == ""
    with pytest.raises(AudioError, match="There is no file"):
        workers.submit(Analyze(tmp_path / "take.wav")).result()


# The end of the caller

CALLER = """
import sys
from pathlib import Path
from test_workers import BACKENDS
from workers_support import Hang, Marked
from speechcoach.coach import Settings

name, folder, at = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
workers = BACKENDS[name](Settings(engine="none such"), 2)
for number in range(2):
    mark = folder / f"mark-{number}"
    job = Marked("done", mark, folder / "gate") if at == "gate" else Hang("", mark, at == "hard")
    last = workers.submit(job, limit=3.0 if at == "hard" else 600.0)
try:
    last.result()
except KeyboardInterrupt:
    print("interrupted", flush=True)
print(last.result())
workers.close()
"""


@pytest.fixture
def caller(backend, tmp_path):
    """Another process that has two workers, both busy until a gate is there, or for ever."""
    started = []

    def start(at):
        path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
        process = subprocess.Popen(
            [sys.executable, "-c", CALLER, backend, str(tmp_path), at],
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        marks = [tmp_path / "mark-0", tmp_path / "mark-1"]
        until(lambda: all(mark.exists() for mark in marks))
        return process, [int(mark.read_text()) for mark in marks]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes in /proc")
@pytest.mark.parametrize("at", ["C", "hard"])
def test_workers_end_when_their_caller_is_killed_whatever_they_are_at(caller, at):
    process, workers = caller(at)
    process.kill()
    until(lambda: not any(map(alive, workers)))


@pytest.mark.skipif(sys.platform == "win32", reason="signals go to groups in another way")
def test_ctrl_c_is_the_callers_alone(caller, tmp_path):
    process, workers = caller("gate")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    assert process.stdout.readline() == "interrupted\n"
    (tmp_path / "gate").touch()
    assert process.communicate(timeout=60)[0] == "done\n"
    assert [int((tmp_path / f"mark-{n}").read_text()) for n in range(2)] == workers
