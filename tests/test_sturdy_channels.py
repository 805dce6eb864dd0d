"""No channel and no track loses the voice."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from media_support import level, multitrack, pcm
from sound_support import RATE, noise, pulses, silence, tone, write

from speechcoach.cli import main
from speechcoach.errors import AudioError
from speechcoach.sound.audio import load
from speechcoach.sound.frames import frames, has_speech


def hum(seconds, level):
    return tone(50, seconds, level=level) + np.float32(0.015)


@pytest.mark.parametrize("common", [0, hum(8, -12)], ids=["alone", "with hum and DC"])
@pytest.mark.parametrize("parts", [(-1, -1), (1, -1), (-1, 1)], ids=["all", "end", "start"])
def test_channels_that_cancel_are_found_whenever_they_do(tmp_path, common, parts):
    voice = tone(500, 8)
    sign = np.repeat(parts, voice.size // 2)
    path = write(
        tmp_path / "a.wav", np.stack([voice + common, voice * sign + common]), codec="pcm_f32le"
    )
    samples = load(path).audio.samples - common
    for second in range(8):
        assert level(samples[second * RATE + 800 :][:14_000]) == pytest.approx(-20, abs=0.5)


def test_two_talkers_on_two_of_many_channels_are_both_heard(tmp_path):
    sound = np.zeros((6, 8 * RATE), dtype=np.float32)
    sound[1, : 4 * RATE] = tone(500, 4)
    sound[4, 4 * RATE :] = tone(700, 4)
    samples = load(write(tmp_path / "a.wav", sound)).audio.samples
    assert level(samples[RATE : 3 * RATE]) == pytest.approx(-20, abs=0.1)
    assert level(samples[5 * RATE : 7 * RATE]) == pytest.approx(-20, abs=0.1)


def test_a_change_of_channel_does_not_click(tmp_path):
    voice = tone(500, 4)
    other = np.concatenate([voice[: 2 * RATE], -voice[2 * RATE :]])
    samples = load(write(tmp_path / "a.wav", np.stack([voice, other]))).audio.samples
    assert np.abs(np.diff(samples)).max() < 1.2 * np.abs(np.diff(voice)).max()


def test_an_ordinary_stereo_recording_is_averaged_throughout(tmp_path):
    voice = tone(500, 4)
    both = np.stack([voice + noise(4, level=-50), 0.5 * voice + noise(4, level=-50, seed=1)])
    samples = load(write(tmp_path / "a.wav", both, codec="pcm_f32le")).audio.samples
    np.testing.assert_allclose(samples, both.mean(axis=0), atol=1e-6)


# Tracks


def fast(sound):
    """Return a sound at 48 kHz, roughly."""
    return np.repeat(sound, 3)


VOICE = np.concatenate([pulses(120, 1), silence(0.5)] * 4)


@pytest.mark.parametrize("place", [1, 2, 3])
def test_the_track_with_speech_is_taken_and_told(tmp_path, place):
    sounds = [silence(6), noise(6, level=-40)]
    sounds.insert(place - 1, VOICE)
    loaded = load(multitrack(tmp_path / "a.mkv", *map(fast, sounds)))
    assert has_speech(frames(loaded.audio))
    (warning,) = loaded.warnings
    assert "has 3 sound tracks, 1 (opus, 1 channel), 2" in warning
    assert f"; track {place} was analysed, in which there is most speech" in warning


def test_a_track_can_be_chosen(tmp_path):
    path = multitrack(tmp_path / "a.mkv", fast(VOICE), fast(silence(6)))
    assert not load(path, 2).audio.samples.any()
    assert load(path, 1).warnings[0].endswith("track 1 was analysed, as asked.")


def test_the_command_passes_the_choice_on_and_the_report_tells_it(tmp_path):
    path = multitrack(tmp_path / "a.mkv", fast(VOICE), fast(silence(6)))
    command = ["analyze", "--no-save", "--format", "json", str(path), "--track"]
    run = CliRunner().invoke(main, [*command, "2"])
    assert run.exit_code == 0
    said = json.loads(run.stdout)["warnings"]
    assert said[0].endswith("; track 2 was analysed, as asked.")
    assert said[1].startswith("No speech was found")
    run = CliRunner().invoke(main, [*command, "3"])
    assert (run.exit_code, run.stdout) == (1, "")
    assert "has no sound track 3, only 1 (opus" in run.stderr
    assert CliRunner().invoke(main, [*command, "0"]).exit_code == 2


def test_a_comparison_passes_the_choice_on(tmp_path):
    path = str(multitrack(tmp_path / "a.mkv", fast(silence(6)), fast(silence(6))))
    assert CliRunner().invoke(main, ["compare", path, path, "--track", "2"]).exit_code == 0
    run = CliRunner().invoke(main, ["compare", path, path, "--track", "3"])
    assert (run.exit_code, run.stdout) == (1, "")
    assert "has no sound track 3" in run.stderr


def test_a_track_that_is_not_there_is_refused_with_a_list(tmp_path):
    path = multitrack(tmp_path / "a.mkv", fast(VOICE), fast(silence(6)))
    with pytest.raises(AudioError, match=r"no sound track 3, only 1 \(opus, 1 channel\) and 2 \("):
        load(path, 3)
    with pytest.raises(AudioError, match=r"no sound track 2, only 1 \(pcm_s16le, 1 channel\): ch"):
        load(pcm(tmp_path / "a.wav", tone(440, 1)), 2)
