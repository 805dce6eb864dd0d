"""Hum and rumble of known make are taken out, and nothing else is."""

import tracemalloc

import numpy as np
import pytest
from sound_support import RATE, SAMPLES, noise, pulses, silence, tone, truth

from speechcoach.data import Audio
from speechcoach.sound.audio import load
from speechcoach.sound.frames import frames
from speechcoach.sound.hum import find_hum, listen, rumbles, without_hum
from speechcoach.sound.pauses import silences

SPEECH = -22.0  # dB; the level of the samples' speech


@pytest.fixture(scope="module")
def answer():
    """Return half a minute of a sample answer."""
    return load(SAMPLES / "pressure-too-short.flac").audio.samples[: 30 * RATE]


def hum(mains, seconds, *, level, falling=1.0, drift=0.0):
    """Return twenty harmonics that fall as 1/k to a power; the mains swing by `drift` Hz."""
    time = np.arange(round(seconds * RATE)) / RATE
    phase = 2 * np.pi * mains * time + drift * 60 * np.sin(2 * np.pi * time / 60)
    sound = sum(np.sin(k * phase + k) / k**falling for k in range(1, 21))
    return (sound * 10 ** (level / 20) / np.sqrt(np.mean(sound**2))).astype(np.float32)


def rms(samples):
    return 10 * np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-12)


@pytest.mark.parametrize("name", ["pressure-too-short", "why-our-program-monotone"])
def test_a_clean_recording_is_left_as_it_is(name):
    samples = load(SAMPLES / f"{name}.flac").audio.samples
    assert without_hum(samples, RATE) is samples


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(silence(5), id="digital silence"),
        pytest.param(noise(5, level=-40), id="noise"),
        pytest.param(tone(440, 5), id="a tone"),
        pytest.param(tone(300, 5), id="a tone on a harmonic of either mains"),
        pytest.param(pulses(100, 1.9), id="too short to tell"),
        pytest.param(np.tile(np.append(pulses(120, 1.6), silence(0.4)), 5), id="a voice on 120 Hz"),
        pytest.param(silence(0), id="nothing"),
    ],
)
def test_what_is_no_hum_is_left_as_it_is(sound):
    assert without_hum(sound, RATE) is sound


@pytest.mark.parametrize("over", [6, -10])
@pytest.mark.parametrize("drift", [0.0, 0.02])
@pytest.mark.parametrize(("mains", "falling"), [(50, 1), (60, 1), (50, 9), (60, 0.5)])
def test_hum_is_gone_and_the_voice_is_not(answer, mains, falling, over, drift):
    noisy = answer + hum(mains, 30, level=SPEECH + over, falling=falling, drift=drift)
    left = without_hum(noisy, RATE) - answer
    pauses = [pause for pause in truth("pressure-too-short")["pauses"] if pause[1] < 29]
    quiet = [left[round((a + 0.1) * RATE) : round((b - 0.1) * RATE)] for a, b in pauses]
    assert rms(left) < SPEECH - 12
    assert rms(np.concatenate(quiet)) < SPEECH - 35


@pytest.mark.parametrize("mains", [50, 60])
def test_hum_is_told_by_its_mains_and_its_lines(answer, mains):
    found = find_hum(listen(answer + hum(mains, 30, level=SPEECH), RATE))
    assert found.mains == mains
    assert found.harmonics.tolist() == list(range(1, 21))
    steady = np.abs(found.lines[:, 0])
    assert steady.max() < 1.2 * steady.min()


@pytest.mark.parametrize(
    ("added", "deep"),
    [
        (tone(20, 30, level=SPEECH + 6), True),
        (tone(50, 30, level=SPEECH + 6), False),
        (noise(30, level=SPEECH - 20), False),
    ],
    ids=["20 Hz", "mains", "noise"],
)
def test_rumble_is_what_is_deeper_than_any_voice(answer, added, deep):
    assert rumbles(listen(answer + added, RATE)) is deep


def test_rumble_is_gone_and_the_voice_is_not(answer):
    deep = tone(20, 30, level=SPEECH + 6) + tone(33, 30, level=SPEECH)
    left = without_hum(answer + deep, RATE)
    assert rms(left) == pytest.approx(rms(answer), abs=2)
    assert rms(left[: round(0.5 * RATE)]) < SPEECH - 30


@pytest.mark.parametrize(
    "added",
    [
        pytest.param(hum(50, 30, level=SPEECH + 6), id="hum"),
        pytest.param(hum(60, 30, level=SPEECH + 6, falling=9), id="a bare 60 Hz"),
        pytest.param(tone(25, 30, level=SPEECH + 6), id="rumble"),
    ],
)
def test_neither_hides_a_pause_or_bends_the_pitch(answer, added):
    clean, found = (frames(Audio(samples, RATE)) for samples in (answer, answer + added))
    for start, end in truth("pressure-too-short")["pauses"]:
        if end - start >= 0.5 and end < 29:
            assert any(
                abs(pause.start - start) <= 0.15 and abs(pause.end - end) <= 0.15
                for pause in silences(found)
            ), start
    both = clean.voiced & found.voiced
    assert both.sum() > 0.9 * clean.voiced.sum()
    assert np.median(np.abs(found.f0[both] / clean.f0[both] - 1)) < 0.01


def test_an_hour_is_heard_in_blocks():
    sound = np.tile(noise(60, level=-60) + hum(50, 60, level=-20), 5)
    tracemalloc.start()
    without_hum(sound, RATE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5 * sound.nbytes  # the hum, and the sound without it
