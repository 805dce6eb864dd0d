"""A measurement is one file: put beside the others it is measured, shown, kept and judged again."""

import dataclasses
import json
import re
import sys

import pytest
from click.testing import CliRunner
from mini_whisper import CLIPS
from scripted import scripted

from speechcoach import analyzers
from speechcoach.cli import main
from speechcoach.coach import Coach, Settings
from speechcoach.history.store import History

WORDS = '''
"""The longest word."""

from speechcoach.analyzers import analyzer
from speechcoach.data import Measurement


@analyzer("longest")
def longest(answer):
    """Yield how many letters the longest word has."""
    letters = [len(word.text) for word in answer.transcript.words]
    yield "longest_word", Measurement(max(letters, default=None), "letters")
'''

SOUND = '''
"""The loudest sample."""

from speechcoach.analyzers import analyzer
from speechcoach.data import Measurement


@analyzer("loudest", needs="sound")
def loudest(answer):
    """Yield the highest sample."""
    peak = float(abs(answer.audio.samples).max()) if answer.audio else None
    yield "loudest_sample", Measurement(peak, "ratio")
'''


@pytest.fixture
def before(own_home):
    """Return the number of a recording that was kept before the measurements were added."""
    return keep(analysed())


@pytest.fixture
def added(before, tmp_path, monkeypatch):
    """Put two files more beside the analyzers, as if they had been there from the start."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "longest.py").write_text(WORDS)
    (folder / "loudest.py").write_text(SOUND)
    known = dict(analyzers.load())
    monkeypatch.setattr(analyzers, "__path__", [*analyzers.__path__, str(folder)])
    analyzers.load.cache_clear()
    yield
    analyzers.load.cache_clear()
    analyzers.ANALYZERS.clear()
    analyzers.ANALYZERS.update(known)
    for name in ("longest", "loudest"):
        del sys.modules[f"speechcoach.analyzers.{name}"]


def analysed():
    with scripted("I called the surgeon about the missed fracture.") as engine:
        return Coach(Settings(engine)).analyze(CLIPS[0].path, question="conflict")


def keep(report, rules="old"):
    with History.open() as history:
        return history.add(dataclasses.replace(report, rules=rules))


def shown(number, form):
    ran = CliRunner().invoke(main, ["history", "show", str(number), "--format", form])
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def measured(number, name):
    return json.loads(shown(number, "json"))["measurements"].get(name)


def rescore():
    assert CliRunner().invoke(main, ["history", "rescore"]).exit_code == 0


def test_it_is_measured_kept_and_shown(added):
    number = keep(analysed())
    assert measured(number, "longest_word")["value"] == len("fracture.")
    assert 0.1 < measured(number, "loudest_sample")["value"] <= 1.0
    with History.open() as history:
        assert history.values("longest_word")[number] == len("fracture.")
        assert history.units()["loudest_sample"] == "ratio"
    for form in ("text", "md", "html"):
        assert "longest word" in shown(number, form).lower().replace("_", " ")
        assert re.search(r"\b9(\.0+)? letters", shown(number, form))


def test_judged_again_what_is_heard_stays_and_what_is_read_is_measured_anew(added):
    number = keep(analysed())
    heard = measured(number, "loudest_sample")
    with History.open() as history:
        report = history.report(number)
        wrong = {**report.measurements, "longest_word": analyzers.Measurement(1.0, "letters")}
        history.replace(number, dataclasses.replace(report, measurements=wrong))
    rescore()
    assert measured(number, "longest_word")["value"] == len("fracture.")
    assert measured(number, "loudest_sample") == heard


def test_of_an_older_take_it_is_measured_if_words_tell_it_and_unknown_if_only_sound_could(
    before, added
):
    assert measured(before, "longest_word") is None
    rescore()
    assert measured(before, "longest_word")["value"] == len("fracture.")
    unknown = {"value": None, "unit": "ratio", "spans": []}
    assert measured(before, "loudest_sample") == unknown
    with History.open() as history:
        assert history.values("loudest_sample") == {before: None}
