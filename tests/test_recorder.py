"""The recorder without a microphone: blocks in, a file out that survives whatever happens."""

import contextlib
import errno
import io
import os
import signal
import subprocess
import sys
import threading
import time
import wave

import numpy as np
import pytest
from rich.console import Console

from speechcoach.errors import AudioError, OutputError
from speechcoach.recorder import growing_wave, microphone, portaudio, unfinished
from speechcoach.recorder.growing_wave import GrowingWave, repair
from speechcoach.recorder.meter import Meter
from speechcoach.recorder.meter import remark as remark_on
from speechcoach.recorder.playback import play
from speechcoach.recorder.recorder import Ending, Recorder
from speechcoach.sound.audio import load
from speechcoach.terminal import session

RATE = 8000


def sound(seconds, *, rate=RATE, amplitude=3000):
    time = np.arange(round(seconds * rate))
    return (amplitude * np.sin(2 * np.pi * 440 * time / rate)).astype("<i2").tobytes()


def samples(path):
    with wave.open(str(path)) as file:
        return file.readframes(file.getnframes())


def wait_until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


@pytest.fixture
def recorder(tmp_path):
    return Recorder(tmp_path / "take.wav", rate=RATE)


def test_every_sample_given_is_in_the_file_in_order(tmp_path):
    recorder = Recorder(tmp_path / "take.wav", rate=RATE, channels=2)
    recorder.start()
    blocks = [np.random.default_rng(n).bytes(4 * 100) for n in range(50)]
    for block in blocks:
        recorder.receive(block)
    take = recorder.finish()
    assert samples(take.path) == b"".join(blocks)
    assert take.seconds == 50 * 100 / RATE
    assert (take.ending, take.warnings) == (Ending.STOPPED, ())


def test_nothing_is_written_before_the_start_and_in_a_pause(recorder):
    first, heard, paused, again = (sound(0.1, amplitude=a) for a in (1000, 2000, 3000, 4000))
    recorder.receive(first)
    recorder.start()
    recorder.receive(heard)
    recorder.pause()
    recorder.receive(paused)
    recorder.start()
    recorder.receive(again)
    assert samples(recorder.finish().path) == heard + again


def test_the_limit_is_kept_to_the_sample_and_ends_the_take(tmp_path):
    recorder = Recorder(tmp_path / "take.wav", rate=RATE, longest=0.25)
    recorder.start()
    for _ in range(4):
        recorder.receive(sound(0.1))
    assert recorder.ended.wait(5)
    recorder.receive(sound(0.1))
    take = recorder.finish()
    assert (take.seconds, take.ending) == (0.25, Ending.LIMIT)
    assert len(samples(take.path)) == 2 * 0.25 * RATE


def test_a_take_without_a_sample_leaves_no_file(recorder):
    take = recorder.finish()
    assert take.seconds == 0
    assert not take.path.exists()


def test_a_discarded_take_leaves_nothing(recorder, tmp_path, own_home):
    recorder.start()
    recorder.receive(sound(0.1))
    recorder.discard()
    assert not list(tmp_path.glob("*.wav"))
    assert not list((own_home / "recording").iterdir())


def test_a_take_is_never_overwritten(tmp_path):
    path = tmp_path / "take.wav"
    path.write_bytes(b"an answer")
    with pytest.raises(OutputError, match=r"take\.wav is there already"):
        Recorder(path, rate=RATE)
    assert path.read_bytes() == b"an answer"


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(OutputError, match=r"There is no folder .*gone"):
        Recorder(tmp_path / "gone" / "take.wav", rate=RATE)


def test_lost_sound_is_counted_only_while_it_is_wanted(recorder):
    recorder.receive(sound(0.1), True)
    recorder.start()
    recorder.receive(sound(0.1), True)
    recorder.receive(sound(0.1), False)
    recorder.receive(sound(0.1), True)
    take = recorder.finish()
    assert take.overflows == 2
    assert take.warnings == (
        "The computer was too busy 2 times while recording: some sound is missing there.",
    )


def test_a_microphone_that_falls_silent_ends_the_take_and_keeps_it(tmp_path):
    recorder = Recorder(tmp_path / "take.wav", rate=RATE, patience=0.05)
    recorder.start()
    recorder.receive(sound(0.5))
    assert recorder.ended.wait(5)
    take = recorder.finish()
    assert (take.seconds, take.ending) == (0.5, Ending.GONE)
    assert take.warnings == (
        "The microphone went away at 0:00; what was recorded until then is kept.",
    )


def test_digital_silence_at_the_end_is_said(recorder):
    recorder.start()
    recorder.receive(sound(2.0))
    recorder.receive(bytes(2 * 4 * RATE))
    take = recorder.finish()
    assert take.died == 2.0
    assert "From 0:02 on the microphone sent only digital silence" in take.warnings[0]


def test_a_full_disk_ends_the_take_and_keeps_what_it_took(tmp_path, monkeypatch):
    recorder = Recorder(tmp_path / "take.wav", rate=RATE)
    recorder.start()
    recorder.receive(sound(1.0))
    wait_until(lambda: recorder.seconds == 1.0)
    monkeypatch.setattr(GrowingWave, "append", no_space)
    recorder.receive(sound(1.0))
    assert recorder.ended.wait(5)
    take = recorder.finish()
    assert (take.seconds, take.ending) == (1.0, Ending.DISK)
    assert samples(take.path) == sound(1.0)
    assert "The disk took no more sound at 0:01" in take.warnings[0]


def no_space(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_size_limit_half_way_through_a_block_leaves_whole_samples(tmp_path):
    """A real write that fails, in a process of its own: files may have 1001 bytes there."""
    code = (
        "import pathlib, resource, signal, sys, threading\n"
        "from speechcoach.recorder.recorder import Recorder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "recorder = Recorder(pathlib.Path(sys.argv[1]), rate=8000)\n"
        "recorder.start()\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1001, 1001))\n"
        "recorder.receive(bytes(2000))\n"
        "recorder.ended.wait(5)\n"
        "print(recorder.finish().ending.name)\n"
    )
    pytest.importorskip("resource", reason="file size limits are POSIX's")
    path = tmp_path / "take.wav"
    command = [sys.executable, "-c", code, path]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == "DISK\n"
    assert len(samples(path)) == (1001 - 44) // 2 * 2


def test_the_file_is_playable_while_it_grows(tmp_path):
    file = GrowingWave(tmp_path / "take.wav", rate=RATE, channels=1)
    for seconds in (1, 2, 3):
        file.append(sound(1.0))
        file.settle()
        assert load(file.path).recording.duration == seconds
    file.append(sound(0.3)[:-1])  # under way, not settled
    assert load(file.path).recording.duration == 3
    file.close()
    assert load(file.path).recording.duration == pytest.approx(3.3, abs=2 / RATE)


def test_a_header_that_lags_behind_is_mended_to_whole_samples(tmp_path):
    file = GrowingWave(tmp_path / "take.wav", rate=RATE, channels=2)
    file.append(sound(1.0))
    file.append(b"abc")
    assert repair(file.path) == 0.5
    assert samples(file.path) == sound(1.0)
    file.close()


def test_a_file_that_is_not_ours_is_not_mended(tmp_path):
    path = tmp_path / "take.wav"
    path.write_bytes(b"RIFF and then something else altogether, long enough")
    with pytest.raises(AudioError, match="not a take of speechcoach"):
        repair(path)


def test_a_wav_never_outgrows_its_header(tmp_path, monkeypatch):
    monkeypatch.setattr(growing_wave, "LARGEST", 1000)
    recorder = Recorder(tmp_path / "take.wav", rate=RATE)
    recorder.start()
    recorder.receive(sound(1.0))
    assert recorder.ended.wait(5)
    assert recorder.finish().seconds == 500 / RATE


# Killed in the middle.


KILLED = """
import pathlib, sys, time
from speechcoach.recorder.recorder import Recorder
recorder = Recorder(pathlib.Path(sys.argv[1]), rate=8000, question="conflict")
recorder.start()
while True:
    recorder.receive(bytes(range(1, 161)) * 2)  # 20 ms
    print(flush=True)
    time.sleep(0.02)
"""


@pytest.fixture
def killed(tmp_path):
    """Return a take whose recorder was killed after at least a second, and the seconds given."""
    path = tmp_path / "conflict.wav"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE, text=True
    )
    for _ in range(60):
        process.stdout.readline()
    assert unfinished.unfinished() == ()  # it runs: not unfinished
    process.send_signal(signal.SIGKILL)
    given = 60 + process.stdout.read().count("\n")
    process.wait()
    process.stdout.close()
    return path, given * 0.02


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_killed_take_is_playable_found_once_and_at_most_a_second_short(killed):
    path, given = killed
    assert load(path).recording.duration >= given - 1.0
    (found,) = unfinished.unfinished()
    assert (found.path, found.question) == (path, "conflict")
    assert found.seconds == pytest.approx(given, abs=0.1)
    assert load(path).recording.duration == found.seconds
    found.forget()
    assert unfinished.unfinished() == ()
    assert path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_killed_take_that_was_removed_is_not_offered(killed, own_home):
    killed[0].unlink()
    assert unfinished.unfinished() == ()
    assert not list((own_home / "recording").glob("*.json"))


def test_a_mark_that_does_not_read_is_dropped(own_home):
    folder = own_home / "recording"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text("{")
    assert unfinished.unfinished() == ()
    assert not list(folder.iterdir())


def test_a_take_goes_on_without_a_data_folder(tmp_path, own_home):
    own_home.write_text("a file where the folder should be")
    recorder = Recorder(tmp_path / "take.wav", rate=RATE)
    recorder.start()
    recorder.receive(sound(0.5))
    assert recorder.finish().seconds == 0.5


# Levels.


def heard(*blocks):
    meter = Meter()
    for block in blocks:
        meter.add(np.frombuffer(block, "<i2").reshape(-1, 1))
    return meter


def test_the_level_of_a_sine_is_three_decibels_below_its_peak():
    assert heard(sound(1.0, amplitude=16384)).loudness.level == pytest.approx(-9.03, abs=0.01)


def test_digital_silence_has_no_level_and_is_counted_until_sound_comes():
    meter = heard(sound(0.5), bytes(200), bytes(300))
    assert (meter.level, meter.zeros) == (None, 250)
    meter.add(np.ones((10, 1), "<i2"))
    assert meter.zeros == 0


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (bytes(2000), "digital silence"),
        (sound(1.0, amplitude=3), "almost nothing"),
        (np.clip(np.frombuffer(sound(1.0), "<i2") * 11.0, -32768, 32767).astype("<i2"), "clips"),
        (sound(1.0), ""),
    ],
    ids=["zeros", "faint", "clipped", "fine"],
)
def test_the_check_says_what_is_wrong_with_the_microphone(block, said):
    said_of_it = remark_on(heard(bytes(block)).loudness)
    assert said in said_of_it
    assert bool(said_of_it) == bool(said)


# A take without a terminal.


class Room:
    """A microphone that hears the same tenth of a second again and again."""

    rate, channels, channel = RATE, 1, None

    def __init__(self, block):
        self.block = block

    @contextlib.contextmanager
    def listening(self, receive):
        over = threading.Event()

        def speak():
            while not over.is_set():
                receive(self.block, False)
                time.sleep(0.002)

        speaker = threading.Thread(target=speak)
        speaker.start()
        try:
            yield
        finally:
            over.set()
            speaker.join()


def recorded(tmp_path, block, **plan):
    """Return the take, and what was said on the way."""
    out = io.StringIO()
    plan = session.Plan(tmp_path / "take.wav", None, 0.0, 1.0, **plan)
    take, _ = session.record(plan, Room(block), Console(file=out, width=200))
    return take, out.getvalue()


def test_a_take_by_itself_is_checked_and_ends_at_its_limit(tmp_path):
    take, said = recorded(tmp_path, sound(0.1))
    assert (take.seconds, take.ending, said) == (1.0, Ending.LIMIT, "")


def test_a_dead_microphone_is_said_before_the_take(tmp_path):
    assert "only digital silence" in recorded(tmp_path, bytes(1600))[1]
    (tmp_path / "take.wav").unlink()
    assert recorded(tmp_path, bytes(1600), check=False)[1] == ""


def test_a_disk_that_takes_nothing_is_an_error_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(GrowingWave, "append", no_space)
    with pytest.raises(OutputError, match="The disk takes no sound"):
        recorded(tmp_path, sound(0.1))
    assert not list(tmp_path.glob("*.wav"))


def test_a_take_that_is_gone_cannot_be_played(tmp_path, needs_portaudio):
    with pytest.raises(AudioError, match=r"gone\.wav cannot be played"):
        play(tmp_path / "gone.wav")


# Devices.


def device(number, name, *, system="ALSA", default=False, channels=1, rate=48_000):
    return microphone.Device(number, name, system, channels, rate, default)


INPUTS = (
    device(0, "Built-in Microphone", default=True),
    device(3, "USB Headset"),
    device(4, "USB Camera"),
    device(7, "USB Headset", system="JACK"),
)


@pytest.mark.parametrize(
    ("wanted", "number"), [(None, 0), ("4", 4), ("built", 0), ("usb headset", 3), ("CAMERA", 4)]
)
def test_a_device_is_found_by_number_or_part_of_its_name(wanted, number):
    assert microphone.find(wanted, INPUTS).number == number


@pytest.mark.parametrize(
    ("wanted", "inputs", "said"),
    [
        (None, (), "There is no microphone"),
        ("99", INPUTS, "No input is called '99'"),
        ("usb", INPUTS, "may mean 3 USB Headset, 4 USB Camera: name its number"),
    ],
)
def test_a_device_that_cannot_be_told_is_an_error_with_the_next_step(wanted, inputs, said):
    with pytest.raises(AudioError, match=said):
        microphone.find(wanted, inputs)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (microphone.BUSY, "is busy: close the program"),
        (microphone.WRONG_RATE, "does not take 48000 Hz"),
        (microphone.NO_SUCH_DEVICE, "has gone"),
        (-9999, "is this terminal allowed"),
    ],
)
def test_portaudios_errors_become_sentences(code, said):
    error = microphone.explained(Exception("Error", code), INPUTS[1])
    assert said in str(error)
    assert "'USB Headset'" in str(error)


def test_without_portaudio_the_next_step_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    portaudio.portaudio.cache_clear()
    with pytest.raises(AudioError, match="PortAudio"):
        microphone.devices()
    portaudio.portaudio.cache_clear()
