"""``speechcoach history``: listing, showing, deleting, exporting, judging again."""

import csv
import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from batch_support import write_answers
from click.testing import CliRunner
from sample_report import report
from scripted import scripted

from speechcoach.cli import main
from speechcoach.coach import Coach, Settings
from speechcoach.data import Measurement, Pause, Report, Span, Transcript, Word
from speechcoach.history.rescoring import rescore
from speechcoach.history.store import History
from speechcoach.reports import to_dict

SAMPLE = Path(__file__).parent.parent / "sample_audio" / "conflict-strong.flac"


def invoke(*arguments: object, **options: object):
    return CliRunner().invoke(main, ["history", *map(str, arguments)], **options)


@pytest.fixture
def two_takes():
    """Return the numbers of an old take on conflict and a new one on mistake."""
    old = dataclasses.replace(report().recording, sha256="cd" * 32)
    with History.open() as history:
        first = history.add(report(recording=old), made=datetime(2026, 11, 1, 12, tzinfo=UTC))
        return first, history.add(
            report(question="mistake"), made=datetime(2026, 11, 9, 12, tzinfo=UTC)
        )


def listed(*arguments: object) -> list[str]:
    return [line.split()[0] for line in invoke(*arguments).stdout.splitlines()]


def test_takes_are_listed_oldest_first_by_question_and_day(two_takes):
    first, second = map(str, two_takes)
    assert listed() == [first, second]
    assert listed("--question", "mistake") == [second]
    assert listed("--since", "2026-11-05") == [second]
    assert "71  /takes/conflict_1.wav" in invoke().stdout


def test_an_empty_history_says_how_it_fills():
    ran = invoke()
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "No take is kept yet" in ran.stderr


def test_a_take_is_shown_again(two_takes):
    assert "Overall 71 of 100" in invoke("show", two_takes[0]).stdout
    assert json.loads(invoke("show", two_takes[0], "--format", "json").stdout)["rules"] == "test"


def test_a_take_is_shown_as_a_page(two_takes, tmp_path):
    page = tmp_path / "take.html"
    assert invoke("show", two_takes[0], "--format", "html", "-o", page).exit_code == 0
    assert '<h2 id="transcript">Transcript</h2>' in page.read_text("utf-8")


def test_a_take_on_a_question_that_is_gone_is_still_shown():
    with History.open() as history:
        number = history.add(report(question="long-gone"))
    assert "no question given" in invoke("show", number).stdout


def test_deleting_asks_first(two_takes):
    assert invoke("delete", two_takes[0], input="n\n").exit_code == 1
    assert len(listed()) == 2
    assert invoke("delete", two_takes[0], input="y\n").exit_code == 0
    assert listed() == [str(two_takes[1])]
    invoke("delete", "--all", "--yes")
    assert listed() == []


def test_deleting_needs_a_name_and_deletes_nothing_if_one_is_wrong(two_takes):
    assert invoke("delete").exit_code == 2
    ran = invoke("delete", two_takes[0], 99, "--yes")
    assert "no take 99" in ran.stderr
    assert len(listed()) == 2


def test_an_export_has_every_number_or_every_report(two_takes, tmp_path):
    invoke("export", tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["take"] for row in rows] == list(map(str, two_takes))
    assert rows[0]["made"] == "2026-11-01T12:00:00+00:00"
    assert rows[0]["speech_rate"] == "210.0"
    invoke("export", tmp_path / "one.jsonl", "--question", "mistake")
    (line,) = map(json.loads, (tmp_path / "one.jsonl").read_text().splitlines())
    assert line["question"] == "mistake"
    assert line["take"] == two_takes[1]


def test_a_copy_of_the_recording_is_kept_on_request_and_goes_with_its_take(tmp_path, own_home):
    audio = tmp_path / "conflict.flac"
    audio.write_bytes(SAMPLE.read_bytes())
    with scripted("So we had a patient") as engine:
        command = ["analyze", str(audio), "--engine", engine, "--keep-audio"]
        assert CliRunner().invoke(main, command).exit_code == 0
    (copy,) = (own_home / "audio").iterdir()
    assert copy.read_bytes() == SAMPLE.read_bytes()
    invoke("delete", listed()[0], "--yes")
    assert not copy.exists()


def test_rescoring_brings_old_rules_up_to_date_once(tmp_path):
    (path,) = write_answers(tmp_path, 1)
    fresh = Coach(Settings()).analyze(path)
    stale = dataclasses.replace(fresh, fillers=(), scores={"overall": 1.0}, rules="old")
    with History.open() as history:
        number = history.add(stale)
        assert "1 of 1 takes were judged again" in invoke("rescore").stderr
        assert history.plain(number) == to_dict(fresh)
        assert "0 of 1 takes were judged again" in invoke("rescore").stderr


def test_judged_again_a_written_answer_still_ends_its_sentences_where_its_lines_end(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("we had a patient with chest pain\nhe went home a week later\n")
    fresh = Coach(Settings()).analyze(path)
    assert len(fresh.transcript.sentences) == 2
    assert rescore(Coach(Settings()), fresh) == fresh


def test_rescoring_leaves_a_question_that_is_gone(two_takes):
    with History.open() as history:
        history.add(report(question="long-gone"))
    ran = invoke("rescore")
    assert "There is no question called 'long-gone'" in ran.stderr
    assert "2 of 3 takes were judged again" in ran.stderr


def test_rescoring_to_what_is_there_already_leaves_one_take(tmp_path):
    (path,) = write_answers(tmp_path, 1)
    fresh = Coach(Settings()).analyze(path)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    with History.open() as history:
        history.add(dataclasses.replace(fresh, rules="old"), made=first)
        kept = history.add(fresh)
        invoke("rescore")
        assert [(take.id, take.made) for take in history.takes()] == [(kept, first)]


def test_judging_again_by_the_same_rules_changes_at_most_how_sure_a_filler_is():
    with scripted("So, um, we had a patient", "with chest pain on the ward.") as engine:
        coach = Coach(Settings(engine=engine))
        made = coach.analyze(SAMPLE, question="conflict")
    before, after = to_dict(made), to_dict(rescore(coach, made))
    for filler in (*before["fillers"], *after["fillers"]):
        del filler["confidence"]  # stress is not kept
    assert after == before


def paused(*pauses: tuple[float, float]) -> Report:
    """Return the report on eight words of half a second each, with these pauses among them."""
    texts = "we have two options right in the end".split()
    words = tuple(Word(text, i / 2, (i + 1) / 2, 1.0) for i, text in enumerate(texts))
    return report(
        question=None,
        transcript=Transcript(" ".join(texts), words, ()),
        pauses=tuple(Pause(start, end, "mid_clause") for start, end in pauses),
        measurements={"speaking_time": Measurement(4.0, "s", (Span(0.0, 4.0),))},
    )


def test_silence_beside_a_word_still_makes_it_a_filler():
    coach = Coach(Settings())
    assert not rescore(coach, paused()).fillers
    (right,) = rescore(coach, paused((1.865, 2.135), (2.365, 2.635))).fillers
    assert (right.text, right.words) == ("right", (4, 5))


def test_warnings_from_norms_are_given_again_and_those_of_the_file_stay():
    noisy = "The recording is noisy (about 3 dB between speech and background): old advice."
    made = report(warnings=("The file ends early.", noisy))
    assert rescore(Coach(Settings()), made).warnings == ("The file ends early.",)
