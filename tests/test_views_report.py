"""The report in words: what it says, and how it is laid out for a terminal."""

import dataclasses
import re

import pytest
from sample_report import MEASUREMENTS, QUESTION, report, view
from views_support import silent, untimed

from speechcoach.data import (
    Filler,
    Finding,
    Measurement,
    Part,
    Pause,
    Rubric,
    Span,
    Structure,
    Transcript,
    Word,
)
from speechcoach.judging.norms import load_norms
from speechcoach.reports import to_json
from speechcoach.views import FORMATS, Screen
from speechcoach.views.summary import answer, scores, speech
from speechcoach.views.summary.measured import COUNTED, GROUPS, also_measured


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_a_report_in_words_shows_everything_that_matters(form):
    text = FORMATS[form](view())
    shown = flat(text.replace("\\", "").replace("&#39;", "'"))
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
        "Also measured",
        "Laske",
    ):
        assert said in shown, said


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
    lines = FORMATS["text"](view(screen=Screen(width), explain=True)).splitlines()
    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


def test_styles_are_for_terminals_only():
    assert "\x1b[" not in FORMATS["text"](view())
    assert "\x1b[" in FORMATS["text"](view(screen=Screen(colour=True)))


def test_what_is_judged_is_marked_without_colours_too():
    lines = FORMATS["text"](view()).splitlines()
    assert any(re.match(r"Pace +60 ! speech rate +210 words/min", line) for line in lines)
    assert any(re.match(r"Delivery +92 ~ longest pause +2\.4 s", line) for line in lines)
    assert any(re.match(r" +share of pauses +20% ", line) for line in lines)


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_a_recording_without_speech_says_so_and_scores_nothing(form):
    text = FORMATS[form](view(silent()))
    assert "No speech was found." in text
    assert "of 100" not in text
    assert "Transcript" not in text


def test_explain_prints_every_formula_and_source():
    text = flat(FORMATS["text"](view(explain=True, screen=Screen(100))))
    assert "overall: the weighted mean" in text
    assert "speech rate (pace, weight 2): good 110 to 180" in text
    assert "Laske & DiGennaro Reed 2024" in text.split("How the scores are made")[1]
    assert "rules: test" in text
    assert "How the scores are made" not in FORMATS["text"](view())


def test_the_window_of_the_question_is_the_band_of_the_length():
    assert QUESTION.seconds == (90.0, 150.0)
    assert "90 to 150" in FORMATS["text"](view())


def test_json_keeps_to_one_line_where_it_must():
    assert FORMATS["json"](view(compact=True)) == to_json(report())
    assert FORMATS["json"](view()).count("\n") > 100


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_a_transcript_cannot_steer_the_terminal(form):
    words = (Word("red\x1b[31m"), Word("csi\x9b2J"), Word("bell\x07"), Word("back\u202edrow"))
    spoken = Transcript(" ".join(word.text for word in words), words, ())
    bare = {"fillers": (), "structure": Structure(), "rubric": Rubric({}, {})}
    text = FORMATS[form](view(report(transcript=spoken, **bare)))
    read = flat(re.sub(r"<[^>]*>", "", text))
    assert "csi2J bell backdrow" in read
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


# What it says, free of layout


def test_where_a_take_lies_is_for_this_machine_only(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = str(tmp_path / "takes" / "one.wav")
    made = report(recording=dataclasses.replace(report().recording, path=place, name="one.wav"))
    assert "takes/one.wav · 1:42 · moonshine" in FORMATS["text"](view(made))
    for form in ("md", "html"):
        assert "takes/one" not in FORMATS[form](view(made))
        assert "one.wav · 1:42" in FORMATS[form](view(made))


def test_missing_parts_read_as_a_list():
    parts = {name: Part(False, None, 0.0, ()) for name in ("situation", "task", "result")}
    text = FORMATS["text"](view(report(structure=Structure("star", parts))))
    assert "0 of 3 parts, no situation, task or result" in text


def test_a_finding_that_is_a_sentence_ends_with_one_stop():
    finding = Finding("star", "work", "The action is missing.", "Tell it.", "our guess", ())
    assert scores.step(finding) == "The action is missing. Tell it."


def test_the_pieces_of_a_transcript_are_all_of_its_words():
    pieces = list(answer.pieces(report()))
    words = [word for piece in pieces for word in piece.words]
    assert words == list(report().transcript.words)
    assert [piece.first for piece in pieces] == [0, 1, 2, 7, 9]
    assert [piece.mark for piece in pieces] == ["", "recovered", "", "filler", ""]
    assert pieces[3].text == "you know,"


def test_evidence_is_the_start_of_a_sentence_with_its_time():
    (yes, no, avoid) = answer.content(view())
    assert str(yes) == "You saw the other side. (0:03 “We, you know, talked it through.”)"
    assert (no.mark, no.quote) == ("no", None)
    assert avoid.mark == "avoid"
    assert answer.shortened("one two three four", 12) == "one two …"


def test_a_written_answer_has_shares_and_no_times():
    made = untimed(report())
    situation, *_ = answer.structure(made)
    assert str(situation) == "Situation: 40% (“So, um, I called the ward.”)"
    assert speech.fillers_heard(made) == [
        "2 heard",
        "sounds: um 1; 1 from the sound, not in the recogniser's text",
        "words: you know 1",
    ]
    assert "needs the sound" in FORMATS["text"](view(made))


def test_the_longest_pauses_are_named_the_longest_first():
    spans = [(10.0, 0.5), (20.0, 2.0), (30.0, 0.4), (40.0, 1.0)]
    pauses = tuple(Pause(at, at + seconds, "clause_end") for at, seconds in spans)
    assert speech.longest_pauses(report(pauses=pauses)) == [
        "2.0 s at 0:20, after a clause",
        "1.0 s at 0:40, after a clause",
        "0.5 s at 0:10, after a clause",
    ]


def test_what_is_judged_is_the_number_that_is_read():
    """180.4 reads as 180, the edge of the good band."""
    measured = {**MEASUREMENTS, "speech_rate": Measurement(180.4, "words/min")}
    pace = scores.sections(view(report(measurements=measured)))[2]
    assert (pace.figures[0].value, pace.figures[0].level) == ("180 words/min", "good")


def test_possible_fillers_without_a_time_are_only_counted():
    perhaps = (Filler("uh", "filled_pause", (3, 3), None, None, 0.4),)
    assert speech.fillers_heard(report(possible_fillers=perhaps))[0].endswith("perhaps 1 more")


# What is measured and not judged


def test_every_measurement_has_its_figure_judged_or_not():
    from speechcoach.judging.scoring import norms_for

    made = {f"measure_{n}": Measurement(float(n), "s") for n in range(5)}
    shown = view(report(measurements={**MEASUREMENTS, **made}))
    judged = {norm.metric for norm in norms_for(shown.norms, shown.question)}
    known = {name for group in GROUPS.values() for name in group}
    assert set(shown.report.measurements) <= judged | known | set(made)
    lines = " ".join(also_measured(shown))
    assert "other: measure 0 0.0 s, measure 1 1.0 s, measure 2 2.0 s" in lines
    assert "fillers: sounds 3.5 a minute, words 2.5 a minute, opening 2, middle 0" in lines


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_a_new_measurement_shows_by_itself(form):
    new = {**MEASUREMENTS, "sighs_heard": Measurement(3, "count")}
    assert "other: sighs heard 3" in flat(FORMATS[form](view(report(measurements=new))))


def test_what_a_norm_judges_is_not_said_twice():
    lines = " ".join(also_measured(view()))
    assert "words/min" not in lines
    assert "100.0 s" not in lines  # the speaking time, which the question's window judges


def test_what_is_not_known_is_left_out():
    nothing = {name: Measurement(None, m.unit) for name, m in MEASUREMENTS.items()}
    made = report(measurements=nothing)
    assert also_measured(view(made)) == []
    assert "Also measured" not in FORMATS["text"](view(made))


def test_a_stretch_is_told_with_its_place_and_what_is_counted_is_not():
    measured = {
        "slowest_window": Measurement(101.4, "words/min", (Span(59.0, 74.0),)),
        "filler_count": Measurement(1, "count", (Span(5.0, 5.4),)),
    }
    assert also_measured(view(report(measurements=measured))) == [
        "fillers: in all 1",
        "pace: slowest stretch 101 words/min at 0:59",
    ]
    assert "words/min" not in COUNTED


def test_no_measurement_stands_in_two_groups(written_answer):
    from speechcoach import analyzers

    names = [name for group in GROUPS.values() for name in group]
    assert len(names) == len(set(names))
    judged = {norm.metric for norm in load_norms().norm} | {"speaking_time"}
    assert not judged & set(names)
    assert set(names) == set(analyzers.measure(written_answer)) - judged
