"""A microphone with many inputs: the one with the voice is kept, or the one that is asked for."""

import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time
import types
import wave

import numpy as np
import pytest
from click.testing import CliRunner
from sound_support import SAMPLES

from speechcoach.cli import main
from speechcoach.errors import AudioError, OutputError
from speechcoach.recorder import microphone
from speechcoach.recorder.growing_wave import GrowingWave, narrow
from speechcoach.recorder.inputs import Inputs
from speechcoach.recorder.meter import Meter, remark
from speechcoach.recorder.microphone import Device, Microphone
from speechcoach.recorder.recorder import Recorder
from speechcoach.sound.audio import load

RATE = 16_000


@pytest.fixture(scope="module")
def voice():
    """Return six seconds of somebody who speaks, shape (n,), at `RATE`."""
    return load(SAMPLES / "conflict-strong.flac").audio.samples[: 6 * RATE]


def noise(level, size=6 * RATE, seed=1):
    """Return a hiss of that level in dB."""
    return 10 ** (level / 20) * np.random.default_rng(seed).standard_normal(size)


def hum(level, size=6 * RATE):
    return 10 ** (level / 20) * np.sqrt(2) * np.sin(2 * np.pi * 50 * np.arange(size) / RATE)


def knocks(size=6 * RATE):
    """Return two loud knocks against an input that hears nothing else."""
    heard = noise(-80)
    for second in (1, 4):
        heard[second * RATE : second * RATE + 400] += 0.8 * noise(0, 400)
    return heard[:size]


def pcm(*channels):
    """Return channels as 16-bit samples, shape (n, channels)."""
    return np.clip(np.stack(channels, axis=1) * 2**15, -(2**15), 2**15 - 1).astype("<i2")


def found(sound, block=RATE // 50):
    inputs = Inputs(RATE, sound.shape[1])
    for first in range(0, len(sound), block):
        inputs.add(sound[first : first + block])
    return inputs.with_voice


OTHERS = {
    "silence": lambda: np.zeros(6 * RATE),
    "a loud hiss": lambda: noise(-15),
    "a loud hum": lambda: hum(-6),
    "hum and hiss": lambda: hum(-10) + noise(-40),
    "direct current": lambda: np.full(6 * RATE, 0.5),
    "knocks": knocks,
}


@pytest.mark.parametrize("level", [0.0, -20.0, -35.0])
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("place", [1, 2, 4])
def test_a_voice_is_found_beside_anything_that_is_none(voice, other, place, level):
    channels = [other() for _ in range(4)]
    channels[place - 1] = 10 ** (level / 20) * voice + noise(-75)
    assert found(pcm(*channels)) == place


def test_of_two_that_hear_it_the_nearer_one_is_taken(voice):
    assert found(pcm(0.2 * voice + noise(-60), voice, noise(-60), noise(-60))) == 2


@pytest.mark.parametrize("other", [o for n, o in OTHERS.items() if n != "knocks"])
def test_where_nobody_speaks_no_input_has_a_voice(other):
    assert found(pcm(*(other() for _ in range(4)))) is None
    assert Inputs(RATE, 4).with_voice is None


@pytest.mark.parametrize("block", [1, 64, 1000, 6 * RATE])
def test_it_does_not_matter_how_the_sound_is_handed_over(voice, block):
    size = 6 * RATE if block > 1 else RATE // 4
    assert found(pcm(noise(-60, size), voice[:size] if block > 1 else noise(-60, size)), block) in (
        2 if block > 1 else None,
    )


# What is in the file


def recorded(path, sound, **options):
    recorder = Recorder(path, rate=RATE, channels=sound.shape[1], **options)
    recorder.start()
    for first in range(0, len(sound), 320):
        recorder.receive(sound[first : first + 320].tobytes())
    return recorder.finish()


def read(path):
    with wave.open(str(path)) as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return frames.reshape(-1, file.getnchannels())


def test_of_many_inputs_the_one_with_the_voice_is_left_to_the_last_sample(tmp_path, voice):
    sound = pcm(noise(-30), noise(-50), voice, hum(-20))
    take = recorded(tmp_path / "take.wav", sound)
    assert (take.voice, take.inputs, take.seconds) == (3, 4, 6.0)
    assert "number 3 has the voice" in take.remark
    assert np.array_equal(read(take.path), sound[:, 2:3])
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["take.wav"]


def test_where_no_input_has_a_voice_all_are_left(tmp_path):
    sound = pcm(noise(-30), noise(-50), noise(-40))
    take = recorded(tmp_path / "take.wav", sound)
    assert (take.voice, take.remark) == (None, "")
    assert np.array_equal(read(take.path), sound)


def test_of_two_inputs_both_are_kept(tmp_path, voice):
    sound = pcm(noise(-50), voice)
    take = recorded(tmp_path / "take.wav", sound)
    assert take.voice is None
    assert np.array_equal(read(take.path), sound)


@pytest.mark.parametrize("channel", [1, 2, 4])
def test_the_input_that_is_asked_for_is_the_only_one_written(tmp_path, voice, channel):
    sound = pcm(noise(-30), voice, hum(-20), noise(-50))
    take = recorded(tmp_path / "take.wav", sound, channel=channel)
    assert take.remark == ""
    assert np.array_equal(read(take.path), sound[:, channel - 1 : channel])


def test_where_the_disk_has_no_room_for_another_file_all_inputs_stay(tmp_path, voice, monkeypatch):
    def no_room(*_: object) -> None:
        raise OutputError("no room")

    monkeypatch.setattr("speechcoach.recorder.recorder.narrow", no_room)
    sound = pcm(noise(-30), voice, noise(-50))
    take = recorded(tmp_path / "take.wav", sound)
    assert take.voice is None
    assert np.array_equal(read(take.path), sound)


def test_only_a_take_of_ours_is_narrowed(tmp_path):
    (tmp_path / "other.wav").write_bytes(b"RIFF of another kind" * 10)
    with pytest.raises(AudioError, match="is not a take"):
        narrow(tmp_path / "other.wav", 1)
    assert (tmp_path / "other.wav").read_bytes() == b"RIFF of another kind" * 10


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("channels", [1, 4])
def test_a_take_is_the_users_alone(tmp_path, voice, channels):
    before = os.umask(0)
    try:
        sound = pcm(*[voice] * channels)
        with contextlib.closing(GrowingWave(tmp_path / "a.wav", rate=RATE, channels=1)):
            assert (tmp_path / "a.wav").stat().st_mode & 0o777 == 0o600
        take = recorded(tmp_path / "take.wav", sound)
        assert take.path.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


# What the meter tells


def test_the_loudest_input_counts_and_not_the_mean(voice):
    alone, among = Meter(), Meter()
    alone.add(pcm(voice))
    among.add(pcm(*[np.zeros_like(voice)] * 7, voice))
    assert among.loudness == alone.loudness
    assert (among.level, among.samples) == (alone.level, alone.samples)
    assert remark(among.loudness) == ""


def test_all_inputs_are_silent_or_none_is():
    meter = Meter()
    meter.add(np.zeros((100, 4), "<i2"))
    assert meter.zeros == 100
    one = np.zeros((100, 4), "<i2")
    one[5, 2] = 1
    meter.add(one)
    assert meter.zeros == 0


# Devices


def device(channels, *, system="Core Audio", name="Interface USB"):
    return Device(0, name, system, channels, 48_000, True)


@pytest.mark.parametrize(
    ("given", "channel", "asked"),
    [
        (device(1), None, (1,)),
        (device(2), None, (2, 1)),
        (device(4), None, (4, 2, 1)),
        (device(18), 7, (18, 7)),
        (device(4), 4, (4,)),
        (device(4, system="ALSA", name="Scarlett: USB Audio (hw:1,0)"), None, (4, 2, 1)),
        (device(32, system="ALSA", name="pulse"), None, (1, 32)),
        (device(64, system="ALSA", name="pipewire"), 2, (64, 2)),
        (device(2, system="ALSA", name="default"), None, (2, 1)),
        (device(8, system="JACK Audio Connection Kit", name="system"), None, (8, 2, 1)),
    ],
)
def test_all_inputs_of_a_device_are_asked_for_and_one_of_a_server(given, channel, asked):
    assert microphone._channels(given, channel) == asked


class Stream:
    """What an input stream of sounddevice does; `noisy` ones let PortAudio talk to the terminal."""

    def __init__(self, audio, channels, callback):
        self.audio, self.channels, self.callback = audio, channels, callback
        self.over = threading.Event()
        audio.opened.append(channels)

    def start(self):
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        status = types.SimpleNamespace(input_overflow=False)
        for first in itertools.cycle(range(0, len(self.audio.sound), 1600)):
            if self.over.is_set():
                return
            self.talk(b"Expression 'err' failed in 'src/hostapi/alsa'\n")
            block = self.audio.sound[first : first + 1600, : self.channels]
            self.callback(block.tobytes(), len(block), None, status)
            time.sleep(0.002)

    def talk(self, text):
        if self.audio.noisy:
            os.write(2, text)

    def abort(self):
        self.over.set()

    def close(self):
        self.talk(b"ALSA lib pcm.c: device is gone\n")


class Audio:
    """A stand-in for sounddevice: an interface whose microphone is on input 2 of 4."""

    class PortAudioError(Exception):
        pass

    default = types.SimpleNamespace(device=[0, 0])

    def __init__(self, voice, *, only=None, noisy=False):
        self.sound = pcm(noise(-60), voice, noise(-50), hum(-30))
        self.only, self.noisy, self.opened = only, noisy, []

    def RawInputStream(self, channels, callback, **_):  # noqa: N802 - sounddevice's name
        return Stream(self, channels, callback)

    def query_devices(self):
        return [
            {"index": 0, "name": "Interface USB", "hostapi": 0, "max_input_channels": 4,
             "default_samplerate": float(RATE)}
        ]  # fmt: skip

    def query_hostapis(self):
        return [{"name": "Core Audio"}]

    def check_input_settings(self, channels, samplerate, **_):
        if samplerate != RATE or (self.only and channels not in self.only):
            raise self.PortAudioError("Invalid", -9998)


@pytest.fixture
def plugged(voice, monkeypatch):
    def plug(**options):
        audio = Audio(voice, **options)
        monkeypatch.setattr(microphone, "portaudio", lambda: audio)
        return audio

    return plug


def invoke(*arguments):
    command = ["record", "--only", "--max", "6", "--countdown", "0", *arguments]
    return CliRunner().invoke(main, command)


def test_the_take_is_of_the_input_with_the_voice(plugged, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    audio = plugged()
    ran = invoke()
    assert ran.exit_code == 0, ran.output
    assert audio.opened == [4]
    assert "Of the 4 inputs of the microphone, number 2 has the voice" in ran.stderr
    assert "mute" not in ran.stderr
    assert read(tmp_path / "answer.wav").shape == (6 * RATE, 1)


def test_another_input_can_be_asked_for(plugged, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plugged()
    assert invoke("--channel", "4").exit_code == 0
    kept = read(tmp_path / "answer.wav")[:, 0] / 2**15
    assert np.std(kept) == pytest.approx(10 ** (-30 / 20), rel=0.05)  # the hum


def test_an_input_that_is_not_there_is_named(plugged, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plugged()
    ran = invoke("--channel", "5")
    assert ran.exit_code == 1
    assert "'Interface USB' has 4 inputs: name one of them with --channel" in ran.stderr
    assert list(tmp_path.glob("*.wav")) == []


@pytest.mark.parametrize("only", [{2}, {1}, {1, 2}])
def test_where_a_device_does_not_give_all_of_them_it_gives_what_it_has(plugged, only):
    plugged(only=only)
    assert microphone.choose(None) == Microphone(microphone.devices()[0], RATE, max(only))


def test_a_device_that_gives_nothing_is_said(plugged):
    plugged(only={99})
    with pytest.raises(AudioError, match="does not take its own channels"):
        microphone.choose(None)


# Silence on the screen


def test_what_portaudio_says_in_a_take_is_not_on_the_screen(plugged, capfd):
    plugged(noisy=True)
    with microphone.choose(None).listening(lambda *_: None):
        time.sleep(0.1)
    assert capfd.readouterr().err == ""


HUSHED = """
import os, sys
from speechcoach.recorder.portaudio import hushed
from speechcoach.terminal import streams
streams.prepare()
sys.stderr.write("before ")
with hushed():
    os.write(2, b"a library ")
    sys.stderr.write("é ")
    with hushed():
        os.write(2, b"another ")
        sys.stderr.write("meanwhile ")
    sys.stderr.flush()
    os.write(2, b"again ")
    sys.stderr.write("to the last ")
os.write(2, b"then ")
sys.stderr.write("after")
"""


def test_what_we_say_meanwhile_is_on_the_screen():
    ran = subprocess.run([sys.executable, "-c", HUSHED], capture_output=True, check=True)
    assert ran.stderr.decode() == "before é meanwhile to the last then after"
