import json
import math
import re

import pytest
from sample_report import QUESTION, report, view

from speechcoach.data import Finding, Measurement, Part, Rubric, Structure, Transcript, Word
from speechcoach.errors import UnknownNameError
from speechcoach.reports import SCHEMA, from_dict, to_dict, to_json
from speechcoach.views import FORMATS, Screen
from speechcoach.views.summary import scores

CONTRACT = {
    "schema", "recording", "question", "engine", "transcript", "fillers", "measurements", "pauses",
    "structure", "star", "timeline", "rubric", "findings", "scores", "warnings",
}  # fmt: skip


def test_the_json_form_has_the_keys_of_the_contract():
    plain = to_dict(report())
    assert set(plain) >= CONTRACT
    assert plain["schema"] == SCHEMA == 3
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
    assert plain["rubric"]["avoid"]["blame"] == {"flagged": True, "score": 0.7, "sentences": [0]}


def test_a_report_survives_its_json_form():
    assert from_dict(json.loads(to_json(report()))) == report()


def test_what_is_not_a_number_cannot_be_written():
    broken = report(measurements={"pace": Measurement(math.nan, "s")})
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(broken)


def test_times_are_written_to_a_tenth_of_a_millisecond():
    made = report(measurements={"x": Measurement(1 / 3, "s")})
    assert to_dict(made)["measurements"]["x"]["value"] == 0.3333


def test_an_unknown_format_is_named_with_its_neighbours():
    with pytest.raises(UnknownNameError, match="no report format called 'jsn': did you mean json"):
        FORMATS["jsn"]


@pytest.mark.parametrize("form", ["text", "md"])
def test_a_report_in_words_shows_everything_that_matters(form):
    text = FORMATS[form](view())
    shown = text.replace("\\", "")
    for said in (
        "Tell me about a conflict.",
        "71 of 100",
        "210 words/min",
        "110 to 180",
        "2.4 s at 0:42, inside a clause",
        "2 heard, 6.0 a minute, perhaps 1 more (at 1:02)",
        "sounds, 3.5 a minute: um 1; 1 from the sound, not in the recogniser's text",
        "words, 2.5 a minute: you know 1",
        "opening 2, middle 0, close 0",
        "close together: 0:00 to 0:04",
        "at 0:00, 0:03",
        "3 of 4 parts, no task",
        "You saw the other side.",
        "The recording is noisy.",
        "Laske",
    ):
        assert said in re.sub(r"\s+", " ", shown), said


def test_next_steps_come_in_order_and_with_their_moment():
    steps = FORMATS["text"](view()).split("Next")[1]
    assert steps.index("1.   Speech rate: 210 words/min. Breathe.") < steps.index(
        "2.   Longest pause: 2.4 s (at 0:42). Bridge it."
    )


def test_fillers_are_marked_in_their_place():
    text = FORMATS["text"](view())
    assert "So, [+um,] I called the ward. We, [you know,] talked it through." in text


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_the_terminal_report_keeps_to_its_width(width):
    assert max(map(len, FORMATS["text"](view(screen=Screen(width))).splitlines())) <= width


def test_styles_are_for_terminals_only():
    assert "\x1b[" not in FORMATS["text"](view())
    assert "\x1b[" in FORMATS["text"](view(screen=Screen(colour=True)))


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_recording_without_speech_says_so_and_scores_nothing(form):
    silent = report(
        transcript=Transcript("", (), ()),
        fillers=(),
        possible_fillers=(),
        pauses=(),
        structure=Structure("star"),
        rubric=Rubric(),
        findings=(),
        scores={"overall": None},
        measurements={},
        warnings=("No speech was found.",),
    )
    text = FORMATS[form](view(silent))
    assert "No speech was found." in text
    assert "of 100" not in text


def test_markdown_keeps_what_was_said_out_of_its_syntax():
    assert r"It \*was\* fine." in FORMATS["md"](view())


def test_explain_prints_every_formula_and_source():
    text = re.sub(r"\s+", " ", FORMATS["text"](view(explain=True, screen=Screen(100))))
    assert "overall: the weighted mean" in text
    assert "speech rate (pace, weight 2): good 110 to 180" in text
    assert "Laske & DiGennaro Reed 2024" in text.split("How the scores are made")[1]
    assert "rules: test" in text


def test_the_window_of_the_question_is_the_band_of_the_length():
    assert QUESTION.seconds == (90.0, 150.0)
    assert "90 to 150" in FORMATS["text"](view())


@pytest.mark.parametrize("form", ["text", "md"])
def test_a_transcript_cannot_steer_the_terminal(form):
    words = (Word("red\x1b[31m"), Word("csi\x9b2J"), Word("bell\x07"))
    spoken = Transcript(" ".join(word.text for word in words), words, ())
    bare = {"fillers": (), "structure": Structure(), "rubric": Rubric({}, {})}
    text = FORMATS[form](view(report(transcript=spoken, **bare)))
    assert "csi2J bell" in text.replace("\n", " ")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_missing_parts_read_as_a_list():
    parts = {name: Part(False, None, 0.0, ()) for name in ("situation", "task", "result")}
    text = FORMATS["text"](view(report(structure=Structure("star", parts))))
    assert "0 of 3 parts, no situation, task or result" in text


def test_a_finding_that_is_a_sentence_ends_with_one_stop():
    finding = Finding("star", "work", "The action is missing.", "Tell it.", "our guess", ())
    assert scores.step(finding) == "The action is missing. Tell it."
