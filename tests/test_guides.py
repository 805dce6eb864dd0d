"""The bank keeps its contract, a user's bank is checked whole, and a file finds its question."""

from dataclasses import replace
from pathlib import Path

import pytest

from speechcoach.errors import ContentError, UnknownNameError
from speechcoach.guides import Bank, load_bank, question_of, read_manifest

CONTRACT = """
foundation  tell-me-about-yourself  present-past-future  90 120
    present past future us-goal / cv-recital
foundation  why-diagnostic-radiology  open  60 120
    early-exposure concrete-experience strengths-fit care-impact consultant-role
    / lifestyle-lead dark-room-cliche
foundation  why-abroad  open  45 90
    proactive-reason honest-brief growth return-to-us / defensive
radiology  radiologist-day  open  60 120
    workflow communication teaching non-interpretive / only-pictures
radiology  subspecialty-interest  open  45 90
    named-areas clinical-link strengths-link openness / vague
radiology  handling-uncertainty  open  45 90
    acknowledges systematic states-certainty seeks-input / overconfident
radiology  preparation-as-img  open  60 120
    us-electives research-qi meetings courses us-letters /
behavioral  conflict  star  90 150
    empathy direct-communication resolution lesson / blame
behavioral  mistake  star  90 150
    real-mistake disclosure correction prevention / fake-weakness
behavioral  difficult-team-member  star  90 150
    respect common-ground patient-focus / blame
behavioral  pressure  star  90 150
    triage composure asks-help /
img  us-connection  open  60 90
    us-rotations us-research us-volunteering us-conferences /
img  challenges-abroad  open  60 120
    concrete-challenge strategies growth /
img  disadvantage  open  45 90
    acknowledges preparation strength / defensive
fit  why-our-program  open  60 90
    curriculum program-strength call-system teaching-style homework / generic-praise
fit  looking-for  open  60 90
    graded-autonomy balanced-exposure research-support culture support / lifestyle-only
fit  five-ten-years  open  45 90
    commitment setting practice-style contribution /
fit  questions-for-us  open  20 60
    autonomy-call feedback early-exposure ai-informatics img-support / no-questions
challenge  exam-setback  open  30 75
    brief-context what-changed sustained-improvement / excuses
challenge  timeline-gap  open  30 75
    brief-context learned improved / excuses
challenge  limited-experience  open  45 90
    honest related-activity understands-role /
challenge  lifestyle  open  30 75
    interest-first patient-centered balance-acknowledged / lifestyle-lead
"""

MINIMAL = """
[[question]]
id = "{id}"
category = "ward"
text = "What did you do?"
kind = "open"
seconds = [30, 60]
"""


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def complaints(*banks: Path) -> str:
    with pytest.raises(ContentError) as raised:
        load_bank(*banks)
    return str(raised.value)


# The built-in bank


def described(question) -> list[str]:
    low, high = (f"{seconds:g}" for seconds in question.seconds)
    ids = [[element.id for element in part] for part in (question.elements, question.avoid)]
    return [question.category, question.id, question.kind, low, high, *ids[0], "/", *ids[1]]


def test_the_ids_kinds_and_lengths_are_those_of_the_contract(bank):
    assert " ".join(word for q in bank.values() for word in described(q)).split() == (
        CONTRACT.split()
    )


def test_every_question_says_what_is_assessed_and_how_to_do_well(bank):
    for question in bank.values():
        assert 2 <= len(question.assesses) <= 4, question.id
        assert 3 <= len(question.tips) <= 5, question.id


def test_every_element_has_sentences_that_show_it_and_near_misses(bank):
    for question in bank.values():
        for element in (*question.elements, *question.avoid):
            assert len(element.examples) >= 8, (question.id, element.id)
            assert len(element.near_misses) >= 5, (question.id, element.id)


def test_no_sentence_stands_for_two_things(bank):
    for question in bank.values():
        sentences = [
            sentence
            for element in (*question.elements, *question.avoid)
            for sentence in (*element.examples, *element.near_misses)
        ]
        assert len(set(sentences)) == len(sentences), question.id


def test_categories_come_in_the_order_of_the_bank(bank):
    assert bank.categories == ("foundation", "radiology", "behavioral", "img", "fit", "challenge")
    assert [q.id for q in bank.of_category("Behavioral")] == [
        "conflict",
        "mistake",
        "difficult-team-member",
        "pressure",
    ]


def test_unknown_question_and_category_name_the_nearest(bank):
    with pytest.raises(UnknownNameError, match="question called 'conflct': did you mean conflict"):
        bank["conflct"]
    with pytest.raises(UnknownNameError, match="'behaviour': did you mean behavioral"):
        bank.of_category("behaviour")
    assert "conflct" not in bank


# A user's own bank


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


def test_the_home_folder_and_then_the_given_files_replace_questions(tmp_path, own_home, bank):
    write(own_home / "questions" / "a.toml", MINIMAL.format(id="mistake") + MINIMAL.format(id="a"))
    given = write(tmp_path / "b.toml", MINIMAL.format(id="a").replace("ward", "clinic"))
    found = load_bank(given)
    assert found["mistake"].text == "What did you do?"
    assert found["mistake"].elements == ()
    assert found["a"].category == "clinic"
    assert list(found)[: len(bank)] == list(bank)


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


# The question of a file


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("conflict.wav", "conflict"),
        ("conflict", "conflict"),
        ("conflict-2.wav", "conflict"),
        ("conflict_second try.m4a", "conflict"),
        ("conflict 3.txt", "conflict"),
        ("CONFLICT-Anna.WAV", "conflict"),
        ("why-our-program.v2.mp3", "why-our-program"),
        ("conflicts.wav", None),
        ("my-conflict.wav", None),
        ("why.wav", None),
        (".wav", None),
    ],
)
def test_the_file_name_tells_the_question(tmp_path, bank, name, question):
    assert question_of(tmp_path / "takes" / name, bank) == question


def test_the_longest_id_wins(bank):
    longer = Bank([*bank.values(), replace(bank["conflict"], id="conflict-at-night")])
    assert question_of(Path("conflict-at-night-1.wav"), longer) == "conflict-at-night"
    assert question_of(Path("conflict-at-noon.wav"), longer) == "conflict"


def test_the_folder_tells_where_the_file_does_not(bank, tmp_path, monkeypatch):
    assert question_of(tmp_path / "Mistake takes" / "take-1.wav", bank) == "mistake"
    assert question_of(tmp_path / "mistake" / "conflict-1.wav", bank) == "conflict"
    assert question_of(tmp_path / "mistake" / "deeper" / "take-1.wav", bank) is None
    (tmp_path / "pressure").mkdir()
    monkeypatch.chdir(tmp_path / "pressure")
    assert question_of(Path("take-1.wav"), bank) == "pressure"


def test_the_manifest_goes_before_names_and_the_longer_path_before_the_shorter(bank, tmp_path):
    manifest = {"conflict.wav": "mistake", "anna/conflict.wav": "pressure"}
    assert question_of(tmp_path / "bob" / "conflict.wav", bank, manifest) == "mistake"
    assert question_of(tmp_path / "anna" / "conflict.wav", bank, manifest) == "pressure"
    assert question_of(tmp_path / "bob" / "conflict-2.wav", bank, manifest) == "conflict"


def test_a_manifest_is_read_as_spreadsheets_write_it(tmp_path, bank):
    manifest = tmp_path / "manifest.csv"
    manifest.write_bytes(
        "\ufeffNotes,File,Question\r\n"
        'x,"one, first.wav",Conflict\r\n'
        ",,\r\n"
        "\r\n"
        "x,.\\anna\\two.wav,mistake\r\n"
        "x,cafe\u0301.wav,pressure\r\n".encode()
    )
    found = read_manifest(manifest)
    assert found == {
        "one, first.wav": "conflict",
        "anna/two.wav": "mistake",
        "caf\u00e9.wav": "pressure",
    }
    assert question_of(tmp_path / "anna" / "two.wav", bank, found) == "mistake"
    assert question_of(tmp_path / "cafe\u0301.wav", bank, found) == "pressure"


def test_every_problem_of_a_manifest_is_listed_with_its_line(tmp_path):
    manifest = write(
        tmp_path / "manifest.csv",
        "file,question\na.wav,conflct\nb.wav\n,mistake\nc.wav,mistake\nc.wav,pressure\n",
    )
    with pytest.raises(ContentError) as raised:
        read_manifest(manifest)
    problems = [line.strip() for line in str(raised.value).splitlines()[1:]]
    assert problems[0].startswith("line 2: There is no question called 'conflct': did you mean")
    assert problems[1:] == [
        "line 3: a file and a question are expected, found 'b.wav' and ''.",
        "line 4: a file and a question are expected, found '' and 'mistake'.",
        "line 6: the file 'c.wav' is listed twice.",
    ]


def test_a_manifest_may_name_questions_of_a_given_bank(tmp_path, bank):
    own = Bank([replace(bank["conflict"], id="own")])
    manifest = write(tmp_path / "manifest.csv", "file,question\na.wav,own\n")
    assert read_manifest(manifest, own) == {"a.wav": "own"}
    with pytest.raises(ContentError, match="no question called 'own'"):
        read_manifest(manifest)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "must begin with the line 'file,question'; found 'nothing'"),
        (b"file;question\n", "found 'file;question'"),
        (b"a.wav,conflict\n", "found 'a.wav,conflict'"),
        ("file,question\né.wav,mistake\n".encode("latin-1"), "not UTF-8 text"),
        (b'file,question\n"' + b"x" * 140_000 + b'",mistake\n', "does not read as CSV at line"),
    ],
)
def test_a_file_that_is_no_manifest_says_why(tmp_path, content, said):
    (tmp_path / "manifest.csv").write_bytes(content)
    with pytest.raises(ContentError) as raised:
        read_manifest(tmp_path / "manifest.csv")
    assert said in str(raised.value)


def test_a_missing_manifest_is_named(tmp_path):
    with pytest.raises(ContentError, match=r"There is no file .*none\.csv"):
        read_manifest(tmp_path / "none.csv")
