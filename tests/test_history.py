import dataclasses
import os
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sample_report import report

from speechcoach.data import EngineInfo, Measurement, Report, Transcript
from speechcoach.errors import HistoryError, UnknownNameError
from speechcoach.history.columns import Key
from speechcoach.history.migrations import MIGRATIONS
from speechcoach.history.store import History
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


def test_every_measurement_has_its_unit_whichever_take_has_it(history):
    assert history.units() == {}
    history.add(
        other("a", measurements={"old": Measurement(1.0, "s"), "pace": Measurement(2.0, "x")})
    )
    history.add(other("b", measurements={"pace": Measurement(None, "y")}, scores={"overall": None}))
    scores = {f"score.{name}": "points" for name in report().scores}
    assert history.units() == {"old": "s", "pace": "y", **scores}


def test_a_report_is_found_by_content_question_engine_model_and_rules(history):
    history.add(report())
    assert history.find(KEY) == to_dict(report())


@pytest.mark.parametrize(
    "field", ["sha256", "question", "engine", "model", "rules", "kind", "digest"]
)
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


def heard_by(digest: str | None, **changes: object) -> Report:
    """Return a report whose words come from the model with that digest."""
    return report(engine=EngineInfo("whisper", "base.en", "1", digest), **changes)


def by(digest: str | None) -> Key:
    return Key(KEY.sha256, "conflict", "whisper", "base.en", "test", digest=digest)


def test_two_models_of_one_name_are_two_analyses(history):
    first, second = history.add(heard_by("aa")), history.add(heard_by("bb"))
    assert history.find(by("aa")) == history.plain(first)
    assert history.find(by("bb")) == history.plain(second)
    assert history.find(by("")) is None


@pytest.mark.parametrize("digest", ["aa", "", None])
def test_a_report_that_does_not_tell_its_model_is_nobodys_analysis(history, digest):
    history.add(heard_by(None))
    assert history.find(by(digest)) is None


@pytest.mark.parametrize(("before", "after"), [(None, "aa"), ("aa", None), (None, None)])
def test_what_may_be_the_same_model_takes_the_place(history, before, after):
    number = history.add(heard_by(before))
    assert history.add(heard_by(after)) == number
    assert [take.digest for take in history.takes()] == [after]


def test_judged_again_a_take_that_does_not_tell_its_model_gives_way_to_one_that_does(history):
    made = datetime(2026, 11, 1, tzinfo=UTC)
    old = history.add(heard_by(None, rules="old"), made=made)
    new = history.add(heard_by("aa", rules="new"))
    history.replace(old, heard_by(None, rules="new"))
    assert [(take.id, take.digest, take.made) for take in history.takes()] == [(new, "aa", made)]


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


def traces(history: History, word: bytes) -> list[str]:
    """Return the names of the history's files, its log among them, that hold `word`."""
    files = history.path.parent.glob(f"{history.path.name}*")
    return [file.name for file in files if word in file.read_bytes()]


@pytest.mark.parametrize("closed_before", [False, True])
def test_the_words_of_a_deleted_take_are_gone_from_the_file(own_home, closed_before):
    history = History.open()
    kept = history.add(other("kept", transcript=Transcript("stays", (), ())))
    number = history.add(report(transcript=Transcript("talked " * 5000, (), ())))
    if closed_before:  # what was only in the log is in the file then
        history.close()
        history = History.open()
    assert traces(history, b"talked")
    history.delete(number)
    assert not traces(history, b"talked")
    assert traces(history, b"stays")
    assert [take.id for take in history.takes()] == [kept]
    history.close()


def test_after_all_is_deleted_the_file_is_as_small_as_a_new_one(tmp_path):
    with History(tmp_path / "new.sqlite"):
        pass
    with History(tmp_path / "old.sqlite") as history:
        for number in range(20):
            history.add(other(str(number), transcript=Transcript("talked " * 5000, (), ())))
        assert traces(history, b"talked")
        assert history.delete_all() == 20
        assert not traces(history, b"talked")
    new, old = ((tmp_path / name).stat().st_size for name in ("new.sqlite", "old.sqlite"))
    assert old <= new


def test_the_copy_of_a_recording_goes_with_its_last_analysis(history, own_home):
    copies = [own_home / "audio" / f"{digest}.wav" for digest in ("ab" * 32, "cd" * 32)]
    copies[0].parent.mkdir()
    for copy in copies:
        copy.touch()
    first, second = history.add(report()), history.add(report(rules="other"))
    history.add(other("cd" * 32))
    history.delete(first)
    assert [copy.exists() for copy in copies] == [True, True]
    history.delete(second)
    assert [copy.exists() for copy in copies] == [False, True]
    history.delete_all()
    assert not copies[1].exists()


def test_a_note_is_told_changed_and_taken_away(history):
    assert history.note("goal") is None
    history.set_note("goal", "2026-12-01")
    history.set_note("other", "stays")
    history.set_note("goal", "2026-12-02")
    assert history.note("goal") == "2026-12-02"
    history.set_note("goal", None)
    assert (history.note("goal"), history.note("other")) == (None, "stays")


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
    with pytest.raises(
        HistoryError, match=r"history\.sqlite is damaged \(file is not a database\)"
    ):
        History.open()


def test_what_cannot_be_written_is_a_sentence(history):
    history.db.execute("PRAGMA query_only = ON")
    sentence = r"history\.sqlite cannot be written \(.+\): check the folder .*use --no-save\.$"
    for change in (
        lambda: history.add(report()),
        lambda: history.set_note("goal", "2026-12-01"),
        history.shrink,
    ):
        with pytest.raises(HistoryError, match=sentence):
            change()


def test_what_cannot_be_read_is_a_sentence(own_home):
    with History.open() as history:
        history.add(report())
    with History.open() as history:
        history.db.execute("DROP TABLE measurements")
        with pytest.raises(
            HistoryError, match=r"is damaged \(no such table.+\): .* saves what can be read; .*\.$"
        ):
            history.values("speech_rate")


def test_afterwards_the_file_is_closed(own_home):
    with History.open() as history:
        history.add(report())
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):  # a mistake of ours
        history.takes()
    assert [file.name for file in own_home.glob("history*")] == ["history.sqlite"]


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
