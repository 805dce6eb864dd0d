"""``analyze`` as a user meets it: formats, files, and everything that can be wrong with them."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner
from scripted import scripted
from sound_support import SAMPLES, noise, silence, write

from speechcoach.cli import main
from speechcoach.cli.showing import note
from speechcoach.coach import Coach
from speechcoach.history.store import History

SAMPLE = SAMPLES / "conflict-strong.flac"


def analyze(*arguments, save=False):
    options = [] if save else ["--no-save"]
    return CliRunner().invoke(main, ["analyze", *options, *map(str, arguments)])


@pytest.fixture
def answer(tmp_path):
    path = tmp_path / "conflict-2.txt"
    path.write_text("So, um, we disagreed about a scan.\nI asked her to look at it with me.\n")
    return path


@pytest.fixture
def silent(tmp_path):
    return write(tmp_path / "silence.wav", silence(2))


def refusal(run) -> str:
    """Return what is said of a run that was refused for the user to mend."""
    assert run.exit_code == 1, run.output
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    assert run.stderr.startswith("Error: ")
    return run.stderr


def test_the_report_is_on_stdout_and_nothing_else_is(answer):
    run = analyze(answer)
    assert run.exit_code == 0
    assert "Overall" in run.stdout
    assert run.stderr == ""


def test_json_is_one_object_that_names_the_question(answer):
    report = json.loads(analyze(answer, "--format", "json").stdout)
    assert report["schema"] == 4
    assert report["question"] == "conflict"
    assert report["fillers"][0]["text"] == "so"


def test_several_files_give_several_reports_in_order(answer, tmp_path):
    other = tmp_path / "mistake.txt"
    other.write_text("I forgot a call.\n")
    run = analyze(other, answer, "--format", "md")
    assert run.stdout.index("mistake.txt") < run.stdout.index("conflict-2.txt")


def test_several_files_as_json_are_one_a_line(answer):
    lines = analyze(answer, answer, "--format", "json").stdout.splitlines()
    assert [json.loads(line)["question"] for line in lines] == ["conflict", "conflict"]


def test_a_report_is_shown_as_soon_as_it_is_done(answer, tmp_path, monkeypatch):
    """Ctrl-C in the second of two files keeps the first one's report."""
    once = Coach.analyze

    def interrupted(self, path, **options):
        if path == tmp_path / "second.txt":
            raise KeyboardInterrupt
        return once(self, path, **options)

    monkeypatch.setattr(Coach, "analyze", interrupted)
    run = analyze(answer, tmp_path / "second.txt")
    assert run.exit_code == 130
    assert run.stderr == "\nStopped.\n"
    assert "Overall" in run.stdout


def test_a_report_that_cannot_be_kept_is_shown_nevertheless(answer, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SPEECHCOACH_HOME", str(tmp_path / "file" / "home"))
    run = analyze(answer, save=True)
    assert run.exit_code == 1
    assert "--no-save" in run.stderr
    assert "Overall" in run.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a full disk at hand")
def test_output_to_a_full_disk_is_an_error_in_one_line(answer):
    command = [sys.executable, "-m", "speechcoach", "analyze", "--no-save", str(answer)]
    with open("/dev/full", "w") as full:
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("Error: The result cannot be printed (No space left on device)")
    assert run.stderr.count("\n") == 1


def test_a_missing_output_folder_is_named_before_any_work(answer, tmp_path, monkeypatch):
    monkeypatch.setattr(Coach, "analyze", None)
    assert "no folder" in refusal(analyze(answer, "-o", tmp_path / "gone" / "report.txt"))


def test_one_bad_file_costs_only_itself(answer, tmp_path):
    run = analyze(tmp_path / "gone.wav", answer)
    assert run.exit_code == 1
    assert "gone.wav" in run.stderr
    assert "Overall" in run.stdout


def test_output_goes_to_a_file_whole(answer, tmp_path):
    target = tmp_path / "report.md"
    run = analyze(answer, "--format", "md", "-o", target)
    assert run.stdout == ""
    assert str(target) in run.stderr
    assert target.read_text("utf-8").startswith("# ")


def test_a_page_is_one_file_that_needs_no_other(answer, tmp_path):
    target = tmp_path / "report.html"
    assert analyze(answer, "--format", "html", "-o", target).exit_code == 0
    page = target.read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")
    assert "conflict-2.txt" in page
    assert str(tmp_path) not in page


def test_what_is_said_beside_the_result_does_nothing_to_the_terminal(capsys):
    note("a library's words: \x1b[2J\x07\u202e")
    assert capsys.readouterr() == ("", "a library's words: [2J\n")


def test_a_report_is_kept_unless_it_is_asked_not_to_be(answer, own_home):
    assert analyze(answer).exit_code == 0
    assert not own_home.exists()
    assert analyze(answer, save=True).exit_code == 0
    with History.open() as history:
        assert [take.question for take in history.takes()] == ["conflict"]


def test_explain_prints_formulas_and_sources(answer):
    assert "How the scores are made" in analyze(answer, "--explain").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--question", "conflct"], "no question called 'conflct': did you mean conflict"),
        (["--format", "jsn"], "no report format called 'jsn': did you mean json?"),
        (["--bank", "gone.toml"], "gone.toml"),
        (["--fillers", "gone.toml"], "gone.toml"),
        (["-o", "no/such/folder/report.txt"], "no folder no/such/folder"),
    ],
)
def test_a_wrong_option_is_named_with_the_next_step(answer, arguments, said):
    assert said in refusal(analyze(answer, *arguments))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--engine", "wisper"], "no engine called 'wisper': did you mean whisper?"),
        (["--engine", "whisper", "--model", "bse.en"], "bse.en"),
        (["--engine", "whisper"], "SPEECHCOACH_OFFLINE forbids fetching it"),
    ],
)
def test_a_recogniser_that_cannot_be_had_is_named_with_the_next_step(arguments, said):
    assert said in refusal(analyze(SAMPLE, *arguments))


def test_a_broken_checkpoint_is_named(tmp_path):
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"not a checkpoint")
    assert "broken.pt" in refusal(analyze(SAMPLE, "--engine", "whisper", "--model", broken))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.wav", b""),
        ("text.wav", b"this is not sound at all\n" * 40),
        ("latin.txt", b"caf\xe9"),
        ("short.wav", None),
    ],
)
def test_what_holds_no_answer_is_named(tmp_path, silent, name, data):
    path = tmp_path / name
    path.write_bytes(silent.read_bytes()[: 44 + 3200] if data is None else data)
    assert name in refusal(analyze(path))


def test_a_missing_file_is_named(tmp_path):
    assert "gone.mp3" in refusal(analyze(tmp_path / "gone.mp3"))


def test_a_folder_is_not_an_answer(tmp_path):
    assert "batch" in refusal(analyze(tmp_path))


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's here")
def test_a_file_without_permission_is_named(answer):
    answer.chmod(0)
    code = (  # root reads everything, so the question is put as nobody
        "import os, sys\n"
        "from pathlib import Path\n"
        "from speechcoach.errors import SpeechCoachError\n"
        "from speechcoach.transcripts import read\n"
        "file = os.open(sys.argv[1].rpartition('/')[0], os.O_RDONLY)\n"
        "os.fchdir(file)\n"
        "os.geteuid() or os.setuid(65534)\n"
        "try: read(Path(os.path.basename(sys.argv[1])))\n"
        "except SpeechCoachError as error: print(error)"
    )
    command = [sys.executable, "-c", code, str(answer)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("conflict-2.txt may not be read: give yourself permission")


def test_silence_is_a_report_that_says_so(silent):
    run = analyze(silent, "--engine", "moonshine")
    assert run.exit_code == 0
    assert "No speech was found" in " ".join(run.stdout.split())
    assert "of 100" not in run.stdout


def test_odd_names_are_ordinary_names(tmp_path):
    for name in ("naïve answer #1.txt", "-dash.txt", "a\nb.txt", "http:∕∕x.txt"):
        path = tmp_path / name
        path.write_text("I called the ward.\n")
        assert analyze(path).exit_code == 0, name


def test_a_pipe_gets_no_escape_codes():
    with scripted("We had a patient on the ward") as engine:
        run = analyze(SAMPLE, "--engine", engine)
    assert "\x1b" not in run.stdout


def test_noise_that_clips_is_warned_about(tmp_path):
    loud = np.clip(noise(3, level=12), -1, 1)
    run = analyze(write(tmp_path / "loud.wav", loud), "--engine", "moonshine")
    assert "clipped" in run.stdout
