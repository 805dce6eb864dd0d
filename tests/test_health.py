import builtins

import pytest
from click.testing import CliRunner

from speechcoach import checkup, health
from speechcoach.cli import main


def by_name():
    return {check.name: check for check in health.checks()}


def test_everything_the_product_needs_is_looked_at():
    assert set(by_name()) >= {
        "Python", "ffmpeg libraries", "embedded recogniser", "Whisper", "Whisper checkpoints",
        "alignment", "microphone", "data folder",
    }  # fmt: skip


def test_what_does_not_work_has_a_next_step():
    assert all(check.works or check.next_step for check in health.checks())


def test_a_missing_library_is_named(monkeypatch):
    real = builtins.__import__

    def refuse(name):
        if name == "pocketsphinx":
            raise ImportError("no such library")
        return real(name)

    monkeypatch.setattr(checkup.importlib, "import_module", refuse)
    check = by_name()["alignment"]
    assert not check.works
    assert "no such library" in check.detail
    assert "pip install" in check.next_step


def test_a_data_folder_that_cannot_be_written_is_named(monkeypatch):
    monkeypatch.setattr(health.os, "access", lambda *_: False)
    check = by_name()["data folder"]
    assert not check.works
    assert "SPEECHCOACH_HOME" in check.next_step


@pytest.mark.parametrize(("works", "optional", "code"), [(True, False, 0), (False, True, 0),
                                                         (False, False, 1)])  # fmt: skip
def test_only_what_is_needed_decides_the_exit_code(monkeypatch, works, optional, code):
    check = checkup.Check("thing", works, "a detail", "" if works else "Do this.", optional)
    monkeypatch.setattr(health, "checks", lambda: [check])
    run = CliRunner().invoke(main, ["doctor"])
    assert run.exit_code == code
    assert "thing: a detail" in run.stdout
    assert ("Do this." in run.stdout) != works
