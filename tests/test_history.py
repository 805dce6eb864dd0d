import dataclasses
import os
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sample_report import report

from speechcoach.data import Report
from speechcoach.errors import HistoryError, UnknownNameError
from speechcoach.history.migrations import MIGRATIONS
from speechcoach.history.store import History, Key
from speechcoach.reports import to_dict

KEY = Key("ab" * 32, "conflict", "moonshine", "tiny-en", "test")


@pytest.fixture
def history():
    with History.open() as opened:
        yield opened


def test_it_lives_in_the_users_own_folder(history, own_home):
    assert history.path == own_home / "history.sqlite"
    assert history.path.exists()


def test_what_is_added_comes_back_whole(history):
    assert history.report(history.add(report())) == report()


def test_numbers_are_in_a_table_of_their_own(history):
    number = history.add(report())
    assert history.values("speech_rate") == {number: 210.0}
    assert history.values("score.overall") == {number: 71.4}
    assert history.values("score.content") == {number: None}


def test_a_report_is_found_by_content_question_engine_model_and_rules(history):
    history.add(report())
    assert history.find(KEY) == to_dict(report())


@pytest.mark.parametrize("field", ["sha256", "question", "engine", "model", "rules", "kind"])
def test_another_key_is_another_analysis(history, field):
    history.add(report())
    assert history.find(Key(**{**vars(KEY), field: "other"})) is None


def test_no_question_is_a_key_as_well(history):
    history.add(report(question=None))
    assert history.find(Key(KEY.sha256, None, KEY.engine, KEY.model, "test"))
    assert history.find(KEY) is None


def test_what_needed_no_recogniser_is_the_same_with_any(history):
    history.add(report(engine=None))
    assert history.find(KEY)
    assert history.find(Key(KEY.sha256, "conflict", None, None, "test"))


def test_no_model_stands_for_the_engines_only_one(history):
    history.add(report())
    assert history.find(Key(KEY.sha256, "conflict", "moonshine", None, "test"))


def test_the_same_analysis_is_kept_once_with_its_first_time(history):
    first = datetime(2026, 11, 1, tzinfo=UTC)
    number = history.add(report(), made=first)
    assert history.add(report(scores={"overall": 80.0})) == number
    assert history.values("score.overall") == {number: 80.0}
    assert [take.made for take in history.takes()] == [first]


def test_a_take_is_as_old_as_its_file(history, tmp_path):
    file = tmp_path / "conflict.wav"
    file.touch()
    os.utime(file, (1e9, 1e9))
    recording = dataclasses.replace(report().recording, path=str(file))
    history.add(report(recording=recording))
    assert history.takes()[0].made == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)


def other(sha256: str, **changes: object) -> Report:
    """Return a report on other content."""
    return report(recording=dataclasses.replace(report().recording, sha256=sha256), **changes)


def test_takes_come_oldest_first_and_by_question_and_date(history):
    start = datetime(2026, 11, 1, 12, tzinfo=UTC)
    late = history.add(other("late"), made=start + timedelta(days=2))
    early = history.add(report(question="mistake"), made=start)
    assert [take.id for take in history.takes()] == [early, late]
    assert [take.id for take in history.takes(question="conflict")] == [late]
    assert [take.id for take in history.takes(since=start + timedelta(days=1))] == [late]
    assert history.takes()[0].made == start


def test_a_replaced_report_keeps_its_number_and_time(history):
    number = history.add(report())
    made = history.takes()[0].made
    history.replace(number, report(rules="new", scores={"overall": 80.0}))
    assert history.report(number).rules == "new"
    assert history.values("score.overall") == {number: 80.0}
    assert history.takes()[0].made == made


def test_what_is_deleted_is_gone_from_the_file_too(history):
    number = history.add(report())
    history.delete(number)
    with pytest.raises(UnknownNameError, match=f"no take {number} in the history"):
        history.report(number)
    assert history.values("speech_rate") == {}
    history.add(report())
    assert history.delete_all() == 1
    assert b"talked" not in history.path.read_bytes()


def test_deleting_what_is_not_there_is_named(history):
    with pytest.raises(UnknownNameError, match=r"no take 7 .*the history is empty"):
        history.delete(7)


def test_a_failure_in_the_middle_keeps_nothing(history, monkeypatch):
    monkeypatch.setattr(history, "_insert_numbers", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        history.add(report())
    assert history.takes() == ()


def test_a_newer_file_is_refused(history):
    history.db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(HistoryError, match="made by a newer speechcoach"):
        History.open()


def test_a_file_that_is_no_database_is_named(own_home):
    own_home.mkdir()
    (own_home / "history.sqlite").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(HistoryError, match=r"history\.sqlite cannot be opened"):
        History.open()


def test_the_schema_ever_shipped_is_never_edited():
    db = sqlite3.connect(":memory:")
    db.executescript(MIGRATIONS[0])
    columns = [row[1] for row in db.execute("PRAGMA table_info(takes)")]
    assert columns == [
        "id", "made", "path", "sha256", "kind", "duration", "question", "engine", "model",
        "rules", "report",
    ]  # fmt: skip
    assert [row[1] for row in db.execute("PRAGMA table_info(measurements)")] == [
        "take", "name", "value", "unit",
    ]  # fmt: skip


def _add_many(path: Path, first: int, count: int) -> None:
    for number in range(first, first + count):
        with History(path) as opened:
            opened.add(other(str(number)))


def test_several_processes_write_at_once_and_lose_nothing(own_home):
    path = own_home / "history.sqlite"
    with ProcessPoolExecutor(3) as pool:
        list(pool.map(_add_many, [path] * 3, [0, 20, 40], [20] * 3))
    with History(path) as opened:
        assert len(opened.takes()) == 60
