"""The embedded recogniser on real sound, and what is done against its loops."""

import os
import subprocess
import sys

import pytest
from engines_support import CHECKLIST, RATE, heard, joined, noise, silence

from speechcoach.data import Audio, EngineInfo, Span
from speechcoach.engines import moonshine
from speechcoach.engines.moonshine import Moonshine
from speechcoach.errors import EngineError


@pytest.mark.engine
def test_moonshine_hears_a_sentence():
    recognised = moonshine.recognise(heard(CHECKLIST))
    assert recognised.engine == EngineInfo("moonshine", "tiny-en", "0.1.0")
    (utterance,) = recognised.utterances
    assert utterance.text == "So we changed the night checklist together."
    assert (utterance.start, utterance.end) == (0.0, pytest.approx(3.0, abs=0.1))


@pytest.mark.engine
@pytest.mark.parametrize(
    "nothing", [silence(20), noise(20), silence(0)], ids=["silence", "noise", ""]
)
def test_moonshine_makes_up_nothing(nothing):
    assert moonshine.recognise(Audio(nothing, RATE)).utterances == ()


@pytest.mark.engine
def test_moonshine_makes_up_nothing_in_long_silences():
    clip = heard(CHECKLIST)
    hiss = noise(12, 0.001)
    recognised = moonshine.recognise(joined(hiss, clip, hiss, clip, hiss))
    assert [u.text.split()[-1] for u in recognised.utterances] == ["together."] * 2
    for utterance, start in zip(recognised.utterances, (12, 24 + clip.duration), strict=True):
        assert start - 1 < utterance.start <= start
        assert start + clip.duration - 0.5 < utterance.end < start + clip.duration + 1


@pytest.mark.engine
def test_moonshine_loads_once():
    assert moonshine._transcriber() is moonshine._transcriber()


@pytest.mark.engine
def test_moonshine_says_nothing_of_its_own():
    code = (
        "import numpy as np; from speechcoach.engines import moonshine;"
        "from speechcoach.data import Audio, Span;"
        "moonshine.hear(Audio(np.zeros(16000, np.float32), 16000), Span(0, 1))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=os.environ
    )
    assert (run.stdout, run.stderr) == (b"", b"")


def test_moonshine_that_does_not_load_tells_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "moonshine_voice.transcriber", None)
    moonshine._transcriber.cache_clear()
    with pytest.raises(EngineError, match=r"does not load .*: reinstall it with `pip install"):
        Moonshine().open("tiny-en")


def test_a_piece_that_sends_moonshine_in_circles_is_halved(monkeypatch):
    def hear(_, piece):
        return "the first is " * 30 if piece.duration > 3 else f"{piece.start:.0f}s."

    monkeypatch.setattr(moonshine, "hear", hear)
    said = list(moonshine._utterances(Audio(noise(4), RATE), Span(0.0, 4.0)))
    assert [u.text for u in said] == ["0s.", f"{said[1].start:.0f}s."]
    assert said[0].end == said[1].start


def test_what_stays_a_loop_is_dropped(monkeypatch):
    monkeypatch.setattr(moonshine, "hear", lambda *_: "you know " * 30)
    assert list(moonshine._utterances(Audio(noise(4), RATE), Span(0.0, 4.0))) == []


def test_what_a_person_repeats_is_no_loop():
    assert not moonshine.is_loop("And here are some more words, words, words, words.")
    assert not moonshine.is_loop(
        "It was the best of times, it was the worst of times, it was the age of wisdom, "
        "it was the age of foolishness, it was the epoch of belief"
    )
    assert not moonshine.is_loop("")
