"""Rooms of known decay: how fast they are heard to be, and what is left of the pauses in them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import fftconvolve
from sound_support import RATE, SAMPLES, answer_of, drawn, noise, truth

from speechcoach.analyzers import measure
from speechcoach.data import Audio, Pause
from speechcoach.judging.norms import load_norms
from speechcoach.judging.scoring import judge
from speechcoach.sound.audio import load
from speechcoach.sound.frames import frames
from speechcoach.sound.pauses import silences
from speechcoach.sound.reverberation import decay, tails

NAME = "pressure-too-short"


@pytest.fixture(scope="module")
def answer():
    """Return half a minute of a sample answer."""
    return load(SAMPLES / f"{NAME}.flac").audio.samples[: 30 * RATE]


def in_a_room(samples, rt60):
    """Return `samples` with noise behind the direct sound, as loud, that falls 60 dB in `rt60`."""
    time = np.arange(round(1.2 * rt60 * RATE)) / RATE
    room = np.random.default_rng(5).standard_normal(time.size) * 10 ** (-3 * time / rt60)
    room /= np.sqrt(np.sum(room**2))
    room[0] += 1
    return (fftconvolve(samples, room)[: samples.size] / 3).astype(np.float32)


def falling(rate):
    """Return levels of words of 0.3 s that fall by `rate` dB a second to the next."""
    word = np.concatenate([np.full(30, -20.0), -20 - rate * np.arange(1, 71) / 100])
    return np.maximum(np.tile(word, 20), -80).astype(np.float32)


@pytest.mark.parametrize("rate", [80, 120, 160, 400])
def test_the_steepest_falls_tell_the_decay(rate):
    assert decay(falling(rate), 100) == pytest.approx(rate, rel=0.1)


@pytest.mark.parametrize(
    "level", [np.zeros(0), np.full(500, -60.0), np.maximum(falling(120), -45)], ids=len
)
def test_too_little_to_tell_is_none(level):
    assert decay(np.append(level, -60.0).astype(np.float32), 100) is None


def test_a_tail_is_what_falls_with_the_room_and_nothing_else():
    level = falling(120)
    word = tails(level, 120.0, 100)[500:600]
    assert not word[:30].any()  # the word itself
    assert word[37:80].all()  # its tail
    assert not tails(falling(60), 120.0, 100)[500:530].any()
    assert not tails(np.full(300, -20.0, dtype=np.float32), 120.0, 100).any()


def within(found, true, tolerance):
    """Return the share of the true pauses that are found to the tolerance."""
    hits = [
        any(abs(p.start - a) <= tolerance and abs(p.end - b) <= tolerance for p in found)
        for a, b in true
    ]
    return sum(hits) / len(hits)


@pytest.mark.parametrize("rt60", [0.3, 0.4, 0.5])
def test_pauses_are_found_in_a_room(answer, rt60):
    found = frames(Audio(in_a_room(answer, rt60), RATE))
    true = [pause for pause in truth(NAME)["pauses"] if pause[1] < 29 and pause[1] - pause[0] > 0.5]
    assert found.pauses_known
    assert within(silences(found), true, 0.15) >= 0.8


@pytest.mark.parametrize("name", [NAME, "mistake-no-result", "why-our-program-monotone"])
def test_in_an_ordinary_room_pauses_are_known(name):
    assert frames(load(SAMPLES / f"{name}.flac").audio).pauses_known


def test_where_a_room_echoes_too_long_no_pause_is_known(answer):
    assert not frames(Audio(in_a_room(answer, 0.8), RATE)).pauses_known


def test_in_loud_noise_no_pause_is_known(answer):
    assert not frames(Audio(answer + noise(30, level=-24), RATE)).pauses_known


RESTS_ON_PAUSES = {
    "pause_rate",
    "pause_share",
    "mid_clause_pause_rate",
    "longest_pause",
    "long_pauses",
    "time_to_first_word",
    "articulation_rate",
}


@pytest.mark.parametrize("known", [True, False])
def test_what_rests_on_pauses_is_unknown_where_they_are(answer, known):
    words = answer_of(answer, ["so"] * 60, pauses=(Pause(1.0, 2.0, "mid_clause"),))
    words = replace(words, frames=replace(words.frames, pauses_known=known))
    measured = measure(words)
    unknown = {name for name, fact in measured.items() if fact.value is None}
    assert (unknown >= RESTS_ON_PAUSES) is not known
    assert measured["speech_rate"].value is not None
    assert measured["pitch_variation"].value is not None
    scores = judge(measured, None, load_norms(), structure=None, content=None).scores
    assert (scores["delivery"] is not None) is known
    assert scores["pace"] is not None


def test_frames_drawn_by_hand_know_their_pauses():
    assert drawn("##..##").pauses_known
