"""Which question a file answers: by manifest, by name, by folder."""

from dataclasses import replace
from pathlib import Path

import pytest

from speechcoach.errors import ContentError
from speechcoach.guides import Bank, load_bank, question_of, read_manifest


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


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
    manifest = tmp_path / "manifest.csv"
    manifest.write_text(
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
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("file,question\na.wav,own\n")
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
