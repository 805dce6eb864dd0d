"""The folder of a guide: what may be left out of it, and what is said of one that does not read."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from speechcoach.cli import main
from speechcoach.coach import Coach, Settings
from speechcoach.errors import ContentError, UnknownNameError
from speechcoach.guides import built_in, load_guide

BAKERY = Path(__file__).parent / "data" / "bakery"

QUESTION = """
[[question]]
id = "first"
category = "all"
text = "Why?"
kind = "{kind}"
seconds = [30, 60]
"""
FORM = """
[[form]]
id = "pair"
source = "ours"
[[form.parts]]
id = "this"
meaning = "You say this."
missing = "Say this."
examples = ["This is said."]
[[form.parts]]
id = "that"
meaning = "You say that."
missing = "Say that."
examples = ["That is said."]
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "own"
    made.mkdir()
    return made


def guide(folder: Path, guide: str | None = None, kind: str = "open"):
    (folder / "questions.toml").write_text(QUESTION.format(kind=kind))
    if guide is not None:
        (folder / "guide.toml").write_text(guide)
    return load_guide(str(folder))


def complaints(folder: Path, text: str) -> list[str]:
    with pytest.raises(ContentError) as raised:
        guide(folder, text)
    first, *lines = str(raised.value).splitlines()
    assert first.startswith(f"The guide {folder} has ")
    return [line.strip().removeprefix(f"{folder / 'guide.toml'}: ") for line in lines]


# What may be left out


def test_questions_alone_are_a_guide_with_the_forms_of_the_built_in_one(folder):
    made = guide(folder, kind="star")
    assert (made.name, made.title) == ("own", "own")
    assert made.forms == built_in().forms
    assert made.norms is made.opinions is None


def test_forms_are_taken_over_by_name_and_stand_before_its_own(folder):
    made = guide(folder, 'forms = ["star"]' + FORM, kind="pair")
    assert list(made.forms) == ["star", "pair"]
    assert made.forms["star"] == built_in().forms["star"]
    assert list(guide(folder, FORM).forms) == ["pair"]
    assert list(guide(folder, "forms = []").forms) == []


def test_a_form_taken_over_tells_its_parts_as_at_home(folder):
    guide(folder, 'forms = ["star"]', kind="star")
    (folder / "first.txt").write_text(
        "I was on nights in Cork when the power failed.\n"
        "My job was to keep four patients safe until morning.\n"
        "I called the porter and I carried the oxygen up myself.\n"
        "All four were fine, and the ward has a lamp at every bed since then.\n"
    )
    found = Coach(Settings(guide=str(folder))).analyze(folder / "first.txt").structure
    assert [part.sentences for part in found.parts.values()] == [(0,), (1,), (2,), (3,)]


def test_a_form_taken_over_is_part_of_what_tells_a_guide_from_its_earlier_state(folder):
    made = guide(folder, 'forms = ["star"]')
    star = made.forms["star"]
    others = [
        replace(star, parts=star.parts[:3]),
        replace(star, source="another"),
    ]
    digests = {replace(made, forms={"star": form}).digest for form in (star, *others)}
    assert len(digests) == 3


def test_what_a_form_leaves_out_asks_for_nothing(folder):
    form = guide(folder, FORM, kind="pair").forms["pair"]
    assert (form.name, form.key, form.answers) == ("pair", "pair", "pair answers")
    assert not form.story
    for part in form.parts:
        assert (part.weight, part.usual, part.short, part.long) == (1, (0, 1), "", "")
        assert (part.level, part.moment, part.near_misses) == ("work", "", ())


def test_a_weight_may_be_less_than_one_and_a_share_may_start_at_nothing(folder):
    form = FORM.replace('id = "this"', 'id = "this"\nweight = 0.5\nusual = [0, 1]')
    this, that = guide(folder, form).forms["pair"].parts
    assert (this.weight, this.usual) == (0.5, (0, 1))
    assert (that.weight, that.usual) == (1, (0, 1))


def test_steps_make_a_form_a_story(folder):
    form = FORM.replace('id = "this"', 'id = "this"\nmoment = "steps"')
    assert guide(folder, form).forms["pair"].story
    form = FORM.replace('id = "this"', 'id = "this"\nmoment = "ending"')
    assert not guide(folder, form).forms["pair"].story


def test_a_folder_is_meant_wherever_it_is_named_from(folder, monkeypatch):
    guide(folder)
    monkeypatch.chdir(folder.parent)
    assert load_guide("own").folder == folder
    monkeypatch.chdir(folder)
    assert load_guide(".").name == "own"


# What is wrong with it


def test_a_guide_that_is_not_there_is_told_which_there_are():
    with pytest.raises(UnknownNameError, match="'radiologie': did you mean radiology"):
        load_guide("radiologie")
    ran = CliRunner().invoke(main, ["questions", "--guide", "nowhere/at/all"])
    assert ran.exit_code == 1
    assert ran.stderr.startswith("Error: There is no guide or folder of one called 'nowhere/at/all")


def test_a_folder_without_questions_is_no_guide(folder):
    with pytest.raises(ContentError, match=rf"a problem.*\n  There is no file {folder}/questions"):
        load_guide(str(folder))


def test_problems_of_both_files_are_listed_together(folder):
    (folder / "questions.toml").write_text(QUESTION.format(kind="stars"))
    (folder / "guide.toml").write_text('titel = "x"\nforms = ["sta"]')
    with pytest.raises(ContentError) as raised:
        load_guide(str(folder))
    assert [line.strip() for line in str(raised.value).splitlines()] == [
        f"The guide {folder} has 3 problems to mend first:",
        f"{folder}/guide.toml: There is no key called 'titel': did you mean title?",
        f"{folder}/guide.toml: forms: There is no form called 'sta': did you mean star?",
        f"{folder}/questions.toml: question 'first': kind: expected one of open, found 'stars'.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "pair"\n', "", "form number 1: id: is missing."),
        ('id = "pair"', 'id = "Pair"', "form 'Pair': id: expected lower-case letters and digits"),
        ('id = "pair"', 'id = "open"', "form 'open': id: 'open' is what a question of no form is"),
        ('source = "ours"', 'source = " "', "form 'pair': source: expected a text that is not em"),
        ('source = "ours"', 'source = "s"\nkey = "A b"', "form 'pair': key: expected lower-case"),
        ('source = "ours"', 'source = "s"\nsorce = 1', "form 'pair': There is no key called 'sorc"),
        ('id = "this"', 'id = "none"', "part 'none': id: 'none' is what a sentence of no part is"),
        ('id = "this"', 'id = "that"', "form 'pair': parts: the id 'that' comes twice."),
        ('missing = "Say this."\n', "", "form 'pair': part 'this': missing: is missing."),
        ('examples = ["This is said."]', 'examples = [""]', "part 'this': examples: expected a l"),
        ('id = "this"', 'id = "this"\nweight = 0', "weight: expected a number above 0 and below"),
        ('id = "this"', 'id = "this"\nweight = true', "weight: expected a number above 0 and bel"),
        ('id = "this"', 'id = "this"\nweight = nan', "weight: expected a number above 0 and below"),
        ('id = "this"', 'id = "this"\nusual = [0.5, 1.5]', "usual: expected two rising shares of"),
        ('id = "this"', 'id = "this"\nusual = [0.5, 0.2]', "usual: expected two rising shares of"),
        ('id = "this"', 'id = "this"\nlevel = "good"', "level: expected one of watch, work, foun"),
        ('id = "this"', 'id = "this"\nmoment = "end"', "moment: expected one of scene, aim, step"),
        ("[[form.parts]]", "[[form.part]]", "form 'pair': parts: is missing."),
    ],
)
def test_a_form_that_does_not_read_says_why(folder, old, new, said):
    found = complaints(folder, FORM.replace(old, new))
    assert any(said in line for line in found), found


def test_a_form_has_two_parts_or_more(folder):
    lone = FORM[: FORM.rindex("[[form.parts]]")]
    assert complaints(folder, lone) == [
        "form 'pair': parts: a form has two or more, this one has 1."
    ]


def test_two_forms_of_one_name_are_one_too_many(folder):
    assert complaints(folder, FORM + FORM) == ["form: the id 'pair' comes twice."]


NORM = """
[[norm]]
metric = "{metric}"
label = "x"
score = "{score}"
weight = 1
good = {good}
watch = [0, 9]
source = "s"
"""


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("norms", "[length]\nwindow = 3", "does not fit norms.toml: Expected"),
        ("norms", "[length]\nwindow = [60, 30]", "a window rises, as"),
        ("norms", "[length]\nabove = 0.5", "its watch band is around it: found .*above 0.5"),
        (
            "norms",
            NORM.format(metric="pitch_variation", score="pace", good="[3, 2]"),
            "is none, or",
        ),
        ("norms", NORM.format(metric="pitch_variation", score="pace", good="[3, 12]"), "not hold"),
        ("norms", NORM.format(metric="pitch_variation", score="poise", good="[3, 4]"), "'poise'"),
        (
            "norms",
            NORM.format(metric="pich_variation", score="pace", good="[3, 4]"),
            "no measurement called 'pich_variation': did you mean pitch_variation",
        ),
        ("norms", "[overall.weights]\npoise = 1", "'poise'"),
        ("norms", '[[warning]]\nmetric = "level"\ntext = "%(volume).1f"', "takes a number as"),
        (
            "content",
            "[rubrik]\navoided = 1",
            "There is no key called 'rubrik': did you mean rubric",
        ),
        ("content", '[[phrasing]]\nid = "cliche"\npatterns = ["(a"]', "'[(]a' is no regular expr"),
        ("content", '[hedging]\npattern = "(a"', "'[(]a' is no regular expression"),
    ],
)
def test_norms_that_do_not_fit_are_said_before_any_work(tmp_path, name, text, said):
    moved = Path(shutil.copytree(BAKERY, tmp_path / "bakery"))
    (moved / f"{name}.toml").write_text(text)
    with pytest.raises(ContentError, match=said) as raised:
        Coach(Settings(engine="moonshine", guide=str(moved))).check()
    assert str(raised.value).startswith(f"{moved}/{name}.toml")
