"""Texts of one sign over and over: the work grows with their length, never with its square."""

import time

import pytest

from speechcoach.alignment.pronunciation import phones, syllables
from speechcoach.alignment.spoken import readings
from speechcoach.coach import Coach, Settings
from speechcoach.errors import AudioError

LENGTH = 2_500  # characters
LONGER = 4  # times as many; quadratic work takes 16 times as long
FLOOR = 0.05  # seconds of work below which a ratio tells nothing

SIGNS = ".,;:!?…-—_*/\\|&'\"“”’()[]{}<>«»"
HOSTILE = [
    *SIGNS,
    *("\u0301\u0316", "\u200b", "\u00ad", "½", "é", "1", "1st", "$1", "a-", "um-", "a.b.", "''a"),
    *(". ", "a ", "1 ", "um ", "so ", "also i ", "so like ", "and i ", "i mean ", "you know "),
    *("[x] ", "(laughs) ", "♪", "<v a>", "-->", "A: ", "Q: x\n", ">> a\n", "0:01\n", "[0:01] "),
    *("00:00 --> 00:01\na\n\n", "a\n", "room 1 ", "Mr. A ", "5 p.m. ", "i would really ", "MRN 1 "),
]


@pytest.fixture(scope="module")
def coach():
    coach = Coach(Settings())
    coach.check("conflict")
    return coach


def work(coach, path, text):
    """Return the seconds of work that the least of three analyses of a text takes."""
    path.write_text(text)
    taken = []
    for _ in range(3):
        start = time.process_time()
        coach.analyze(path, question="conflict")
        taken.append(time.process_time() - start)
        if taken[-1] < FLOOR:
            break
    return min(taken)


@pytest.mark.parametrize("sign", HOSTILE, ids=ascii)
def test_work_grows_with_the_length_of_a_text(coach, tmp_path, sign):
    text = sign * (LONGER * LENGTH // len(sign))
    longer = work(coach, tmp_path / "long.txt", text)
    if longer > FLOOR:
        shorter = work(coach, tmp_path / "short.txt", text[:LENGTH])
        assert longer < 2.5 * LONGER * max(shorter, FLOOR / LONGER)


def test_more_words_than_any_answer_has_are_refused(coach, tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("so " * 100_001)
    with pytest.raises(
        AudioError, match=r"100,001 words, more than any answer \(at most 100,000\)"
    ):
        coach.analyze(path)


LONG = [
    *("1" * 400 + "st", "1" * 5000 + "th", "9" * 400 + "0s", "$" + "9" * 5000, "3." + "1" * 400),
    *("½" * 4000, "a" * 4000, "U.S." * 1000, "a-" * 4000, "%" * 4000, "a'" * 4000),
]


@pytest.mark.parametrize("token", LONG, ids=lambda token: f"{token[:6]} x {len(token)}")
def test_a_token_beyond_all_words_is_read_from_its_start(token):
    assert all(len(reading) <= 300 for reading in readings(token))
    assert readings(token) == readings(token[:100])
    assert syllables(token) > 0
    assert phones(token)


def test_a_long_number_is_read_digit_by_digit():
    assert readings("1234567890123rd")[0][-2:] == ("two", "third")
    assert readings("21st") == (("twenty", "first"),)
    assert readings("1234567890s")[0][-2:] == ("nine", "zeros")
