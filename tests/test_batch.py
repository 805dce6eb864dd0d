"""Many recordings: order, workers that die, resuming, and what is written."""

import dataclasses
import json
import os
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import pytest
from batch_support import Backwards, write_answers
from click.testing import CliRunner
from sample_report import report

from speechcoach.batch import Batch, Row, run
from speechcoach.batch.files import answers, arrivals
from speechcoach.batch.out import written
from speechcoach.cli import main
from speechcoach.coach import Settings
from speechcoach.errors import AudioError, UnknownNameError
from speechcoach.history.store import History
from speechcoach.paths import to_text
from speechcoach.reports import to_json
from speechcoach.terminal.tally import Tally, pace_text

COMMAND = [sys.executable, "-m", "speechcoach", "batch"]


def invoke(*arguments: object):
    return CliRunner().invoke(main, ["batch", *map(str, arguments)])


# Which files


def test_answers_are_sound_video_and_text_in_order(tmp_path):
    names = [f"{number:02}.wav" for number in range(20)]
    wanted = ["a.wav", "c.m4a", "b/c.MP4", "b/d.txt", *(f"z/{name}" for name in names)]
    others = [".hidden.wav", ".git/x.wav", "notes.pdf", "b/list.csv", "out.jsonl"]
    for name in [*reversed(wanted), *others]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.relative_to(tmp_path).as_posix() for path in answers(tmp_path)] == wanted


def test_copies_that_the_program_keeps_are_no_answers(tmp_path, own_home):
    write_answers(tmp_path, 1)
    write_answers(own_home / "audio", 1)
    assert answers(tmp_path) == [tmp_path / "conflict-000.txt"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.touch(), "is a file: use 'analyze'"),
        (lambda path: path.mkdir(), "There is no recording"),
    ],
    ids=["missing", "file", "empty"],
)
def test_a_folder_without_answers_is_named(tmp_path, make, message):
    make(tmp_path / "takes")
    with pytest.raises(AudioError, match=message):
        answers(tmp_path / "takes")


def test_a_watched_file_is_taken_when_it_no_longer_grows(tmp_path):
    growing, late = tmp_path / "growing.wav", tmp_path / "late.wav"
    growing.write_bytes(b"1")

    def steps():
        growing.write_bytes(b"12")
        yield
        yield  # unchanged: taken at the next look
        late.write_bytes(b"1")
        yield
        yield
        growing.write_bytes(b"123")
        yield
        yield

    happens = steps()
    watched = arrivals(tmp_path, sleep=lambda _: next(happens))
    assert [next(watched) for _ in range(3)] == [[growing], [late], [growing]]


def test_watching_begins_in_an_empty_folder(tmp_path):
    def come(_: float) -> None:
        (tmp_path / "a.txt").write_text("")
        os.utime(tmp_path / "a.txt", (1e9, 1e9))

    assert next(arrivals(tmp_path, sleep=come)) == [tmp_path / "a.txt"]


# Order, and nothing twice


def rows(batch: Batch, paths: list[Path], total: int | None = None) -> tuple[list[Row], Backwards]:
    workers = Backwards(total or len(paths), 2)
    return list(batch.rows(paths, workers)), workers


def test_rows_come_in_the_order_of_the_files_whatever_ends_first(tmp_path):
    paths = write_answers(tmp_path, 10)
    found, workers = rows(Batch(Settings(), None), paths)
    assert [row.path for row in found] == [str(path) for path in paths]
    assert [row.report["recording"]["path"] for row in found] == [str(path) for path in paths]
    assert sorted(workers.started) == [path.name for path in paths]


def test_no_more_files_are_begun_than_may_wait_for_their_turn(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "AHEAD", 2)
    workers = Backwards(2, 5)
    given = Batch(Settings(), None).rows(write_answers(tmp_path, 10), workers)
    next(given)
    assert len(workers.started) == 2


def test_files_of_the_same_content_are_analysed_once(tmp_path):
    first, second, third = write_answers(tmp_path, 3)
    second.write_bytes(first.read_bytes())
    found, workers = rows(Batch(Settings(), None), [first, second, third], total=2)
    assert workers.started == [first.name, third.name]
    assert [row.path for row in found] == [str(first), str(second), str(third)]


class Writing(Backwards):
    """Workers during whose work a file grows, as often as is told."""

    def __init__(self, path, times):
        super().__init__(1, 1)
        self.path, self.times = path, times

    def submit(self, job, *, note):
        future: Future[str] = Future()
        self.started.append(job.path.name)
        if job.path == self.path and self.times:
            self.times -= 1
            with self.path.open("a") as file:
                file.write("And so on.\n")
        made = dataclasses.replace(report().recording, sha256=str(len(self.started)))
        future.set_result(to_json(report(recording=made)))
        return future


def test_a_file_that_grew_meanwhile_is_analysed_again_and_kept_once(tmp_path):
    first, second = write_answers(tmp_path, 2)
    with History.open() as history:
        workers = Writing(first, times=2)
        found = list(Batch(Settings(), history).rows([first, second], workers))
        assert sorted(workers.started) == [first.name] * 3 + [second.name]
        assert [row.path for row in found] == [str(first), str(second)]
        assert len(history.takes()) == 2


def test_a_file_that_goes_on_growing_is_said_and_not_kept(tmp_path):
    first, second = write_answers(tmp_path, 2)
    with History.open() as history:
        workers = Writing(first, times=99)
        bad, good = Batch(Settings(), history).rows([first, second], workers)
        assert "goes on changing: analyse it when it is finished" in bad.error
        assert workers.started.count(first.name) == run.TRIES
        assert good.report
        assert len(history.takes()) == 1


def test_the_same_content_under_another_question_is_another_analysis(tmp_path):
    first, second = write_answers(tmp_path, 2)
    second = second.rename(tmp_path / "mistake.txt")
    second.write_bytes(first.read_bytes())
    found, _ = rows(Batch(Settings(), None), [first, second])
    assert [row.report["question"] for row in found] == ["conflict", "mistake"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_or_a_dangling_link_is_left_to_the_analysis_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "gone.mp3").symlink_to(tmp_path / "nowhere")
    found, workers = rows(Batch(Settings(engine="moonshine"), None), answers(tmp_path))
    assert len(found) == 2
    assert sorted(workers.started) == ["gone.mp3", "pipe.wav"]


def test_a_manifest_decides_the_question(tmp_path):
    (path,) = write_answers(tmp_path, 1)
    (tmp_path / "list.csv").write_text("file,question\nconflict-000.txt,mistake\n")
    batch = Batch(Settings(), None)
    batch.check(tmp_path / "list.csv")
    assert batch.question_of(path) == "mistake"


def test_names_are_checked_before_any_work():
    with pytest.raises(UnknownNameError, match="no question called 'conflit'"):
        Batch(Settings(), None, question="conflit").check()
    with pytest.raises(UnknownNameError, match="no engine called 'wisper'"):
        Batch(Settings(engine="wisper"), None).check()


# The user's own rules


def test_own_words_and_questions_make_other_rules_only_where_they_bear(tmp_path, own_home):
    path = tmp_path / "conflict.txt"
    path.touch()
    plain = Batch(Settings(), None).key(path, "conflict")
    (own_home / "questions").mkdir(parents=True)
    (own_home / "questions" / "own.toml").write_text(
        '[[question]]\nid = "own"\ncategory = "c"\ntext = "t"\nkind = "open"\nseconds = [60, 90]\n'
    )
    with_question = Batch(Settings(), None)
    assert with_question.key(path, "conflict") == plain
    assert with_question.key(path, "own").rules != plain.rules
    (own_home / "fillers.toml").write_text('add = ["at the end of the day"]')
    assert Batch(Settings(), None).key(path, "conflict").rules != plain.rules


# The command


def test_a_bad_file_costs_its_own_row_and_exit_code_3(tmp_path):
    good, bad = write_answers(tmp_path / "takes", 2)
    bad.write_bytes(b"\xff\xfe\x00")
    out = tmp_path / "out.jsonl"
    ran = invoke(tmp_path / "takes", "--out", out, "--jobs", 1)
    assert ran.exit_code == 3
    first, second = map(json.loads, out.read_text().splitlines())
    assert first["recording"]["path"] == str(good)
    assert second["recording"]["path"] == str(bad)
    assert "is not text" in second["error"]
    assert "conflict-001.txt" in ran.stdout
    assert "2 files: 1 analysed, 0 from the history, 1 failed" in ran.stdout


def test_a_second_run_takes_everything_from_the_history(tmp_path):
    paths = write_answers(tmp_path / "takes", 3)
    out = tmp_path / "out.jsonl"
    invoke(tmp_path / "takes", "--out", out, "--jobs", 1)
    first = out.read_bytes()
    paths[0].rename(paths[0].with_name("conflict-000-renamed.txt"))
    ran = invoke(tmp_path / "takes", "--out", out)
    assert "3 files: 0 analysed, 3 from the history, 0 failed" in ran.stdout
    assert out.read_bytes() == first.replace(b"conflict-000.txt", b"conflict-000-renamed.txt")
    ran = invoke(tmp_path / "takes", "--force", "--jobs", 1)
    assert "3 files: 3 analysed, 0 from the history, 0 failed" in ran.stdout
    with History.open() as history:
        assert len(history.takes()) == 3


def test_without_saving_no_trace_is_left(tmp_path, own_home):
    write_answers(tmp_path / "takes", 1)
    ran = invoke(tmp_path / "takes", "--no-save")
    assert ran.exit_code == 0
    assert not own_home.exists()


def test_a_run_that_is_killed_goes_on_to_the_same_end(tmp_path, own_home):
    """kill -9 in the middle; then again to the end, against a run that nobody disturbed."""
    takes, out = tmp_path / "takes", tmp_path / "out.jsonl"
    write_answers(takes, 150)
    command = [*COMMAND, str(takes), "--jobs", "2", "--out", str(out)]
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not out.exists() or out.read_bytes().count(b"\n") < 5:
        assert killed.poll() is None
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    there = len(out.read_text().splitlines())
    assert 5 <= there < 150
    resumed = subprocess.run(command, capture_output=True, text=True, check=True)
    kept = int(resumed.stdout.split(" from the history")[0].split()[-1])
    assert kept >= there
    after = out.read_bytes()
    own_home.rename(tmp_path / "another-home")
    subprocess.run(command, capture_output=True, check=True)
    assert out.read_bytes() == after


@pytest.mark.skipif(not Path("/proc").exists(), reason="finds processes in /proc")
def test_a_worker_that_is_killed_costs_no_file(tmp_path):
    takes, out = tmp_path / "takes", tmp_path / "out.jsonl"
    write_answers(takes, 60)
    command = [*COMMAND, str(takes), "--jobs", "2", "--out", str(out)]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not out.exists() or out.read_bytes().count(b"\n") < 3:
        assert run.poll() is None
        time.sleep(0.01)
    tasks = Path(f"/proc/{run.pid}/task")
    workers = [int(n) for task in tasks.iterdir() for n in (task / "children").read_text().split()]
    for worker in workers:
        os.kill(worker, 9)
    output, errors = run.communicate()
    assert (len(workers), run.returncode) == (2, 0)
    assert "Traceback" not in errors
    assert "60 files: 60 analysed, 0 from the history, 0 failed" in output


def test_ctrl_c_stops_and_says_how_to_go_on(tmp_path):
    takes, out = tmp_path / "takes", tmp_path / "out.jsonl"
    write_answers(takes, 150)
    command = [*COMMAND, str(takes), "--jobs", "2", "--out", str(out)]
    stopped = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not out.exists() or out.read_bytes().count(b"\n") < 3:
        assert stopped.poll() is None
        time.sleep(0.01)
    os.killpg(stopped.pid, 2)
    output, errors = stopped.communicate()
    assert stopped.returncode == 130
    assert "run it again to go on" in errors
    assert "Traceback" not in errors
    assert "conflict-000.txt" in output


def test_watching_goes_on_until_ctrl_c(tmp_path, own_home):
    takes = tmp_path / "takes"
    write_answers(takes, 1)
    command = [*COMMAND, str(takes), "--watch", "--engine", "moonshine", "--jobs", "1"]
    watching = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert "conflict-000.txt: conflict, overall" in watching.stderr.readline()
    write_answers(takes, 2)  # the first is written again, unchanged in content
    later = [watching.stderr.readline(), watching.stderr.readline()]
    assert sum("conflict-001.txt" in line for line in later) == 1
    os.killpg(watching.pid, 2)
    output, _ = watching.communicate()
    assert watching.returncode == 0
    assert "3 files: 2 analysed, 1 from the history, 0 failed" in output


def test_two_runs_at_once_on_one_history_lose_nothing(tmp_path):
    folders = [tmp_path / name for name in ("conflict", "mistake")]
    for folder in folders:
        for path in write_answers(folder, 10):
            path.rename(path.with_name(f"{folder.name}-{path.stem[-1]}.txt"))
    both = [
        subprocess.Popen([*COMMAND, str(folder), "--jobs", "1"], stdout=subprocess.DEVNULL)
        for folder in folders
    ]
    assert [ran.wait() for ran in both] == [0, 0]
    with History.open() as history:
        assert len(history.takes()) == 20


# What is written


def names(rows):
    """The simplest form: a name a line."""
    return (f"{row.path}\n" for row in rows)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_names_that_are_no_text_are_written_down_whether_it_works_or_not(tmp_path, form):
    good, bad = (os.fsdecode(name) for name in (b"good\xe9.txt", b"bad\xe9.txt"))
    folder = tmp_path / "takes"
    folder.mkdir()
    (folder / good).write_text("So I called the ward.")
    (folder / bad).write_bytes(b"")
    ran = invoke(folder, "--jobs", 1, "--out", tmp_path / f"out.{form}")
    assert ran.exit_code == 3
    text = (tmp_path / f"out.{form}").read_text("utf-8")
    for path in (folder / good, folder / bad):
        written = to_text(path)
        assert (json.dumps(written) if form == "jsonl" else written) in text
    assert "bad\ufffd.txt is empty" in text


def test_each_line_is_written_before_its_row_is_given():
    lines = []
    passed = written([Row("a.wav"), Row("b.wav")], names, lines.append)
    assert next(passed) == Row("a.wav")
    assert lines == ["a.wav\n"]
    passed.close()


def test_rows_that_wait_for_their_line_are_passed_on_with_it():
    rows = [Row("a.wav"), Row("b.wav"), Row("c.wav")]
    lines = []

    def two_at_once(given):
        first, second, *others = given
        yield f"{first.path} {second.path}\n"
        yield from names(others)

    assert list(written(rows, two_at_once, lines.append)) == rows
    assert lines == ["a.wav b.wav\n", "c.wav\n"]


def test_where_nothing_can_be_written_is_said_before_the_first_row(tmp_path):
    write_answers(tmp_path / "takes", 1)
    ran = invoke(tmp_path / "takes", "--out", tmp_path / "missing" / "out.csv")
    assert ran.exit_code == 1
    assert "there is no folder" in ran.stderr
    with History.open() as history:
        assert not history.takes()


@pytest.mark.parametrize(
    ("worked", "seconds", "remaining", "said"),
    [
        (20, 10.0, 120, "2.0 a second, 1:00 left"),
        (1, 10.0, 6, "6.0 a minute, 1:00 left"),
        (0, 10.0, 6, ""),
    ],
)
def test_rate_and_time_left(worked, seconds, remaining, said):
    assert pace_text(worked, seconds, remaining) == said


def test_what_is_said_of_a_file_does_nothing_to_the_terminal(capsys):
    with Tally(3) as tally:
        tally.note("bad\x1b[2J.wav: [b]no sound[/b]")
    assert capsys.readouterr().err == "bad[2J.wav: [b]no sound[/b]\n"
