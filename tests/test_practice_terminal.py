"""``speechcoach practice`` and ``mock`` at a terminal, with a microphone and a real recogniser."""

import pytest
from sound_support import SAMPLES
from terminal_support import Terminal, surroundings_of
from virtual_microphone import VirtualMicrophone

from speechcoach.history.store import History

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
    terminal.sees("Transcript")
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


@pytest.mark.engine
def test_a_mock_interview_that_is_broken_off_keeps_takes_and_reports(session, microphone, tmp_path):
    terminal = session("mock", "--questions", "5", "--seed", "1", "--prep", "0", "--max", "4")
    terminal.sees("5 questions; --seed 1")
    terminal.sees("Question 1 of 5")
    terminal.sees("Recording +0:01")
    terminal.press("\r")
    terminal.sees("Kept: ")
    terminal.sees("Question 2 of 5")
    with microphone.play(SPOKEN):
        terminal.sees(r"Recording +0:03")
    terminal.sees("Kept: ")  # by its limit
    terminal.sees("Question 3 of 5")
    terminal.sees("Recording +0:01")
    terminal.press("\x03")
    terminal.sees("Kept: ")
    shown = terminal.ends()
    assert shown.count("No speech was found") == 2
    assert "answer" in shown
    (folder,) = tmp_path.glob("mock-*")
    takes = sorted(path.stem for path in folder.glob("*.wav"))
    assert len(takes) == 3
    assert sorted(path.stem for path in folder.glob("*.json")) == takes
    assert all(name in (folder / "interview.txt").read_text("utf-8") for name in takes)
    with History.open() as history:
        assert sorted(take.question for take in history.takes()) == takes
