"""Stderr is turned away while PortAudio talks, and always comes back."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from speechcoach.recorder.portaudio import hushed


def say(text):
    os.write(2, text.encode())  # as a C library does


def test_what_is_written_meanwhile_is_not_seen(capfd):
    say("before ")
    with hushed():
        say("meanwhile ")
    say("after")
    assert capfd.readouterr().err == "before after"


@pytest.mark.parametrize("first_in_last_out", [True, False])
def test_of_two_that_overlap_the_last_one_brings_stderr_back(capfd, first_in_last_out):
    first, second = ExitStack(), ExitStack()
    first.enter_context(hushed())
    second.enter_context(hushed())
    (second if first_in_last_out else first).close()
    say("one still needs it ")
    (first if first_in_last_out else second).close()
    say("back")
    assert capfd.readouterr().err == "back"


def test_an_error_brings_stderr_back(capfd):
    with pytest.raises(ZeroDivisionError), hushed():
        say(f"meanwhile {1 / 0}")
    say("back")
    assert capfd.readouterr().err == "back"


def test_many_threads_leave_stderr_and_nothing_else_open(capfd):
    def often(_):
        for _ in range(100):
            with hushed():
                say("meanwhile ")

    files = Path("/proc/self/fd")
    before = len(list(files.iterdir())) if files.exists() else 0
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(often, range(8)))
    assert not files.exists() or len(list(files.iterdir())) == before
    say("back")
    assert capfd.readouterr().err == "back"


@pytest.mark.skipif(sys.platform == "win32", reason="closes a file in a shell")
def test_where_there_is_no_stderr_nothing_happens():
    script = "from speechcoach.recorder.portaudio import hushed\nwith hushed(): print('there')"
    run = subprocess.run(
        ["/bin/sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, script],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert run.stdout == "there\n"
