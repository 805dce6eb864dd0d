"""Two takes side by side, as text and as JSON."""

import json

import pytest
from sample_report import MEASUREMENTS, report
from views_support import HOSTILE, hard

from speechcoach.data import Covered, Filler, Flagged, Measurement, Rubric
from speechcoach.progress.comparison import compare
from speechcoach.views import COMPARISON


@pytest.fixture
def found():
    """Return the report beside one that is slower, covers and flags other things."""
    return compare(
        report(),
        report(
            measurements={**MEASUREMENTS, "speech_rate": Measurement(170.0, "words/min"),
                          "filler_rate": Measurement(6.04, "1/min")},
            rubric=Rubric(
                {"empathy": Covered("no", 0.1), "lesson": Covered("yes", 0.8, (2,))},
                {"blame": Flagged(False, 0.1), "vague": Flagged(True, 0.9, (0,))},
            ),
            fillers=(Filler("um", "filled_pause", (1, 2), 0.5, 0.9, 0.9),) * 3,
            question="mistake",
        ),
    )  # fmt: skip


def cells(text: str, label: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.startswith(f"{label} ")]
    return line.removeprefix(label).split()


def test_numbers_stand_in_columns_under_the_names_of_the_takes(found):
    text = COMPARISON["text"](found, "first.wav", "7")
    lines = text.splitlines()
    assert lines[0] == "Note: they answer different questions."
    assert lines[1].split() == ["first.wav", "7", "difference"]
    assert cells(text, "speech rate, words/min") == ["210", "170", "-40"]
    assert cells(text, "overall score") == ["71", "71", "0"]
    assert cells(text, "fillers, a minute") == ["6.0", "6.0", "+0.0"]
    rows = [line for line in lines[1:] if "," in line and ":" not in line]
    assert len({len(row) for row in rows}) == 1


def test_what_only_one_take_knows_has_no_difference():
    silent = {name: m for name, m in MEASUREMENTS.items() if name != "speech_rate"}
    text = COMPARISON["text"](compare(report(measurements=silent), report()), "a", "b")
    assert cells(text, "speech rate, words/min") == ["–", "210", "–"]


def test_what_came_and_went_is_listed(found):
    lines = COMPARISON["text"](found, "a", "b").splitlines()
    assert lines[-6:] == [
        "gained: lesson",
        "lost: empathy",
        "to avoid, new: vague",
        "to avoid, gone: blame",
        "fillers: um 1 → 3, you know 1 → 0",
        (
            "wording: 92% of the words are the same runs again: this is the same wording; "
            "vary it, or it sounds memorised."
        ),
    ]


def test_nothing_gained_or_lost_is_not_mentioned():
    text = COMPARISON["text"](compare(report(), report()), "a", "b")
    assert not [line for line in text.splitlines() if line.startswith(("gained", "lost", "Note"))]


def test_json_has_every_number(found):
    plain = json.loads(COMPARISON["json"](found, "a", "b"))
    rate = {pair["name"]: pair for pair in plain["pairs"]}["speech_rate"]
    assert (rate["first"], rate["second"], rate["difference"]) == (210.0, 170.0, -40.0)
    assert (plain["gained"], plain["recited"]) == (["lesson"], True)
    assert plain["fillers"] == {"um": [1, 3], "you know": [1, 0]}


def test_json_gives_no_difference_where_there_is_none():
    plain = json.loads(COMPARISON["json"](compare(report(measurements={}), report()), "a", "b"))
    assert "difference" not in {p["name"]: p for p in plain["pairs"]}["speech_rate"]


@pytest.mark.parametrize("form", COMPARISON)
@pytest.mark.parametrize("kind", hard())
def test_any_two_reports_can_be_compared(form, kind):
    found = compare(report(), hard()[kind][0])
    text = COMPARISON[form](found, HOSTILE, "a\nb")
    if form == "json":
        assert json.loads(text)["unlike"] == found.unlike
    else:
        assert not {"\x1b", "\x9b", "\u202e"} & set(text)
        assert not any(word in text for word in ("None", "nan"))
        assert all(line == line.rstrip() for line in text.splitlines())
