"""``speechcoach questions`` lists the bank, shows one question, and starts light."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from speechcoach.cli import main
from speechcoach.guides import load_bank

OWN = """
[[question]]
id = "why-vets"
category = "animals"
text = "Why [bold]animals[/bold]?"
kind = "open"
seconds = [30, 60]
elements.cow = "a cow that you helped"
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return str(path)


def run(*arguments: str):
    return CliRunner().invoke(main, ["questions", *arguments])


def test_every_question_has_one_line_for_other_programs():
    result = run()
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert [line.split()[1] for line in lines] == list(load_bank())
    assert "behavioral  conflict                   90-150 s  STAR      Tell me about" in lines[7]
    assert all(line == line.rstrip() for line in lines)


def test_a_category_is_picked_in_any_case():
    lines = run("--category", "IMG").stdout.splitlines()
    assert [line.split()[1] for line in lines] == [
        "us-connection",
        "challenges-abroad",
        "disadvantage",
    ]


def test_an_unknown_category_is_told_the_nearest():
    result = run("--category", "fitt")
    assert result.exit_code == 1
    assert "did you mean fit?" in result.stderr


def test_own_questions_are_listed_and_their_text_is_never_markup(own):
    result = run("--bank", own, "--category", "animals")
    assert result.stdout == "animals  why-vets    30-60 s  open  Why [bold]animals[/bold]?\n"


def test_show_tells_all_of_a_question():
    result = run("show", "mistake")
    question = load_bank()["mistake"]
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{question.text}\nmistake, behavioral, 90 to 150 seconds\n")
    assert "Its situation, task, action and result (STAR)." in result.stdout
    for text in (*question.assesses, *question.tips):
        assert f"\n  - {text}\n" in result.stdout
    for point in (*question.elements, *question.avoid):
        assert f"\n  {point.id}\n    {point.meaning}\n" in result.stdout
        assert point.examples[0] not in result.stdout
    shown = sum(len(p.examples) for p in (*question.elements, *question.avoid))
    assert f"By meaning, from {shown} sentences that show one" in result.stdout


def test_star_is_not_announced_where_it_does_not_apply():
    assert "STAR" not in run("show", "why-abroad").stdout
    assert (
        "Its present, past and future (timeline)." in run("show", "tell-me-about-yourself").stdout
    )


def test_examples_are_printed_on_request():
    result = run("show", "pressure", "--examples")
    triage = load_bank()["pressure"].elements[0]
    assert all(f"      + {sentence}\n" in result.stdout for sentence in triage.examples)
    assert all(f"      - {sentence}\n" in result.stdout for sentence in triage.near_misses)


@pytest.mark.parametrize("place", ["before", "after"])
def test_show_takes_a_bank_before_or_after_its_name(own, place):
    order = (
        ("--bank", own, "show", "why-vets")
        if place == "before"
        else ("show", "why-vets", "--bank", own)
    )
    result = run(*order)
    assert "  cow\n    a cow that you helped\n" in result.stdout
    assert "By the meaning given here alone" in result.stdout
    assert "What to avoid" not in result.stdout


def test_an_unknown_question_is_told_the_nearest():
    result = run("show", "conflct")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "There is no question called 'conflct': did you mean conflict" in result.stderr


def test_a_broken_bank_is_said_without_traceback(tmp_path):
    result = run("--bank", str(tmp_path / "none.toml"))
    assert result.exit_code == 1
    assert f"There is no file {tmp_path / 'none.toml'}" in result.stderr


def test_questions_start_without_heavy_imports():
    script = (
        "import sys; from speechcoach.cli import main\n"
        "main(['questions', 'show', 'conflict'], standalone_mode=False)\n"
        "heavy = {'numpy', 'torch', 'librosa', 'msgspec', 'sqlite3', 'jinja2', 'matplotlib'}\n"
        "heavy &= set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Tell me about a conflict")
