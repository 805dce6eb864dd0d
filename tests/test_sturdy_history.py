"""A damaged history is said in one sentence by every command, and what is readable is saved.

A new kind of damage is a new row here.
"""

import dataclasses
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from batch_support import write_answers
from click.testing import CliRunner
from disk_support import can_mount, fill, read_only, small_disk
from sample_report import report

from speechcoach.cli import main
from speechcoach.data import Report
from speechcoach.history.migrations import MIGRATIONS
from speechcoach.history.store import History
from speechcoach.reports import to_dict, to_json

FILE = "history.sqlite"
SECRET = "confidential"
TAKES = 12


def other(number: int, words: str = "", **changes: object) -> Report:
    """Return one of many reports."""
    recording = dataclasses.replace(report().recording, sha256=f"{number:064x}")
    if words:
        changes["transcript"] = dataclasses.replace(report().transcript, text=words)
    return report(recording=recording, **changes)


def invoke(*arguments: object, **options: object):
    return CliRunner().invoke(main, list(map(str, arguments)), **options)


@pytest.fixture
def home(own_home):
    """Return a data folder with a history of many takes, some of which fill many pages."""
    with History.open() as history:
        for number in range(1, TAKES + 1):
            history.add(other(number, words="talked " * (5_000 if number % 3 == 0 else 1)))
    return own_home


# Damage


def sql(*statements: str):
    def damage(path: Path) -> None:
        db = sqlite3.connect(path)
        db.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            db.execute(statement)
        db.commit()
        db.close()

    return damage


def reporting(text: str):
    def damage(path: Path) -> None:
        db = sqlite3.connect(path)
        db.execute("UPDATE takes SET report = ? WHERE id = 2", (text,))
        db.commit()
        db.close()

    return damage


def altered(**changes: object):
    return reporting(json.dumps({**to_dict(other(2)), **changes}))


def overwrite(first: float, last: float):
    """Overwrite a part of the file, from share to share of it."""

    def damage(path: Path) -> None:
        data = bytearray(path.read_bytes())
        begin, end = (round(share * len(data)) for share in (first, last))
        data[begin:end] = random.Random(0).randbytes(end - begin)
        path.write_bytes(data)

    return damage


def instead(content: bytes):
    return lambda path: path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 4 // 5])


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


NOTHING_LEFT = {
    "another kind of file": instead(b"not a database, not at all" * 100),
    "an empty page": instead(bytes(4096)),
    "the head overwritten": overwrite(0, 0.005),
    "all overwritten": overwrite(0, 1),
    "a folder": folder,
    "no takes": sql("DROP TABLE measurements", "DROP TABLE takes"),
    "a missing column": sql("ALTER TABLE takes DROP COLUMN report"),
    "steps that were taken before": sql("PRAGMA user_version = 0"),
    "a newer program": sql(f"PRAGMA user_version = {len(MIGRATIONS) + 1}"),
    "a version below any": sql("PRAGMA user_version = -7"),
}
"""Kinds of damage after which nothing can be read."""

SOME_LEFT = {
    "cut": cut,
    "the middle overwritten": overwrite(0.4, 0.5),
    "the end overwritten": overwrite(0.8, 1),
    "no numbers": sql("DROP TABLE measurements"),
    "no notes": sql("DROP TABLE notes"),
    "a report that is no JSON": reporting("{"),
    "an empty report": reporting(""),
    "a report of nothing": reporting("null"),
    "a list": reporting("[]"),
    "a deep nest": reporting("[" * 100_000),
    "a report without a schema": reporting("{}"),
    "a report with half its fields": reporting('{"schema": 3, "recording": {}}'),
    "a report that is cut": reporting(to_json(other(2))[:500]),
    "half a letter": reporting(to_json(other(2)).replace('"So', r'"\ud800')),
    "endless length": reporting(to_json(other(2)).replace("102.0", "1e999")),
    "no length": reporting(to_json(other(2)).replace("102.0", "NaN")),
    "a length of years": reporting(to_json(other(2)).replace("102.0", "1e12")),
    "a length of weeks": altered(recording={**to_dict(other(2))["recording"], "duration": 1e7}),
    "a number of 5,000 digits": reporting(to_json(other(2)).replace("102.0", "1" * 5000)),
    "words instead of numbers": altered(scores={"overall": "much"}),
    "a list instead of a table": altered(measurements=[]),
    "a sentence that is not there": altered(
        rubric={"elements": {"e": {"covered": True, "score": 1.0, "sentences": [99]}}, "avoid": {}}
    ),
    "a filler that is not there": altered(
        fillers=[{**to_dict(other(2))["fillers"][0], "words": [5, 10**8]}]
    ),
    "a newer report": altered(schema=99),
    "no date": sql("UPDATE takes SET made = 'yesterday' WHERE id = 2"),
    "an empty date": sql("UPDATE takes SET made = '' WHERE id = 2"),
    "a date without a zone": sql("UPDATE takes SET made = '2026-11-01T12:00:00' WHERE id = 2"),
    "a date before all clocks": sql(
        "UPDATE takes SET made = '0001-01-01T00:00:00+00:00' WHERE id = 2"
    ),
    "a date after all clocks": sql(
        "UPDATE takes SET made = '9999-12-31T23:59:59+00:00' WHERE id = 2"
    ),
    "an endless measurement": sql("UPDATE measurements SET value = 9e999 WHERE take = 2"),
    "a measurement beyond all": sql("UPDATE measurements SET value = -1e300 WHERE take = 2"),
    "an endless column": sql("UPDATE takes SET duration = 9e999 WHERE id = 2"),
    "bytes that are no text": sql("UPDATE takes SET name = CAST(x'ff41' AS TEXT) WHERE id = 2"),
    "a goal that is no day": sql("INSERT INTO notes VALUES ('goal', 'soon')"),
}
"""Kinds of damage after which something can be read."""

COMMANDS = (
    "history",
    "history --question conflict --since 2020-01-01",
    "history show 1",
    "history show 2 --format json",
    "history show 3 --format html",
    "history rescore",
    "progress",
    "progress --format json",
    "next",
    "goal",
    "compare 1 2",
    "compare 2 3 --format json",
    "doctor",
)


def is_one_sentence(ran) -> bool:
    """Tell whether a run either worked or said in one sentence what to do, and did not crash."""
    if ran.exit_code == 0:
        return True
    lines = [line for line in ran.stderr.splitlines() if line.startswith("Error: ")]
    said = lines[0] if lines else ran.stdout
    return (
        ran.exit_code == 1
        and isinstance(ran.exception, SystemExit)
        and len(lines) <= 1
        and any(step in said for step in ("speechcoach ", "SPEECHCOACH_HOME", "'goal --date'"))
    )


@pytest.mark.parametrize("damage", [*NOTHING_LEFT.values(), *SOME_LEFT.values()],
                         ids=[*NOTHING_LEFT, *SOME_LEFT])  # fmt: skip
def test_every_command_says_it_in_one_sentence(home, damage):
    damage(home / FILE)
    runs = {line: invoke(*line.split()) for line in COMMANDS}
    assert [line for line, ran in runs.items() if not is_one_sentence(ran)] == []
    assert any(ran.exit_code == 1 for ran in runs.values())


@pytest.mark.parametrize("damage", NOTHING_LEFT.values(), ids=NOTHING_LEFT)
def test_where_nothing_is_left_every_command_stops_before_it_writes(home, tmp_path, damage):
    damage(home / FILE)
    write_answers(tmp_path / "takes", 1)
    before = (home / FILE).is_dir() or (home / FILE).read_bytes()
    commands = [*COMMANDS, "goal --clear", "history delete 1 --yes", "history delete --all --yes"]
    for line in [*commands, f"history export {tmp_path}/out.csv", f"batch {tmp_path}/takes"]:
        ran = invoke(*line.split())
        assert ran.exit_code == 1, line
        assert is_one_sentence(ran), line
    assert not (tmp_path / "out.csv").exists()
    assert ((home / FILE).is_dir() or (home / FILE).read_bytes()) == before


@pytest.mark.parametrize("damage", SOME_LEFT.values(), ids=SOME_LEFT)
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_is_readable_is_exported(home, tmp_path, damage, form):
    damage(home / FILE)
    out = tmp_path / f"out.{form}"
    ran = invoke("history", "export", out)
    assert is_one_sentence(ran)
    lines = out.read_text("utf-8").splitlines()
    saved = len(lines) - (form == "csv")
    assert saved >= 1
    assert (saved == TAKES) == (ran.exit_code == 0)
    if saved == TAKES - 1:
        assert re.search(r"takes that cannot be read: \d+\.", ran.stderr)


def test_a_damaged_take_can_be_deleted_and_then_all_is_well(home):
    for damage in ("a report that is no JSON", "a date without a zone", "an endless measurement"):
        SOME_LEFT[damage](home / FILE)
    assert "history delete 2" in invoke("history").stderr
    assert invoke("history", "delete", 2, "--yes").exit_code == 0
    for line in COMMANDS:
        if " 2" not in line:
            assert invoke(*line.split()).exit_code == 0, line


def test_an_analysis_takes_the_place_of_a_damaged_report(home, tmp_path):
    (path,) = write_answers(tmp_path / "takes", 1)
    assert invoke("batch", path.parent, "--jobs", 1).exit_code == 0
    db = sqlite3.connect(home / FILE)
    db.execute("UPDATE takes SET report = '{' WHERE id = ?", (TAKES + 1,))
    db.commit()
    db.close()
    ran = invoke("batch", path.parent, "--jobs", 1)
    assert "1 files: 1 analysed, 0 from the history, 0 failed" in ran.stdout
    with History.read() as history:
        assert history.report(TAKES + 1).recording.name == path.name


def test_rescoring_goes_on_after_a_damaged_report(home):
    SOME_LEFT["a report that is no JSON"](home / FILE)
    ran = invoke("history", "rescore")
    assert ran.exit_code == 1
    assert f"{TAKES - 1} of {TAKES} takes were judged again" in ran.stderr
    assert "Take 2 of the history" in ran.stderr


@pytest.mark.parametrize("number", [2**63, 10**30, "9" * 5000])
@pytest.mark.parametrize("line", ["history show {}", "history delete {} --yes", "compare {0} {0}"])
def test_a_number_beyond_all_is_no_take(home, line, number):
    ran = invoke(*line.format(number).split())
    assert ran.exit_code in (1, 2)
    assert isinstance(ran.exception, SystemExit)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_day_at_the_edge_of_the_calendar_is_a_day(home, monkeypatch, day, zone):
    import time

    with monkeypatch.context() as m:
        m.setenv("TZ", zone)
        time.tzset()
        for line in ("history --since", "progress --since", "goal --date"):
            ran = invoke(*line.split(), day)
            assert ran.exception is None or isinstance(ran.exception, SystemExit), line
    time.tzset()


# Where nothing can be written


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("older", [False, True], ids=["of today", "with a log, of an older schema"])
def test_reading_works_where_nothing_can_be_written(home, older):
    if older:
        (home / FILE).unlink()
        made = (Path(__file__).parent / "data" / "history-1.sql").read_text("utf-8")
        db = sqlite3.connect(home / FILE)
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(made)
        db.close()
    before = sorted(path.name for path in home.iterdir())
    with read_only(home):
        for line in COMMANDS:
            if "rescore" in line or (line == "doctor"):
                continue
            ran = invoke(*line.split())
            assert ran.exit_code == 0, (line, ran.stderr)
        ran = invoke("history", "delete", 1, "--yes")
        assert ran.exit_code == 1
        assert is_one_sentence(ran)
    assert sorted(path.name for path in home.iterdir()) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_in_a_home_that_cannot_be_made_there_are_no_takes(tmp_path, monkeypatch):
    (tmp_path / "locked").mkdir()
    monkeypatch.setenv("SPEECHCOACH_HOME", str(tmp_path / "locked" / "home"))
    with read_only(tmp_path / "locked"):
        ran = invoke("history")
        assert ran.exit_code == 0
        assert "No take is kept yet" in ran.stderr
        (answer,) = write_answers(tmp_path / "takes", 1)
        ran = invoke("analyze", answer)
        assert ran.exit_code == 1
        assert "Overall" in ran.stdout
        assert "use --no-save" in ran.stderr


def test_reading_makes_nothing(own_home):
    for line in ("history", "progress", "next", "goal", "history show 1", "compare 1 2"):
        assert invoke(*line.split()).exit_code in (0, 1)
        assert not own_home.exists()


LIMITED = """
import os, resource, signal, sys
from pathlib import Path
from speechcoach.history.store import History
file = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, resource.RLIM_INFINITY))
with History(file) as history:
    print(history.delete_all())
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit for files")
def test_where_there_is_no_room_for_a_journal_words_are_deleted_all_the_same(tmp_path):
    """A journal of the whole file is longer than the file, which is the limit here."""
    with History(tmp_path / FILE) as history:
        history.add(other(1, words="talked " * 10_000))
    command = [sys.executable, "-c", LIMITED, str(tmp_path / FILE)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "1\n"), ran.stderr
    assert b"talked" not in (tmp_path / FILE).read_bytes()


if can_mount():  # a disk of one's own is nothing that everybody may have

    @pytest.mark.parametrize("line", ["history delete 2 --yes", "history delete --all --yes"])
    def test_deleting_works_on_a_full_disk(own_home, line):
        with small_disk(own_home, "1m"):
            with History.open() as history:
                for number in range(1, 4):
                    history.add(other(number, words=f"{SECRET}{number} " * 5000))
            fill(own_home)
            ran = invoke(*line.split())
            assert ran.exit_code == 0, ran.stderr
            data = (own_home / FILE).read_bytes()
            assert f"{SECRET}2".encode() not in data
            assert (f"{SECRET}1".encode() in data) == ("--all" not in line)

    def test_a_full_disk_is_said_and_costs_no_report(own_home, tmp_path):
        (answer,) = write_answers(tmp_path / "takes", 1)
        with small_disk(own_home, "256k"):
            with History.open() as history:
                history.add(other(1))
            fill(own_home)
            ran = invoke("analyze", answer)
            assert ran.exit_code == 1
            assert "Overall" in ran.stdout
            assert "free space" in ran.stderr
            for line in ("history", "history show 1", "progress", "next", "goal"):
                assert invoke(*line.split()).exit_code == 0, line

    def test_a_batch_on_a_full_disk_keeps_whole_lines(own_home, tmp_path):
        write_answers(tmp_path / "takes", 20)
        with small_disk(tmp_path / "disk", "64k") as disk:
            ran = invoke("batch", tmp_path / "takes", "--jobs", 1, "--out", disk / "out.jsonl")
            assert ran.exit_code == 1
            assert "cannot be written (No space left on device)" in ran.stderr
            lines = (disk / "out.jsonl").read_text("utf-8").splitlines()
            assert 0 < len(lines) < 20
            assert all(json.loads(line)["schema"] for line in lines)


# What is deleted is gone


def traces(home: Path, word: str) -> list[str]:
    files = (path for path in home.rglob("*") if path.is_file())
    return [path.name for path in files if word.encode() in path.read_bytes()]


WATCHING = """
import sys
from speechcoach.history.store import History
with History.open() as history:
    history.takes()
    print("open", flush=True)
    sys.stdin.readline()
    history.takes()
"""


@pytest.mark.parametrize("line", ["history delete 2 --yes", "history delete --all --yes"])
def test_words_are_gone_while_another_program_has_the_history_open(own_home, line):
    with History.open() as history:
        history.add(other(1))
    watching = subprocess.Popen(
        [sys.executable, "-c", WATCHING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        watching.stdout.readline()
        with History.open() as history:
            history.add(other(2, words=SECRET))
        assert traces(own_home, SECRET)
        assert invoke(*line.split()).exit_code == 0
        assert traces(own_home, SECRET) == []
    finally:
        watching.communicate("\n")
    assert watching.returncode == 0
    assert traces(own_home, SECRET) == []


def test_words_are_gone_from_the_log_that_an_older_program_holds(own_home):
    with History.open() as history:
        history.add(other(1))
    older = sqlite3.connect(own_home / FILE)
    older.execute("PRAGMA journal_mode = WAL")
    older.execute("SELECT count(*) FROM takes").fetchall()
    with History.open() as history:
        history.add(other(2, words=SECRET))
    assert traces(own_home, SECRET)
    assert invoke("history", "delete", 2, "--yes").exit_code == 0
    assert traces(own_home, SECRET) == []
    older.close()


def test_where_the_log_cannot_be_emptied_it_is_said(own_home, monkeypatch):
    monkeypatch.setattr("speechcoach.history.database.PATIENCE", 0.1)
    with History.open() as history:
        history.add(other(1, words=SECRET))
    older = sqlite3.connect(own_home / FILE, isolation_level=None)
    older.execute("PRAGMA journal_mode = WAL")
    older.execute("BEGIN")
    older.execute("SELECT * FROM takes").fetchall()  # and reads on
    ran = invoke("history", "delete", 1, "--yes")
    assert ran.exit_code == 1
    assert "still stands in its log" in ran.stderr
    older.execute("COMMIT")
    older.close()


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_left_of_what_was_deleted_or_replaced(own_home, seed):
    rng = random.Random(seed)
    alive: dict[int, str] = {}
    said = set()
    with History.open() as history:
        for step in range(40):
            word = f"w{step:03}x"
            said.add(word)
            made = other(step, words=f"{word} " * rng.choice((1, 50, 300, 3000)), rules=word)
            if alive and rng.random() < 0.4:
                number = rng.choice(list(alive))
                if rng.random() < 0.5:
                    history.delete(number)
                    del alive[number]
                else:
                    history.replace(number, made)
                    alive[number] = word
            else:
                alive[history.add(made)] = word
        left = {word for word in said if traces(own_home, word)}
    assert left == set(alive.values())


@pytest.mark.parametrize("name", ["take.wav", "take", "take.tar.gz", ".hidden", "take."])
def test_the_copy_of_a_recording_goes_with_its_take_whatever_its_name(own_home, tmp_path, name):
    from hashlib import sha256

    from speechcoach.history import recordings

    (tmp_path / name).write_bytes(b"sound")
    digest = sha256(b"sound").hexdigest()
    kept = recordings.keep(tmp_path / name, digest)
    stranger = kept.with_name("0" + kept.name[1:])
    stranger.write_bytes(b"of another take")
    recording = dataclasses.replace(report().recording, sha256=digest)
    with History.open() as history:
        history.delete(history.add(report(recording=recording)))
    assert not kept.exists()
    assert stranger.exists()
    assert invoke("history", "delete", "--all", "--yes").exit_code == 0
    assert not (own_home / "audio").exists()


def test_a_recording_that_has_changed_is_not_kept_as_what_was_analysed(own_home, tmp_path):
    from speechcoach.errors import OutputError
    from speechcoach.history import recordings

    (tmp_path / "a.wav").write_bytes(b"more sound")
    with pytest.raises(OutputError, match="has changed since it was analysed"):
        recordings.keep(tmp_path / "a.wav", "ab" * 32)
    assert list((own_home / "audio").iterdir()) == []


def test_a_copy_that_cannot_be_deleted_is_said(own_home, monkeypatch):
    (own_home / "audio").mkdir(parents=True)
    (own_home / "audio" / f"{'ab' * 32}.wav").touch()
    with History.open() as history:
        number = history.add(report())

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    ran = invoke("history", "delete", number, "--yes")
    assert ran.exit_code == 1
    assert "still there" in ran.stderr


# Nobody else reads it


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def careless():
    """Let new files be open to everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")


@posix
def test_all_that_is_kept_is_the_users_alone(own_home, tmp_path, careless):
    from hashlib import sha256

    from speechcoach.history import recordings

    (tmp_path / "a.wav").write_bytes(b"sound")
    with History.open() as history:
        with history.transaction():  # meanwhile there is a journal, too
            history.db.execute("INSERT INTO notes VALUES ('x', 'y')")
            modes = {path.name: mode(path) for path in own_home.iterdir()}
        history.add(report())
    assert modes == {FILE: 0o600, f"{FILE}-journal": 0o600}
    kept = recordings.keep(tmp_path / "a.wav", sha256(b"sound").hexdigest())
    assert [mode(path) for path in (own_home, kept.parent, kept)] == [0o700, 0o700, 0o600]


@posix
@pytest.mark.parametrize("line", ["history", "goal --clear"])
def test_what_was_left_open_is_closed(own_home, careless, line):
    (own_home / "audio").mkdir(parents=True)
    kept = own_home / "audio" / f"{'ab' * 32}.wav"
    kept.touch()
    db = sqlite3.connect(own_home / FILE)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE x (y)")
    (own_home / f"{FILE}-wal").touch()
    open_before = [path for path in own_home.rglob("*") if mode(path) & 0o077]
    assert len(open_before) >= 5
    assert invoke(*line.split()).exit_code == 0
    paths = [own_home, *own_home.rglob("*")]
    assert [path.name for path in paths if mode(path) & 0o077] == []
    db.close()


@posix
def test_a_shared_folder_is_not_closed_to_others(tmp_path, monkeypatch, careless):
    monkeypatch.setenv("SPEECHCOACH_HOME", str(tmp_path))
    tmp_path.chmod(0o1777)
    with History.open() as history:
        history.add(report())
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777
    assert mode(tmp_path / FILE) == 0o600


@posix
def test_the_users_home_is_left_as_it_is(tmp_path, monkeypatch, careless):
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    (tmp_path / "me").mkdir()
    for home in (tmp_path, tmp_path / "me"):
        monkeypatch.setenv("SPEECHCOACH_HOME", str(home))
        before = mode(home)
        with History.open() as history:
            history.add(report())
        assert mode(home) == before
        assert mode(home / FILE) == 0o600
