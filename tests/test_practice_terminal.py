"""``speechcoach practice`` and ``mock`` at a terminal, with a microphone and a real recogniser."""


import pytest
from sound_support import SAMPLES
from terminal_support import Terminal, surroundings_of
from virtual_microphone import VirtualMicrophone

from speechcoach.history import History

SPOKEN = SAMPLES / "pressure-too-short.flac"


@pytest.fixture(scope="module")
def microphone():
    with VirtualMicrophone() as microphone:
        yield microphone


@pytest.fixture
def session(microphone, tmp_path):
    """Begin a session at a terminal that hears the microphone."""

    def begin(*arguments):
        surroundings = surroundings_of(microphone)
        return Terminal(surroundings, tmp_path, *arguments, "--engine", "moonshine")

    return begin


@pytest.mark.engine
def test_practice_leads_from_the_question_to_the_report_and_again(session, microphone, tmp_path):
    terminal = session("practice", "pressure", "--countdown", "0")
    terminal.sees("Tell me about a time when the pressure")
    terminal.sees("Enter begins")
    terminal.press("?\r")
    terminal.sees("Elements of a strong answer")
    terminal.press("\r")
    terminal.sees("Recording")
    with microphone.play(SPOKEN):
        terminal.sees(r"Recording +0:06")
        terminal.press("\r")
    terminal.sees(r"Kept: pressure\.wav")
    terminal.sees("Overall")
    terminal.sees("What you said")
    terminal.sees("night shift")
    terminal.sees(r"quit \(q\)")
    terminal.press("l 0:05\r")
    terminal.sees("Any key stops")
    terminal.sees(r"quit \(q\)")
    terminal.press("a\r")
    terminal.sees("Recording +0:00")
    terminal.press("q")
    terminal.sees("Throw this take away")
    terminal.press("y")
    terminal.sees(r"quit \(q\)")
    terminal.press("q\r")
    terminal.ends()
    assert [path.name for path in tmp_path.glob("*.wav")] == ["pressure.wav"]
    with History.open() as history:
        (take,) = history.takes()
    assert take.question == "pressure"
    assert take.duration >= 6
