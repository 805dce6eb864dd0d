"""Two takes side by side."""

import json

import pytest
from batch_support import write_answers
from click.testing import CliRunner
from sample_report import report

from speechcoach.cli import main
from speechcoach.data import Covered, Filler, Flagged, Measurement, Rubric
from speechcoach.history.store import History
from speechcoach.progress.comparison import compare, same_wording
from speechcoach.reports import to_json

WORDS = "we had a patient on the ward whose scan was late and nobody had called about it".split()


def invoke(*arguments: object):
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])


def test_numbers_are_set_side_by_side():
    slower = {**report().measurements, "speech_rate": Measurement(170.0, "words/min")}
    pairs = {pair.name: pair for pair in compare(report(), report(measurements=slower)).pairs}
    assert pairs["speech_rate"].difference == -40.0
    assert pairs["score.overall"].difference == 0.0
    assert "score.content" not in pairs  # neither take can say


def test_elements_and_faults_that_came_and_went():
    other = Rubric(
        {"empathy": Covered("no", 0.1), "lesson": Covered("yes", 0.8, (2,))},
        {"blame": Flagged(False, 0.1), "vague": Flagged(True, 0.9, (0,))},
    )
    found = compare(report(), report(rubric=other))
    assert (found.gained, found.lost) == (("lesson",), ("empathy",))
    assert (found.faults, found.mended) == (("vague",), ("blame",))


def test_fillers_are_counted_by_word():
    fewer = report(fillers=(Filler("um", "filled_pause", (1, 2), 0.5, 0.9, 0.9),) * 3)
    assert compare(report(), fewer).fillers == {"um": (1, 3), "you know": (1, 0)}


def test_the_same_wording_is_noticed_in_spite_of_fillers_and_slips():
    again = [*WORDS[:5], "whole", *WORDS[6:]]
    assert same_wording(WORDS, WORDS) == 1.0
    assert same_wording(WORDS, again) == pytest.approx(15 / 16, abs=0.1)
    assert compare(report(), report(fillers=())).recited


def test_the_same_words_in_another_order_are_another_wording():
    assert same_wording(WORDS, WORDS[::-1]) == 0.0
    assert same_wording(WORDS, ["we"] * 16) == 0.0
    assert same_wording(WORDS, []) is None


def test_what_is_unlike_is_said():
    assert compare(report(), report()).unlike == ""
    unlike = compare(report(), report(question="mistake", rules="new")).unlike
    assert "different questions" in unlike
    assert "different rules" in unlike


def test_takes_files_and_reports_can_be_compared(tmp_path):
    with History.open() as history:
        number = history.add(report())
    (tmp_path / "one.json").write_text(to_json(report()))
    (answer,) = write_answers(tmp_path, 1)
    same = invoke(number, tmp_path / "one.json")
    assert "wording: 100% of the words" in same.stdout
    assert "fillers, a minute" in same.stdout
    plain = json.loads(invoke(number, answer, "--format", "json").stdout)
    assert plain["recited"] is False
    assert "different rules" in plain["unlike"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("7", "no take 7"),
        ("gone.json", "There is no file"),
        ("broken.json", "is not a report"),
        ("gone.txt", "There is no file"),
    ],
)
def test_what_is_not_there_is_named(tmp_path, monkeypatch, place, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.json").write_text('{"schema": 1}')
    ran = invoke(place, place)
    assert ran.exit_code == 1
    assert message in ran.stderr
