"""What a batch prints at its end."""

import dataclasses
from pathlib import Path

import pytest
from sample_report import report
from views_support import hostile

from speechcoach.batch import Row
from speechcoach.data import Measurement
from speechcoach.reports import to_dict
from speechcoach.views import Screen
from speechcoach.views.batch import Line, described, line, render, totals
from speechcoach.views.screen import WHOLE


def row(name: str, overall: float | None = 70.0, **changes: object) -> Row:
    scores = {"overall": overall, "structure": None}
    measured = {
        "speech_rate": Measurement(150.25, "words/min"),
        "filler_rate": Measurement(2.31, "1/min"),
    }
    recording = dataclasses.replace(report().recording, duration=65.0)
    made = report(scores=scores, measurements=measured, recording=recording, **changes)
    return Row(name, to_dict(made))


def test_a_row_is_a_line_of_the_table():
    shown = render([line(row("/takes/a.wav"))], Path("/takes"), Screen(WHOLE)).splitlines()
    assert shown[0].split() == [
        "file", "question", "length", "pace", "fillers", "structure", "overall", "warnings",
    ]  # fmt: skip
    assert shown[1].split(maxsplit=7) == [
        "a.wav", "conflict", "1:05", "150", "2.3", "–", "70", "The recording is noisy.",
    ]  # fmt: skip


def test_what_is_not_known_is_a_dash_and_what_failed_says_why():
    shown = render(
        [Line("/takes/b.wav"), line(Row("c", error="No sound."))], Path("/takes"), Screen(80)
    )
    assert shown.splitlines()[1].split() == ["b.wav", *"––––––"]
    assert "failed: No sound." in shown
    assert "2 files: 1 analysed, 0 from the history, 1 failed" in shown


@pytest.mark.parametrize("width", [60, 80])
def test_the_table_keeps_to_a_terminal_and_loses_nothing_in_a_pipe(width):
    remark = "The microphone was too far away, and a door was slammed."
    lines = [line(Row("/takes/" + "long-name-" * 8 + ".wav", error=remark))]
    assert max(map(len, render(lines, Path("/takes"), Screen(width)).splitlines())) <= width
    assert "…" not in render(lines, Path("/takes"), Screen(width))
    assert f"failed: {remark}\n" in render(lines, Path("/takes"), Screen(WHOLE))


def test_long_warnings_are_cut_between_words():
    shown = line(row("a.wav", warnings=("word " * 40,)))
    assert len(shown.remark) <= 60
    assert shown.remark.endswith("word …")


def test_names_that_would_break_the_table_are_shown_on_one_line():
    assert described(line(row("/a\n\x1b[31mb.wav"))) == "/a??[31mb.wav: conflict, overall 70"
    made, _ = hostile()
    table = render([line(Row("/takes/a\nb\x1b.wav", to_dict(made)))], Path("/takes"), Screen(WHOLE))
    assert table.splitlines()[1].startswith("a?b?.wav")
    assert "\x1b" not in table
    boxed = line(row("/a.wav", warnings=("[red]loud[/red] :bomb:",)))
    assert "[red]loud[/red] :bomb:" in render([boxed], Path("/"), Screen(WHOLE))


def test_an_unscored_answer_without_a_question_is_described_so():
    assert described(line(row("/a.wav", None, question=None))) == "/a.wav: no question, not scored"


def test_totals_count_and_average_what_is_known():
    lines = [line(row("a.wav")), line(row("b.wav", None)), line(Row("c", error="No."))]
    kept = dataclasses.replace(lines[0], kept=True)
    assert list(totals([*lines, kept])) == [
        "4 files: 2 analysed, 1 from the history, 1 failed",
        "3:15 of recordings",
        "on average: overall 70, 150 words/min, 2.3 fillers a minute",
    ]


def test_totals_of_failures_average_nothing():
    assert list(totals([line(Row("c", error="No."))])) == [
        "1 files: 0 analysed, 0 from the history, 1 failed"
    ]
