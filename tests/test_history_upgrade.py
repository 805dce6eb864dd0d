"""A history that version 0.1.0 made (``data/history-1.sh``), used by the program of today.

Its takes: 1 and 2 a recording, heard by Moonshine and by a Whisper checkpoint; 3, 4 and 5 written
answers. Of 1 to 3 the history kept where they lay only relative to a folder, of 5 without the
bytes of its name that are no text. None of the files is there any more.
"""

import csv
import json
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import mini_whisper
import pytest
from click.testing import CliRunner

from speechcoach.cli import main
from speechcoach.coach import Coach, Settings
from speechcoach.history.columns import Key
from speechcoach.history.database import Database
from speechcoach.history.store import History
from speechcoach.progress.schedule import goal
from speechcoach.reports import SCHEMA

MADE = Path(__file__).parent / "data" / "history-1.sql"
NUMBERS = [1, 2, 3, 4, 5]
OLD_RULES = "0.1.0+63f6e1f8"
NAMES = {
    1: (None, "takes/conflict-1.flac"),
    2: (None, "takes/conflict-1.flac"),
    3: (None, "takes/mistake-1.txt"),
    4: ("/answers/five-ten-years-1.txt", "five-ten-years-1.txt"),
    5: (None, "/answers/caf\ufffd.txt"),
}


@pytest.fixture(autouse=True)
def old_history(own_home):
    own_home.mkdir()
    db = sqlite3.connect(own_home / "history.sqlite")
    db.executescript(MADE.read_text("utf-8"))
    db.close()


def invoke(*arguments: object, code: int = 0):
    ran = CliRunner().invoke(main, list(map(str, arguments)))
    assert ran.exit_code == code, ran.output
    return ran


def answers_again(folder):
    """Write the answers of takes 1 and 3 into `folder`, as they were."""
    folder.mkdir()
    shutil.copy(mini_whisper.CLIPS[0].path, folder / "conflict-1.flac")
    with History.open() as history:
        said = history.report(3).transcript.sentences
    (folder / "mistake-1.txt").write_text("".join(f"{sentence.text}\n" for sentence in said))
    return folder


def test_places_and_names_are_told_apart_and_what_is_not_known_is_not_made_up():
    with History.open() as history:
        kept = {take.id: take for take in history.takes()}
        reports = {number: history.report(number) for number in NUMBERS}
    assert {number: (take.path, take.name) for number, take in kept.items()} == NAMES
    assert {n: (r.recording.path, r.recording.name) for n, r in reports.items()} == NAMES
    assert {number: take.digest for number, take in kept.items()} == {
        1: "", 2: None, 3: None, 4: None, 5: None,
    }  # fmt: skip
    assert [reports[number].engine.digest for number in (1, 2)] == ["", None]
    assert {report.schema for report in reports.values()} == {SCHEMA}


def test_nothing_else_is_changed_by_the_upgrade(own_home):
    def content():
        db = sqlite3.connect(own_home / "history.sqlite")
        takes = db.execute("SELECT id, made, sha256, kind, duration, rules, report FROM takes")
        return takes.fetchall(), db.execute("SELECT * FROM measurements").fetchall()

    before = content()
    with History.open() as history:
        assert content() == before
        assert goal(history) == date(2099, 1, 1)
        assert history.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_two_programs_that_open_it_at_once_upgrade_it_once(own_home, monkeypatch):
    """The other one is through when the first gets its turn to write."""
    path, turn = own_home / "history.sqlite", Database.transaction

    def after_the_other(database):
        monkeypatch.setattr(Database, "transaction", turn)
        History(path).close()
        return turn(database)

    monkeypatch.setattr(Database, "transaction", after_the_other)
    with History(path) as history:
        assert [take.id for take in history.takes()] == NUMBERS


def test_an_upgrade_that_fails_leaves_the_old_history(own_home, monkeypatch):
    monkeypatch.setattr("speechcoach.history.migrations.place_in_1", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        History.open()
    db = sqlite3.connect(own_home / "history.sqlite")
    assert db.execute("PRAGMA user_version").fetchone() == (2,)
    assert db.execute("SELECT path FROM takes WHERE id = 1").fetchone() == (NAMES[1][1],)


def test_it_is_listed():
    lines = invoke("history").stdout.splitlines()
    listed = {int(line.split()[0]): line for line in lines}
    assert sorted(listed) == NUMBERS
    for number, (path, name) in NAMES.items():
        assert listed[number].endswith(f"  {path or name}")


@pytest.mark.parametrize("number", NUMBERS)
def test_each_take_is_shown(number):
    path, name = NAMES[number]
    plain = json.loads(invoke("history", "show", number, "--format", "json").stdout)
    assert (plain["schema"], plain["rules"]) == (SCHEMA, OLD_RULES)
    assert (plain["recording"]["path"], plain["recording"]["name"]) == (path, name)
    assert (path or name) in invoke("history", "show", number).stdout
    assert name in invoke("history", "show", number, "--format", "md").stdout.replace("\\", "")


def test_it_is_judged_again():
    assert "5 of 5 takes were judged again" in invoke("history", "rescore").stderr
    assert "0 of 5 takes were judged again" in invoke("history", "rescore").stderr
    coach = Coach(Settings())
    with History.open() as history:
        for take in history.takes():
            report = history.report(take.id)
            assert report.rules == take.rules == coach.rules(take.question)
            assert (report.recording.path, report.recording.name) == NAMES[take.id]
            stored = history.db.execute("SELECT report FROM takes WHERE id = ?", (take.id,))
            assert json.loads(stored.fetchone()[0])["schema"] == SCHEMA
    with History.open() as history:
        assert history.report(1).measurements["pitch_variation"].unit == "semitones"


def test_its_takes_are_compared():
    found = json.loads(invoke("compare", 1, 2, "--format", "json").stdout)
    assert "different recognisers" in found["unlike"]
    found = json.loads(invoke("compare", 3, 4, "--format", "json").stdout)
    assert {pair["name"] for pair in found["pairs"]} >= {"score.overall"}


def test_progress_is_told_after_it_is_judged_again():
    assert "judged by other rules" in invoke("progress").stdout
    invoke("history", "rescore")
    groups = json.loads(invoke("progress", "--format", "json").stdout)
    assert {take["take"] for group in groups for take in group["takes"]} >= {3, 4}


def test_it_is_exported(tmp_path):
    invoke("history", "export", tmp_path / "all.csv")
    invoke("history", "export", tmp_path / "all.jsonl")
    with (tmp_path / "all.csv").open(encoding="utf-8") as file:
        rows = {int(row["take"]): row for row in csv.DictReader(file)}
    lines = (tmp_path / "all.jsonl").read_text("utf-8").splitlines()
    reports = {plain["take"]: plain for plain in map(json.loads, lines)}
    assert sorted(rows) == sorted(reports) == NUMBERS
    for number, (path, name) in NAMES.items():
        assert rows[number]["file"] == (path or name)
        assert reports[number]["recording"]["path"] == path
        assert reports[number]["schema"] == SCHEMA


def test_a_take_is_deleted_with_its_words(own_home):
    invoke("history", "delete", 3, "--yes")
    with History.open() as history:
        assert [take.id for take in history.takes()] == [1, 2, 4, 5]
    assert b"missed a fracture on a night film" not in (own_home / "history.sqlite").read_bytes()


def test_a_report_is_found_by_what_was_analysed():
    with History.open() as history:
        sound, text = history.take(1).sha256, history.take(3).sha256
        found = history.find(Key(sound, "conflict", "moonshine", "tiny-en", OLD_RULES))
        assert found["recording"]["sha256"] == sound
        assert found["schema"] == SCHEMA
        assert history.find(Key(text, "mistake", None, None, OLD_RULES, "text"))
        # Which file of that name heard take 2 was not kept:
        assert history.find(Key(sound, "conflict", "whisper", "mini.en", OLD_RULES)) is None


@pytest.mark.engine
def test_batch_takes_from_it_what_it_is_sure_of_and_analyses_the_rest_once(tmp_path):
    invoke("history", "rescore")
    folder = answers_again(tmp_path / "takes")
    ran = invoke("batch", folder, "--engine", "moonshine", "--out", tmp_path / "out.jsonl")
    assert "2 files: 0 analysed, 2 from the history" in ran.stdout
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert first["recording"]["path"] == str(folder / "conflict-1.flac")  # where it is now
    assert second["recording"]["name"] == "mistake-1.txt"

    model = mini_whisper.checkpoint(tmp_path)
    heard = ("batch", folder, "--jobs", 1, "--engine", "whisper", "--model", model)
    assert "2 files: 1 analysed, 1 from the history" in invoke(*heard).stdout
    assert "2 files: 0 analysed, 2 from the history" in invoke(*heard).stdout
    with History.open() as history:
        assert [take.id for take in history.takes()] == NUMBERS
        assert len(history.take(2).digest) == 64
        assert history.take(2).path == str(folder / "conflict-1.flac")
