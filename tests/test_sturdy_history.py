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
