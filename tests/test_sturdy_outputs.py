"""No command writes over what it reads, or over a file that is not its own; a full disk is said.

A new way to lose a file is a new row here.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from batch_support import write_answers
from click.testing import CliRunner
from sample_report import report, view
from test_views_progress import OVERALL, group, of
from views_support import hard

from speechcoach.batch import Row
from speechcoach.cli import main
from speechcoach.history.store import History
from speechcoach.reports import to_dict, to_json
from speechcoach.views import FORMATS, PROGRESS, ROWS, Screen
from speechcoach.views.marks import made_here

BANK = '[[question]]\nid = "own"\ncategory = "c"\ntext = "t"\nkind = "open"\nseconds = [60, 90]\n'
PRECIOUS = "what somebody wrote\n"


@pytest.fixture
def here(tmp_path, monkeypatch, own_home):
    """Return a folder with something of every kind that commands read."""
    monkeypatch.chdir(tmp_path)
    write_answers(tmp_path / "takes", 2)
    (tmp_path / "answer.txt").write_text("So I called the ward.\n")
    (tmp_path / "said.txt").write_text("So I called the ward.\n")
    (tmp_path / "bank.toml").write_text(BANK)
    (tmp_path / "fillers.toml").write_text('add = ["as it were"]\n')
    (tmp_path / "m.csv").write_text("file,question\nconflict-000.txt,mistake\n")
    (tmp_path / "m.jsonl").symlink_to("m.csv")
    (tmp_path / "take.csv").hardlink_to(tmp_path / "takes" / "conflict-000.txt")
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "questions.toml").write_text(BANK)
    (tmp_path / "notes.txt").write_text(PRECIOUS)
    (tmp_path / "notes.csv").write_text(PRECIOUS)
    own_home.mkdir()
    (own_home / "fillers.toml").write_text('add = ["so to speak"]\n')
    (own_home / "history.csv").symlink_to("history.sqlite")
    with History.open() as history:
        history.add(report())
    return tmp_path


INPUTS = {
    "the answer": "analyze answer.txt -o answer.txt",
    "the second answer": "analyze answer.txt said.txt -o said.txt --format html",
    "by another way": "analyze answer.txt -o takes/../answer.txt",
    "the words": "analyze answer.txt --transcript said.txt -o said.txt",
    "the bank": "analyze answer.txt --bank bank.toml -o bank.toml",
    "the fillers": "analyze answer.txt --fillers fillers.toml -o fillers.toml",
    "the guide": "analyze answer.txt --guide guide -o guide/questions.toml",
    "the user's own fillers": "analyze answer.txt -o speechcoach-home/fillers.toml",
    "the history": "analyze answer.txt -o speechcoach-home/history.sqlite",
    "the manifest": "batch takes --manifest m.csv --out m.csv",
    "a link to the manifest": "batch takes --manifest m.csv --out m.jsonl",
    "a hard link to an answer": "batch takes --out take.csv",
    "the bank of a batch": "batch takes --bank m.csv --out m.csv",
    "the history by a link": "history export speechcoach-home/history.csv",
    "the history as a report": "history show 1 -o speechcoach-home/history.sqlite",
    "the bank of a page": "history show 1 --bank bank.toml -o bank.toml",
    "the guide of trends": "progress --guide guide -o guide/questions.toml",
}


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("force", [[], ["--force"]], ids=["asked", "forced"])
@pytest.mark.parametrize("line", INPUTS.values(), ids=INPUTS)
def test_nothing_that_is_read_is_written_over(here, line, force):
    before = contents(here)
    ran = CliRunner().invoke(main, [*line.split(), *force])
    assert ran.exit_code == 1
    assert "what the result is made of" in ran.stderr
    assert ran.stdout == ""
    assert contents(here) == before


OTHERS = (
    "analyze answer.txt -o notes.txt",
    "batch takes --out notes.csv --jobs 1",
    "history show 1 -o notes.txt",
    "history export notes.csv",
    "progress -o notes.txt",
)


@pytest.mark.parametrize("line", OTHERS)
def test_a_file_of_the_users_is_only_replaced_by_force(here, line):
    target = here / ("notes.csv" if "notes.csv" in line else "notes.txt")
    ran = CliRunner().invoke(main, line.split())
    assert ran.exit_code == 1
    assert "--force" in ran.stderr
    assert target.read_text() == PRECIOUS
    ran = CliRunner().invoke(main, [*line.split(), "--force"])
    assert ran.exit_code == 0, ran.stderr
    assert target.read_text("utf-8") != PRECIOUS
    written = target.read_bytes()
    ran = CliRunner().invoke(main, line.split())  # by now it is ours
    assert ran.exit_code == 0, ran.stderr
    assert target.read_bytes() == written


# Every form is known again


def forms():
    for name, render in FORMATS.items():
        for what, (made, question) in hard().items():
            yield f"report as {name}, {what}", render(view(made, question))
        yield f"compact {name}", render(view(compact=True))
        yield f"narrow {name}", render(view(screen=Screen(40)))
    for name, render in PROGRESS.items():
        yield f"progress as {name}", render([group([of(OVERALL, "points")])], Screen())
        yield f"no takes as {name}", render([group(name="openers", takes=0)], Screen())
    plain = to_dict(report())
    rows = [Row("/a.wav", plain), Row("/b.wav", error="No sound.")]
    from_history = [Row("/a.wav", {**plain, "take": 1, "made": "2026-11-01"}, kept=True)]
    for name, render in ROWS.items():
        yield f"rows as {name}", "".join(render(rows))
        yield f"failures first as {name}", "".join(render(rows[::-1]))
        yield f"only failures as {name}", "".join(render(rows[1:]))
        yield f"an export as {name}", "".join(render(from_history))
    yield "the report of a mock", to_json(report(), indent=1)


FORMS = dict(forms())


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_an_output_of_every_form_is_known_again(text):
    assert made_here(text[:4096])


@pytest.mark.parametrize(
    "text",
    [
        PRECIOUS,
        "# A title\n\nand a paragraph\n",
        "file,question\na.wav,conflict\n",
        '{"name": "package", "version": "1"}',
        "[1, 2, 3]",
        "<!doctype html>\n<title>Mine</title>",
        "RIFF\x00\x00WAVEfmt ",
        "",
    ],
)
def test_what_others_wrote_is_not_taken_for_ours(text):
    assert not made_here(text)


# Full disks

FULL = Path("/dev/full")
on_a_full_disk = pytest.mark.skipif(not FULL.exists(), reason="only Linux has one at hand")


def run(arguments, **options):
    command = [sys.executable, "-m", "speechcoach", *arguments.split()]
    return subprocess.run(command, stdin=subprocess.DEVNULL, text=True, **options)


@on_a_full_disk
@pytest.mark.parametrize(
    "line",
    [
        "--help",
        "--version",
        "analyze --help",
        "analyze answer.txt",
        "analyze answer.txt --format json",
        "batch takes --jobs 1",
        "questions",
        "questions show conflict",
        "history",
        "history show 1 --format html",
        "progress",
        "next",
        "goal",
        "models",
        "models path",
        "doctor",
    ],
)
def test_a_result_that_cannot_be_printed_is_said(here, line):
    with FULL.open("w") as full:
        ran = run(line, stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 1
    assert "cannot be printed (No space left on device)" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr
    assert ran.stderr.count("\n") <= 4


@on_a_full_disk
@pytest.mark.parametrize("line", ["analyze answer.txt -o out.txt", "history export out.csv"])
def test_what_is_said_beside_a_result_does_not_cost_it(here, line):
    with FULL.open("w") as full:
        ran = run(line, stdout=subprocess.PIPE, stderr=full)
    assert ran.returncode == 0
    assert list(here.glob("out.*"))


@on_a_full_disk
def test_a_report_that_cannot_be_printed_is_kept_and_the_next_file_analysed(here):
    with FULL.open("w") as full:
        ran = run("analyze answer.txt takes/conflict-000.txt", stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 1
    with History.open() as history:
        assert {"answer.txt", "conflict-000.txt"} <= {take.name for take in history.takes()}


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv[:2] = ["speechcoach"]
from speechcoach.cli import main
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit for files")
@pytest.mark.parametrize(
    "line",
    [
        "analyze answer.txt --no-save --format html -o out.html",
        "analyze answer.txt --no-save --format json -o out.json",
        "batch takes --no-save --jobs 1 --out out.jsonl",
        "batch takes --no-save --jobs 1 --out out.csv",
        "history export out.jsonl",
        "history show 1 --format html -o out.html",
    ],
)
def test_a_file_that_does_not_fit_is_said_and_leaves_no_half(here, line):
    before = set(here.iterdir())
    command = [sys.executable, "-c", LIMITED, "600", *line.split()]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 1, ran.stderr
    assert "cannot be written" in ran.stderr
    assert "Traceback" not in ran.stderr
    left = set(here.iterdir()) - before
    assert all(path.read_bytes()[-1:] in (b"", b"\n") for path in left)
    assert left <= ({here / "out.jsonl", here / "out.csv"} if "batch" in line else set())
