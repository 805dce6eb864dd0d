"""What is deleted is gone, and what is kept is nobody else's to read."""

import dataclasses
import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sample_report import report
from test_sturdy_history import FILE, SECRET, invoke, other

from speechcoach.history.store import History

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
