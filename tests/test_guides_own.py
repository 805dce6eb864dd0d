"""A guide of one's own: a bakery's, with nothing of the built-in one anywhere."""

import json
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sample_report import report

from speechcoach.cli import main
from speechcoach.coach import Coach, Settings
from speechcoach.content import assess, structure_score
from speechcoach.content.judge import read
from speechcoach.content.wording import worded
from speechcoach.data import Transcript
from speechcoach.errors import ContentError
from speechcoach.guides import Guide, load_bank, load_guide
from speechcoach.history.store import History
from speechcoach.judging.scoring import length_norm
from speechcoach.practice import choice

BAKERY = Path(__file__).parent / "data" / "bakery"
FOREIGN = re.compile(r"(?i:radiolog|residen|situation|conflict|abroad|behavio)|\bSTAR\b")

LOAF = """
I take six hundred grams of flour and four hundred of water and let them stand for an hour.
Then I fold it four times, with half an hour between.
It goes into the oven at two hundred and forty degrees, with a pan of water below it.
After twenty minutes in the oven I turn the heat down and let the steam out.
By eight the line is out of the door, and a loaf is five euros.
"""


@pytest.fixture
def guide() -> Guide:
    return load_guide(str(BAKERY))


@pytest.fixture
def coach() -> Coach:
    return Coach(Settings(guide=str(BAKERY)))


@pytest.fixture
def loaf(tmp_path) -> Path:
    path = tmp_path / "your-loaf-1.txt"
    path.write_text(LOAF.strip(), encoding="utf-8")
    return path


def run(*arguments: object, **environment: str):
    ran = CliRunner().invoke(main, [str(one) for one in arguments], env=environment)
    assert ran.exit_code == 0, ran.output
    return ran


def domestic(text: str) -> bool:
    return not FOREIGN.search(text)


# What is listed


def test_its_questions_and_forms_are_all_there_are(guide):
    assert (guide.name, guide.title) == ("bakery", "Trial day at a bakery")
    assert list(load_bank(guide=guide)) == ["your-loaf", "early-hours"]
    assert [part.id for part in guide.forms["flour-to-shop"].parts] == ["dough", "hot-oven", "shop"]
    assert list(guide.forms) == ["flour-to-shop"]
    assert guide.form_of(guide.questions[0]) is guide.forms["flour-to-shop"]
    assert guide.form_of(guide.questions[1]) is guide.form_of(None) is None


@pytest.mark.parametrize("environment", [False, True])
def test_questions_lists_its_own_and_no_others(environment):
    told = ({}, {"SPEECHCOACH_GUIDE": str(BAKERY)})[environment]
    option = () if environment else ("--guide", BAKERY)
    lines = run("questions", *option, **told).stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["bench", "your-loaf"], ["life", "early-hours"]]
    assert "20-45 s  flour to shop  Walk me" in lines[0]
    card = run("questions", *option, "show", "your-loaf", **told).stdout
    assert "Its dough, hot oven and shop (flour to shop)." in card
    assert domestic("\n".join(lines) + card)


def test_a_guide_may_be_named_before_or_after_show():
    for order in (
        ("--guide", BAKERY, "show", "your-loaf"),
        ("show", "your-loaf", "--guide", BAKERY),
    ):
        assert run("questions", *order).stdout.startswith("Walk me through a loaf of yours.\n")


def test_next_weakest_and_mock_ask_its_questions(coach):
    with History.open() as history:
        history.add(report(question="conflict"))
    told = run("next", "--count", 50, "--guide", BAKERY).stdout
    assert [line.split(":")[0] for line in told.splitlines()[::2]] == ["your-loaf", "early-hours"]
    notes: list[str] = []
    assert next(choice.suggested(coach.bank, notes.append)).id == "your-loaf"
    assert {question.id for question in choice.interview(coach.bank, random.Random(1))} == {
        "your-loaf",
        "early-hours",
    }
    assert domestic(told + "".join(notes))


def test_questions_in_the_data_folder_belong_to_the_built_in_guide(own_home, guide, tmp_path):
    own = own_home / "questions" / "own.toml"
    own.parent.mkdir(parents=True)
    own.write_text((BAKERY / "questions.toml").read_text().replace("flour-to-shop", "star"))
    assert "your-loaf" in load_bank()
    assert load_bank(guide=guide)["your-loaf"].kind == "flour-to-shop"
    with pytest.raises(ContentError, match="kind: expected one of flour-to-shop, open, found 'sta"):
        load_bank(own, guide=guide)


def test_a_bank_is_added_to_it(tmp_path):
    more = tmp_path / "more.toml"
    more.write_text((BAKERY / "questions.toml").read_text().replace('"your-loaf"', '"your-roll"'))
    listed = run("questions", "--guide", BAKERY, "--bank", more).stdout.splitlines()
    assert [line.split()[1] for line in listed] == ["your-loaf", "your-roll", "early-hours"]


# What is reported


def test_a_report_in_json_has_its_form_and_leaves_the_others_out(loaf):
    made = json.loads(run("analyze", loaf, "--guide", BAKERY, "--format", "json").stdout)
    assert made["question"] == "your-loaf"
    structure = made["structure"]
    assert (structure["form"], structure["applies"]) == ("flour-to-shop", True)
    assert [p["sentences"] for p in structure["parts"].values()] == [[0, 1], [2, 3], [4]]
    assert made["star"] == made["timeline"] == {"applies": False, "parts": {}}
    assert {sentence["star"] for sentence in made["transcript"]["sentences"]} == {None}
    assert list(made["rubric"]["elements"]) == ["numbers"]
    assert made["rubric"]["elements"]["numbers"]["covered"]
    assert made["scores"]["structure"] == 100
    del made["structure"], made["star"], made["timeline"], made["transcript"]
    assert domestic(json.dumps(made))


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_a_report_for_people_names_its_parts(loaf, form):
    told = run("analyze", loaf, "--guide", BAKERY, "--format", form).stdout
    assert "Dough: " in told
    assert "Hot oven: " in told
    assert "3 of 3 parts" in told
    assert domestic(told)


def test_a_report_on_a_question_of_no_form_names_no_form(tmp_path):
    path = tmp_path / "early-hours.txt"
    path.write_text("I lay out my clothes and I'm in bed by seven, with the phone in the kitchen.")
    told = run("analyze", path, "--guide", BAKERY, "--explain").stdout
    assert "no form applies to this question" in told
    assert domestic(told)


def test_a_part_that_is_missing_comes_with_its_advice(tmp_path):
    path = tmp_path / "your-loaf.txt"
    path.write_text("\n".join(LOAF.strip().splitlines()[:2]))
    made = Coach(Settings(guide=str(BAKERY))).analyze(path)
    found = {finding.about: finding for finding in made.findings}
    assert found["flour-to-shop.hot-oven"].message == "The hot oven is missing"
    assert found["flour-to-shop.hot-oven"].advice == "Say how hot and how long it is baked."
    assert found["flour-to-shop.hot-oven"].level == "work"
    assert found["flour-to-shop.shop"].level == "watch"
    assert found["flour-to-shop.dough"].advice == "Two sentences on the dough are enough."
    assert found["flour-to-shop.dough"].source == "how a loaf is told at our table"
    # dough: 40 points, 100 % of the answer where 60 % is the most that is usual
    assert made.scores["structure"] == pytest.approx(40 * 0.5)


def test_a_file_of_another_guide_has_no_question(tmp_path):
    path = tmp_path / "conflict-2.txt"
    path.write_text("I asked her what worried her.")
    assert Coach(Settings(guide=str(BAKERY))).analyze(path).question is None
    assert Coach(Settings()).analyze(path).question == "conflict"


def test_its_norms_and_opinions_count_and_the_general_ones_stay(coach, tmp_path):
    assert length_norm(coach.norms.length, None).good == (15, 40)
    assert length_norm(coach.norms.length, coach.bank["your-loaf"]).good == (20, 45)
    norms = {norm.metric: norm for norm in coach.norms.norm}
    assert (norms["speech_rate"].good, norms["speech_rate"].weight) == ((90, 150), 2)
    assert norms["filler_rate"] == next(n for n in Coach(Settings()).norms.norm)
    path = tmp_path / "your-loaf.txt"
    path.write_text("Artisanal bread, baked with love. I'm a hard worker. A dark room is best.")
    about = {finding.about: finding for finding in coach.analyze(path).findings}
    assert "“Artisanal”" in about["content.sourdough"].message
    cliches = about["content.cliche"].message
    assert "“I'm a hard worker”" in cliches
    assert "“baked with love”" in cliches
    assert "dark room" not in cliches


def test_the_points_that_a_fault_costs_are_its_own(coach, tmp_path):
    path = tmp_path / "your-loaf.txt"
    path.write_text(LOAF + "My bread is the best in town, everybody says so.")
    assert coach.analyze(path).scores["content"] == 50


def test_progress_shows_its_takes_and_counts_the_others(coach, loaf):
    with History.open() as history:
        history.add(report(question="conflict"))
        history.add(coach.analyze(loaf))
    ran = run("progress", "--guide", BAKERY, "--format", "json")
    (group,) = json.loads(ran.stdout)
    assert group["group"] == "written loaves"
    assert (len(group["takes"]), group["left_out"]) == (1, {})
    assert ran.stderr == "Left out, of questions not in this guide or bank: 1 takes.\n"
    assert domestic(ran.output + run("progress", "--guide", BAKERY).output)


def test_batch_hands_it_to_its_workers(tmp_path, loaf):
    out = tmp_path / "out.jsonl"
    command = ("batch", loaf.parent, "--guide", BAKERY, "--jobs", "1", "--no-save", "--out", out)
    done = subprocess.run(
        [sys.executable, "-m", "speechcoach", *map(str, command)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (row,) = map(json.loads, out.read_text("utf-8").splitlines())
    assert row["structure"]["form"] == "flour-to-shop"


def test_history_shows_and_rescores_by_it(coach, loaf):
    with History.open() as history:
        number = history.add(coach.analyze(loaf))
    assert "Walk me through" in run("history", "show", number, "--guide", BAKERY).stdout
    ran = run("history", "rescore", "--guide", BAKERY)
    assert ran.stderr.endswith("0 of 1 takes were judged again.\n")


# The rules


def test_the_rules_are_those_of_the_guide_and_of_its_content_alone(tmp_path, coach):
    moved = shutil.copytree(BAKERY, tmp_path / "elsewhere")
    there = Coach(Settings(guide=str(moved))).rules("your-loaf")
    assert there == coach.rules("your-loaf") != Coach(Settings()).rules(None)
    for name in ("guide.toml", "questions.toml", "norms.toml", "content.toml"):
        before = Coach(Settings(guide=str(moved))).rules(None)
        (moved / name).write_text((moved / name).read_text() + "\n# changed\n")
        assert Coach(Settings(guide=str(moved))).rules(None) != before
    (moved / "notes.txt").write_text("not a part of it")
    before = Coach(Settings(guide=str(moved))).rules(None)
    (moved / "notes.txt").unlink()
    assert Coach(Settings(guide=str(moved))).rules(None) == before


# Parts by their examples


def told(guide: Guide, text: str) -> tuple[str, ...]:
    form = guide.forms["flour-to-shop"]
    return read(worded(text.strip().splitlines()), None, form).parts


def test_parts_without_trained_numbers_are_told_by_meaning(guide):
    assert told(guide, LOAF) == ("dough", "dough", "hot-oven", "hot-oven", "shop")


def test_what_is_of_no_part_is_of_none_and_what_a_part_encloses_is_of_that_part(guide):
    lines = LOAF.strip().splitlines()
    lines.insert(1, "The cat watches me from the window sill.")
    lines.insert(3, "My sister plays the trumpet in Ohio.")
    assert told(guide, "\n".join(lines)) == (
        *("dough", "dough", "dough", "none"),
        *("hot-oven", "hot-oven", "shop"),
    )


def test_naming_a_part_is_not_telling_it(guide):
    named = "The dough is the dough.\nThe oven is the oven.\nThe shop is the shop.\n"
    assert set(told(guide, named)) == {"none"}


def test_nothing_said_has_no_parts(guide):
    form = guide.forms["flour-to-shop"]
    assert read(worded(()), None, form).parts == ()
    said = Transcript("", (), ())
    content = assess(said, guide.questions[0], form)
    assert [part.covered for part in content.structure.parts.values()] == [False] * 3
    assert structure_score(content, form) is None
