"""The README is true: its report is what the command prints, its files and options exist."""

import difflib
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from speechcoach.cli import COMMANDS, main
from speechcoach.coach import Coach, Settings
from speechcoach.views import FORMATS, PROGRESS, ROWS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.engine
def test_the_report_is_what_the_command_prints():
    """But for what another processor's arithmetic may hear otherwise."""
    command, shown = re.search(
        r"<!-- report: speechcoach (.*) -->\n```\n(.*?)```", README, re.S
    ).groups()
    run = CliRunner().invoke(main, command.replace("sample_audio", f"{ROOT}/sample_audio").split())
    printed = run.stdout.replace(f"{ROOT}/", "")
    headings = [line for line in printed.splitlines() if re.match(r"[A-Z]", line)]
    assert [line.split()[0] for line in headings] == [
        line.split()[0] for line in shown.splitlines() if re.match(r"[A-Z]", line)
    ]
    alike = difflib.SequenceMatcher(None, shown.split(), printed.split(), autojunk=False)
    assert alike.ratio() > 0.95


def test_every_long_option_belongs_to_a_command():
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in COMMANDS]
    commands += [sub for c in commands if isinstance(c, click.Group) for sub in c.commands.values()]
    known = {option for c in [main, *commands] for p in c.params for option in p.opts}
    ours = re.sub(r"```.*?```", "", README, flags=re.S)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours)) <= known


@pytest.mark.parametrize(("command", "forms"), [("analyze", FORMATS), ("progress", PROGRESS)])
def test_it_tells_every_form_there_is(command, forms):
    (row,) = re.findall(rf"^\| `speechcoach {command}\b.*$", README, re.M)
    (named,) = re.findall(r"--format ([\w|\\]+)", row)
    assert sorted(named.replace("\\", "").split("|")) == sorted(forms)


def test_it_tells_every_ending_that_a_batch_writes():
    (row,) = re.findall(r"^\| `speechcoach batch\b.*$", README, re.M)
    assert set(re.findall(r"FILE\.(\w+)", row)) == set(ROWS)


@pytest.mark.parametrize(
    "name",
    sorted(set(re.findall(r"`?((?:benchmarks|sample_audio|models)/[\w./-]*|[A-Z]+\.md)", README))),
)
def test_every_file_it_names_exists(name):
    assert (ROOT / name).exists()


def test_every_make_target_it_names_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, re.M):
        assert re.search(rf"^{target}:", makefile, re.M)


def test_the_guide_it_shows_is_one(tmp_path):
    """Its files are written down and used, with a question that has the form of its own."""
    for block in re.findall(r"```toml\n# ([a-z]+\.toml)\n(.*?)```", README, re.S):
        (tmp_path / block[0]).write_text(block[1])
    questions = tmp_path / "questions.toml"
    own = questions.read_text().replace('"open"', '"claim-and-proof"')
    questions.write_text(own)
    coach = Coach(Settings(guide=str(tmp_path)))
    assert list(coach.guide.forms) == ["star", "claim-and-proof"]
    assert coach.norms.length.window == (45, 90)
    answer = tmp_path / "why-pathology.txt"
    answer.write_text(
        "A class learns most when it talks more than I do.\n"
        "In April my eighth graders ran a whole lesson on volcanoes themselves.\n"
    )
    parts = coach.analyze(answer).structure.parts
    assert [part.sentences for part in parts.values()] == [(0,), (1,)]
