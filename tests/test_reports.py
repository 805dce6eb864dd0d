import json
import math

import pytest
from sample_report import report

from speechcoach.data import Measurement
from speechcoach.reports import SCHEMA, from_dict, to_dict, to_json

CONTRACT = {
    "schema", "recording", "question", "engine", "transcript", "fillers", "measurements", "pauses",
    "structure", "star", "timeline", "rubric", "findings", "scores", "warnings",
}  # fmt: skip


def test_the_json_form_has_the_keys_of_the_contract():
    plain = to_dict(report())
    assert set(plain) >= CONTRACT
    assert plain["schema"] == SCHEMA == 4
    assert set(plain["recording"]) == {
        "path", "name", "sha256", "duration", "sample_rate", "channels", "kind",
    }  # fmt: skip
    assert plain["transcript"]["words"][1] == {
        "text": "um,", "start": 0.5, "end": 0.9, "confidence": 0.9, "recovered": True,
    }  # fmt: skip
    assert plain["transcript"]["sentences"][0]["words"] == [0, 6]
    assert plain["fillers"][1]["words"] == [7, 9]
    assert plain["measurements"]["longest_pause"]["spans"] == [{"start": 42.0, "end": 44.4}]
    assert plain["star"]["parts"]["task"]["covered"] is False
    assert plain["star"]["parts"]["action"]["best"] == 1
    assert plain["rubric"]["elements"] == {
        "empathy": {"covered": True, "verdict": "yes", "score": 0.9, "sentences": [1]},
        "lesson": {"covered": False, "verdict": "no", "score": 0.2, "sentences": []},
    }
    assert plain["on_question"] == {"verdict": "yes", "nearest": None}
    assert plain["rubric"]["avoid"]["blame"] == {"flagged": True, "score": 0.7, "sentences": [0]}


def test_a_report_survives_its_json_form():
    assert from_dict(json.loads(to_json(report()))) == report()


def test_what_is_not_a_number_cannot_be_written():
    broken = report(measurements={"pace": Measurement(math.nan, "s")})
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(broken)


def test_letters_are_written_as_they_are():
    made = report(warnings=("naïve “你好”",))
    assert "naïve “你好”" in to_json(made)


def test_times_are_written_to_a_tenth_of_a_millisecond():
    made = report(measurements={"x": Measurement(1 / 3, "s")})
    assert to_dict(made)["measurements"]["x"]["value"] == 0.3333
