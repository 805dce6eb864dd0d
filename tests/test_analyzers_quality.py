from dataclasses import replace

import numpy as np
import pytest
from sound_support import RATE, answer_of, audio, drawn, noise, tone, write

from speechcoach.analyzers.quality import clipping, noise_level, quality, speech_level
from speechcoach.sound.audio import load


def clipped(hz, rate, gain):
    return np.clip(gain * np.sin(2 * np.pi * hz * np.arange(rate) / rate), -1, 1)


@pytest.mark.parametrize("gain", [1.5, 3.0, 10.0])
def test_clipping_is_the_share_of_samples_cut_off(gain):
    expected = 1 - 2 / np.pi * np.arcsin(0.98 / gain)
    assert clipping(audio(clipped(150, RATE, gain))) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_clipping_is_still_seen_after_resampling(tmp_path, rate):
    hard = load(write(tmp_path / "a.wav", clipped(150, rate, 4.0), rate=rate)).audio
    assert clipping(hard) > 0.1


def test_a_loud_clean_recording_is_not_clipped(tmp_path):
    loud = 0.97 * np.sin(2 * np.pi * 150 * np.arange(48_000) / 48_000)
    assert clipping(load(write(tmp_path / "a.wav", loud, rate=48_000)).audio) == 0.0


def test_single_peaks_at_full_scale_are_no_clipping():
    sound = noise(1, level=-30)
    sound[::100] = 1.0
    assert clipping(audio(sound)) == 0.0


def test_no_samples_cannot_say():
    assert clipping(audio(np.zeros(0))) is None


def test_levels_of_speech_and_room():
    signal = drawn("...#####...")
    assert speech_level(signal) == pytest.approx(-20)
    assert noise_level(signal) == pytest.approx(-80)
    assert speech_level(drawn("....")) is None
    assert noise_level(drawn("#####")) is None


def test_the_distance_from_the_noise_is_the_difference():
    found = answer_of(np.concatenate([tone(200, 1), noise(1, level=-60)]), ["word"])
    found = replace(found, frames=replace(found.frames, speech=np.arange(201) < 98))
    measured = {name: m.value for name, m in quality(found)}
    assert measured["level"] == pytest.approx(-20, abs=0.2)
    assert measured["noise"] == pytest.approx(-60, abs=0.5)
    assert measured["signal_to_noise"] == pytest.approx(40, abs=0.5)
    assert measured["clipping"] == 0.0
