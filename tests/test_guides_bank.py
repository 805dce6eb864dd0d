"""A user's own questions: what is read, what replaces what, and what is wrong with a file."""

from pathlib import Path

import pytest

from speechcoach.errors import ContentError
from speechcoach.guides import load_bank

MINIMAL = """
[[question]]
id = "{id}"
category = "ward"
text = "What did you do?"
kind = "open"
seconds = [30, 60]
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def complaints(*banks: Path) -> str:
    with pytest.raises(ContentError) as raised:
        load_bank(*banks)
    return str(raised.value)


def test_short_form_of_elements_is_as_good_as_tables(tmp_path):
    short = write(
        tmp_path / "short.toml",
        MINIMAL.format(id="own") + 'elements.calm = "you kept calm"\navoid.blame = "you blamed"',
    )
    full = write(
        tmp_path / "full.toml",
        MINIMAL.format(id="own")
        + '[[question.elements]]\nid = "calm"\nmeaning = "you kept calm"\n'
        + '[[question.avoid]]\nid = "blame"\nmeaning = "you blamed"\n',
    )
    assert load_bank(short)["own"] == load_bank(full)["own"]
    assert load_bank(short)["own"].elements[0].examples == ()


def test_sentences_may_be_a_list_or_a_block_with_one_a_line(tmp_path):
    element = '[[question.elements]]\nid = "calm"\nmeaning = "you kept calm"\n'
    own = write(
        tmp_path / "own.toml",
        MINIMAL.format(id="own")
        + element
        + 'examples = ["I took a breath.", "I\'m fine."]\n'
        + "near_misses = '''\n  I'm always calm.\n\nCalm is good.\n'''\n",
    )
    (calm,) = load_bank(own)["own"].elements
    assert calm.examples == ("I took a breath.", "I'm fine.")
    assert calm.near_misses == ("I'm always calm.", "Calm is good.")


def test_the_home_folder_and_then_the_given_files_replace_questions(tmp_path, own_home):
    built_in = list(load_bank())
    write(own_home / "questions" / "a.toml", MINIMAL.format(id="mistake") + MINIMAL.format(id="a"))
    given = write(tmp_path / "b.toml", MINIMAL.format(id="a").replace("ward", "clinic"))
    found = load_bank(given)
    assert found["mistake"].text == "What did you do?"
    assert found["mistake"].elements == ()
    assert found["a"].category == "clinic"
    assert list(found)[: len(built_in)] == built_in


def test_byte_order_mark_and_hidden_files_do_no_harm(own_home):
    write(own_home / "questions" / "a.toml", "\ufeff" + MINIMAL.format(id="a"))
    (own_home / "questions" / "._a.toml").write_bytes(b"\x00\xff resource fork")
    assert "a" in load_bank()


def test_every_problem_of_every_file_is_listed_at_once(tmp_path):
    first = write(
        tmp_path / "first.toml",
        """
        [[question]]
        id = "Two Words"
        txt = "What?"
        category = " "
        kind = "stars"
        seconds = [120, 60]
        tips = ["good", ""]
        elements.calm = ""
        [[question]]
        text = "Which?"
        category = "ward"
        kind = "open"
        seconds = [30, 60]
        id = "b"
        avoid = 3
        [[question.elements]]
        id = "calm"
        meaning = "calm"
        exmples = ["I breathed."]
        [[question.elements]]
        id = "calm"
        meaning = "calm again"
        """,
    )
    second = write(tmp_path / "second.toml", MINIMAL.format(id="c") * 2)
    said = complaints(first, second).splitlines()
    assert "12 problems" in said[0]
    expected = [
        f"{first}: question 'Two Words': text: is missing",
        f"{first}: question 'Two Words': There is no key called 'txt': did you mean text",
        f"{first}: question 'Two Words': id: expected lower-case letters",
        f"{first}: question 'Two Words': category: expected a text that is not empty, found ' '",
        f"{first}: question 'Two Words': kind: expected one of star, present-past-future, open",
        f"{first}: question 'Two Words': seconds: expected two rising positive numbers",
        f"{first}: question 'Two Words': elements 'calm': meaning: expected a text",
        f"{first}: question 'Two Words': tips: expected a list of texts",
        f"{first}: question 'b': elements 'calm': There is no key called 'exmples': did",
        f"{first}: question 'b': elements: the id 'calm' comes twice",
        f"{first}: question 'b': avoid: expected tables that begin with [[question.avoid]]",
        f"{second}: question: the id 'c' comes twice",
    ]
    found = [line.strip() for line in said[1:]]
    assert len(found) == len(expected)
    for line, beginning in zip(found, expected, strict=True):
        assert line.startswith(beginning)


@pytest.mark.parametrize(
    "seconds",
    [
        "[0, 60]",
        "[60, 60]",
        "[-1, 3]",
        "[1, nan]",
        "[1, inf]",
        "[1, 90000]",
        "[true, 3]",
        "60",
        "[1]",
        "[1, '2']",
    ],
)
def test_seconds_must_be_two_rising_positive_numbers(tmp_path, seconds):
    own = write(tmp_path / "own.toml", MINIMAL.format(id="a").replace("[30, 60]", seconds))
    assert "question 'a': seconds: expected two rising positive numbers" in complaints(own)


@pytest.mark.parametrize("name", ["Ward", "a_b", "a--b", "-a", "a.b", "é"])
def test_ids_are_kebab_case(tmp_path, name):
    own = write(tmp_path / "own.toml", MINIMAL.format(id=name))
    assert f"question {name!r}: id: expected lower-case letters" in complaints(own)


def test_an_id_that_is_no_text_is_named_by_its_place(tmp_path):
    own = write(tmp_path / "own.toml", MINIMAL.format(id="a").replace('"a"', "3"))
    assert "question number 1: id: expected lower-case letters" in complaints(own)


def test_a_question_without_id_is_named_by_its_place(tmp_path):
    own = write(tmp_path / "own.toml", MINIMAL.format(id="a") + '[[question]]\ntext = "Why?"\n')
    assert "question number 2: id: is missing" in complaints(own)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no [[question]]"),
        (b"question = 3", "question: expected tables that begin with [[question]], found 3"),
        (b"questions = []", "did you mean question?"),
        (b"a = = 1", "not valid TOML"),
        (b"a = " + b"[" * 5000, "not valid TOML"),
        ("text = 'é'".encode("latin-1"), "not UTF-8 text (byte 8)"),
    ],
)
def test_a_file_that_is_no_bank_says_why(tmp_path, content, said):
    (tmp_path / "own.toml").write_bytes(content)
    assert said in complaints(tmp_path / "own.toml")


def test_a_missing_file_and_a_folder_are_problems_like_others(tmp_path):
    said = complaints(tmp_path / "none.toml", tmp_path)
    assert f"There is no file {tmp_path / 'none.toml'}" in said
    assert f"{tmp_path} cannot be read" in said
