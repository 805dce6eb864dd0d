"""``speechcoach record`` as a person meets it: a terminal with keys, and a microphone."""

import io
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from sound_support import RATE, pulses, write
from terminal_support import SPEECHCOACH, Terminal, surroundings_of
from virtual_microphone import VirtualMicrophone

from speechcoach.errors import OutputError
from speechcoach.recorder import names
from speechcoach.recorder.recorder import Ending, Recorded
from speechcoach.sound.audio import load
from speechcoach.terminal import session, status

RECORDING = r"Recording +0:0[1-9]"


@pytest.fixture(scope="module")
def microphone():
    with VirtualMicrophone() as microphone:
        yield microphone


@pytest.fixture
def surroundings(microphone):
    return surroundings_of(microphone)


@pytest.fixture
def recording(surroundings, tmp_path):
    """Begin ``speechcoach record --only`` in a terminal; return it once the take runs."""

    def begin(*arguments, columns=110, shows=RECORDING):
        command = ("record", "--only", "--countdown", "0", *arguments)
        terminal = Terminal(surroundings, tmp_path, *command, columns=columns)
        terminal.sees(shows)
        return terminal

    return begin


def seconds(path):
    return load(path).recording.duration


def test_enter_stops_and_keeps_the_take_under_a_free_name(recording, tmp_path):
    (tmp_path / "conflict.wav").write_bytes(b"an earlier take")
    terminal = recording("--question", "conflict")
    terminal.press("\r")
    assert "Kept: conflict-2.wav" in terminal.ends()
    assert seconds(tmp_path / "conflict-2.wav") >= 1
    assert (tmp_path / "conflict.wav").read_bytes() == b"an earlier take"


def test_a_pause_stops_the_time_and_a_no_to_throwing_away_goes_on(recording, tmp_path):
    terminal = recording("-o", "take")
    terminal.press(" ")
    before = terminal.sees(r"Paused +0:0(\d)")[1]
    time.sleep(1.2)
    terminal.press("\x1b")
    terminal.sees("Throw this take away")
    terminal.press("n")
    assert terminal.sees(r"Paused +0:0(\d)")[1] == before
    terminal.press(" ")
    terminal.sees(rf"Recording +0:0{int(before) + 1}")
    terminal.press("\n")
    terminal.ends()
    assert int(before) + 1 <= seconds(tmp_path / "take.wav") < int(before) + 2.2


def test_q_and_yes_throw_the_take_away(recording, tmp_path):
    terminal = recording()
    terminal.press("q")
    terminal.sees("Throw this take away")
    terminal.press("y")
    assert "Nothing is kept" in terminal.ends()
    assert not list(tmp_path.glob("*.wav"))


def test_the_limit_is_announced_and_ends_the_take(recording, tmp_path):
    terminal = recording("--max", "2", shows=r"Recording +0:0\d .*ends in \d s")
    terminal.ends()
    assert seconds(tmp_path / "answer.wav") == 2.0


def test_ctrl_c_stops_and_keeps_in_a_window_too_narrow_for_the_line(recording, tmp_path):
    terminal = recording("--question", "conflict", columns=12, shows=r"0:01")
    terminal.press("\x03")
    terminal.ends()
    assert seconds(tmp_path / "conflict.wav") >= 1


def test_an_end_from_outside_keeps_the_take_and_restores_the_terminal(recording, tmp_path):
    terminal = recording()
    terminal.signal(signal.SIGTERM)
    assert "Kept: " in terminal.ends(code=143)
    assert seconds(tmp_path / "answer.wav") >= 1


def test_a_terminal_that_closes_ends_the_take_properly(recording, tmp_path, own_home):
    terminal = recording()
    terminal.child.close()
    end = time.monotonic() + 20
    while list((own_home / "recording").iterdir()):
        assert time.monotonic() < end, "the take is still marked as running"
        time.sleep(0.05)
    assert seconds(tmp_path / "answer.wav") >= 1


def test_a_countdown_can_be_left_before_anything_is_recorded(surroundings, tmp_path):
    terminal = Terminal(surroundings, tmp_path, "record", "--only", "--countdown", "30")
    terminal.sees(r"Recording starts in \d+")
    terminal.press("q")
    assert "Nothing is kept" in terminal.ends()
    assert not list(tmp_path.glob("*.wav"))


def test_a_killed_take_is_offered_on_the_next_start(recording, surroundings, tmp_path):
    terminal = recording("--question", "conflict")
    terminal.signal(signal.SIGKILL)
    terminal.sees("exit 137")
    terminal.child.close()
    assert seconds(tmp_path / "conflict.wav") > 0  # of one; benchmarks/recorder.py kills twenty
    again = Terminal(surroundings, tmp_path, "record", "--only", "--max", "0.1")
    again.sees(r"An unfinished take of 0:0\d was found: .*conflict\.wav")
    again.sees("Keep it")
    again.press("\r")
    again.sees(r"speechcoach analyze \S*conflict\.wav --question conflict")
    again.press("\r")
    again.ends()


def test_a_microphone_that_is_unplugged_ends_the_take_and_keeps_it(tmp_path):
    with VirtualMicrophone() as microphone:
        command = ("record", "--only", "--countdown", "0")
        terminal = Terminal(surroundings_of(microphone), tmp_path, *command)
        terminal.sees(RECORDING)
        microphone.unplug()
        assert "what was recorded until then is kept" in terminal.ends().replace("\r\n", " ")
    assert seconds(tmp_path / "answer.wav") >= 1


# Without a terminal.


def run(environment, folder, *arguments):
    return subprocess.run(
        [*SPEECHCOACH, *arguments],
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_what_is_played_to_the_microphone_is_in_the_take(microphone, surroundings, tmp_path):
    rng = np.random.default_rng(1)
    tune = np.concatenate([pulses(hz, 0.2) for hz in rng.uniform(100, 300, 10)])
    write(tmp_path / "tune.flac", tune, codec="flac")
    with microphone.play(tmp_path / "tune.flac"):
        pass
    command = [*SPEECHCOACH, "record", "--only", "--countdown", "0", "--max", "4"]
    with subprocess.Popen(
        command, env=surroundings, cwd=tmp_path, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        while not list(tmp_path.glob("*.wav")):
            time.sleep(0.05)
        time.sleep(1.2)  # the look at the microphone
        with microphone.play(tmp_path / "tune.flac") as player:
            player.wait()
        process.communicate(timeout=30)
    heard = load(tmp_path / "answer.wav").audio.samples
    assert heard.size == 4 * RATE
    assert likeness(heard, tune) > 0.95


def likeness(heard, wanted):
    """Return the normalised correlation of `wanted` with where `heard` matches it best."""
    size = heard.size + wanted.size
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size))
    place = int(np.argmax(np.fft.irfft(spectrum, size)))
    there = heard[place : place + wanted.size]
    wanted = wanted[: there.size]
    return there @ wanted / np.sqrt((there @ there) * (wanted @ wanted))


def test_ctrl_c_stops_and_keeps_without_a_terminal(surroundings, tmp_path):
    command = [*SPEECHCOACH, "record", "--only", "--countdown", "0", "--max", "60"]
    with subprocess.Popen(
        command, env=surroundings, cwd=tmp_path, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        take = tmp_path / "answer.wav"
        while not take.exists() or take.stat().st_size < 30_000:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[1]
    assert process.returncode == 0
    assert b"Kept: answer.wav" in said


def test_without_a_terminal_and_a_limit_the_next_step_is_said(surroundings, tmp_path):
    ran = run(surroundings, tmp_path, "record")
    assert ran.returncode == 1
    assert "give --max SECONDS" in ran.stderr
    assert not list(tmp_path.glob("*.wav"))


def test_without_a_microphone_the_next_step_is_said_and_nothing_else(
    own_home, tmp_path, needs_portaudio
):
    (tmp_path / "home").mkdir()
    bare = {"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    for command in (("devices",), ("record", "--max", "1", "--only")):
        ran = run({**bare, "SPEECHCOACH_HOME": str(own_home)}, tmp_path, *command)
        assert ran.returncode == 1
        assert ran.stderr.startswith("Error: There is no microphone on this machine. Plug one in")
        assert len(ran.stderr.splitlines()) == 1
    assert not list(tmp_path.glob("*.wav"))


def test_devices_lists_the_inputs_and_marks_the_default(surroundings, tmp_path):
    ran = run(surroundings, tmp_path, "devices")
    assert ran.returncode == 0
    assert ran.stderr == ""
    (line,) = (line for line in ran.stdout.splitlines() if line.startswith("*"))
    assert "default (ALSA)" in line
    assert "44100, 48000" in line


def test_a_device_that_is_not_there_is_named(surroundings, tmp_path):
    ran = run(surroundings, tmp_path, "record", "--only", "--max", "1", "--device", "golden")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "No input is called 'golden': see 'speechcoach devices'" in ran.stderr


# The pieces.


def test_the_name_of_a_take_does_nothing_to_the_terminal_that_closes():
    class Ended:
        def finish(self):
            return Recorded(Path("odd\x1b[2J.wav"), 1.0, RATE, Ending.STOPPED)

    said = Console(file=io.StringIO())
    with pytest.raises(SystemExit):
        session._concluded(Ended(), session.Verdict.END, said)
    assert said.file.getvalue() == "Kept: odd?[2J.wav\n"


def test_the_line_always_fits_the_window_and_tells_the_time():
    shown = status.Status(75.0, -20.0, window=(90, 150), limit=80.0)
    lines = {width: status.line(shown, width) for width in range(1, 120)}
    assert all(len(line) <= width for width, line in lines.items())
    assert all("1:15" in line for width, line in lines.items() if width >= 4)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (status.Status(10, -20, window=(60, 120)), "aim 1:00 to 2:00"),
        (status.Status(110, -20, window=(60, 120)), "10 s left"),
        (status.Status(125, -20, window=(60, 120)), "0:05 over"),
        (status.Status(52, -20, limit=60), "ends in 8 s"),
        (status.Status(9, None, problem="no sound"), "no sound"),
        (status.Status(9, -20, paused=True), "Paused"),
    ],
)
def test_the_line_says_what_matters_now(shown, said):
    assert said in status.line(shown, 120)


@pytest.mark.parametrize(("level", "cells"), [(None, 0), (-90, 0), (-60, 0), (-30, 6), (0, 12)])
def test_the_meter_runs_from_a_quiet_room_to_full_scale(level, cells):
    assert status.level_bar(level).count("#") == cells


def test_a_name_that_is_taken_gets_a_number(tmp_path):
    wanted = tmp_path / "conflict.wav"
    assert names.free(wanted) == wanted
    wanted.touch()
    (tmp_path / "conflict-2.wav").touch()
    assert names.free(tmp_path / "conflict") == tmp_path / "conflict-3.wav"
    assert names.free(tmp_path, "conflict.wav") == tmp_path / "conflict-3.wav"


def test_a_take_is_a_wav_file(tmp_path):
    with pytest.raises(OutputError, match=r"name .*take\.wav instead"):
        names.free(tmp_path / "take.mp3")
