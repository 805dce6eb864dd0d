"""A guide's changes laid over our data files: what is changed, added, replaced and refused."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from speechcoach.content import opinions
from speechcoach.errors import ContentError
from speechcoach.judging.norms import load_norms
from speechcoach.overlay import overlaid


@dataclass(frozen=True)
class Thing:
    metric: str
    good: tuple[float, float]
    words: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Whole:
    inner: dict[str, float]
    things: tuple[Thing, ...]


OURS = """
inner = { a = 1.0, b = 2.0 }
[[things]]
metric = "pace"
good = [1, 2]
words = ["one"]
[[things]]
metric = "pauses"
good = [3, 4]
"""


@pytest.fixture
def lay(tmp_path):
    def laid(changes: str) -> Whole:
        ours, theirs = tmp_path / "ours.toml", tmp_path / "theirs.toml"
        ours.write_text(OURS)
        theirs.write_text(changes)
        return overlaid(ours, theirs, Whole)

    return laid


def test_without_changes_the_file_is_as_it_is(tmp_path):
    ours = tmp_path / "ours.toml"
    ours.write_text(OURS)
    found = overlaid(ours, None, Whole)
    assert found == Whole({"a": 1, "b": 2}, (Thing("pace", (1, 2), ("one",)), PAUSES))


PAUSES = Thing("pauses", (3, 4))


def test_a_table_is_changed_key_by_key(lay):
    assert lay("inner.b = 5.0").inner == {"a": 1, "b": 5}


def test_tables_of_one_name_are_one_and_others_are_added_behind(lay):
    found = lay(
        '[[things]]\nmetric = "pace"\nlabel = "new"\n[[things]]\nmetric = "pitch"\ngood = [5, 6]'
    )
    pace = Thing("pace", (1, 2), ("one",), "new")
    assert found.things == (pace, PAUSES, Thing("pitch", (5, 6)))


def test_numbers_take_the_place_of_numbers_and_texts_join_texts(lay):
    found = lay('[[things]]\nmetric = "pace"\ngood = [7, 8]\nwords = ["two"]')
    assert found.things[0] == Thing("pace", (7, 8), ("one", "two"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("innr.b = 5.0", "no key called 'innr': did you mean inner"),
        ('[[things]]\nmetric = "pace"\nlable = "x"', "things: There is no key called 'lable'"),
        ('inner.b = "five"', r"does not fit ours.toml: Expected `float`, got `str`"),
        ('[[things]]\nmetric = "pitch"', "missing required field `good`"),
        ("things = 3", "Expected `array`"),
        ("inner = [", "is not valid TOML"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(lay, tmp_path, changes, said):
    with pytest.raises(ContentError, match=said) as raised:
        lay(changes)
    assert str(tmp_path / "theirs.toml") in str(raised.value)


@pytest.mark.parametrize("load", [load_norms, opinions])
def test_a_file_of_changes_that_is_missing_is_named(load):
    with pytest.raises(ContentError, match=r"There is no file gone\.toml"):
        load(Path("gone.toml"))
