"""What to practise next, and the day of the interview."""

from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sample_report import QUESTION, report

from speechcoach.cli import main
from speechcoach.data import Question
from speechcoach.errors import UnknownNameError
from speechcoach.history.columns import Kept
from speechcoach.history.store import History
from speechcoach.progress.schedule import pause_after, suggestions

TODAY = date(2026, 11, 20)
BANK = {name: Question(name, "c", f"{name}?", "open", (60.0, 90.0)) for name in "abcd"}


def take(number: int, question: str, days_ago: int) -> Kept:
    made = datetime(2026, 11, 20, 12, tzinfo=UTC) - timedelta(days=days_ago)
    return Kept(
        number, made, "/x.wav", "x.wav", str(number), "audio", 60.0, question, "e", "m", "", "r"
    )


def order(takes, overall, interview=None):
    found = suggestions(BANK, takes, overall, TODAY, interview)
    return [one.question.id for one in found]


def test_never_practised_comes_first_then_the_worst_of_the_same_day():
    takes = [take(1, "a", 1), take(2, "b", 1), take(3, "c", 1)]
    assert order(takes, {1: 90.0, 2: 40.0, 3: 60.0}) == ["d", "b", "c", "a"]


def test_what_was_not_practised_for_long_comes_before_what_was():
    takes = [take(1, "a", 20), take(2, "b", 1), take(3, "c", 1), take(4, "d", 2)]
    assert order(takes, dict.fromkeys(range(1, 5), 75.0))[0] == "a"


def test_the_last_take_of_a_question_decides():
    takes = [take(1, "a", 9), take(2, "a", 1), take(3, "b", 1)]
    ranked = order(takes, {1: 10.0, 2: 95.0, 3: 60.0})
    assert ranked.index("b") < ranked.index("a")


def test_right_before_the_interview_nothing_new_comes_first():
    takes = [take(1, "a", 3), take(2, "b", 3), take(3, "c", 3)]
    scores = dict.fromkeys((1, 2, 3), 60.0)
    assert order(takes, scores, TODAY + timedelta(days=1))[-1] == "d"
    assert order(takes, scores, TODAY - timedelta(days=1)) == order(takes, scores)


def test_good_answers_rest_longer_and_the_interview_shortens_every_rest():
    assert pause_after(90.0, 1, None) > pause_after(72.0, 1, None) > pause_after(40.0, 1, None)
    assert pause_after(90.0, 3, None) > pause_after(90.0, 1, None)
    assert pause_after(40.0, 5, None) == pause_after(40.0, 1, None)
    assert pause_after(90.0, 5000, None) == 30.0
    assert pause_after(90.0, 3, 6) == 2.0
    assert pause_after(None, 1, 0) == 1.0


def test_each_suggestion_says_why():
    reasons = {
        one.question.id: one.reason
        for one in suggestions(BANK, [take(1, "a", 4), take(2, "b", 0)], {1: 40.0}, TODAY)
    }
    assert reasons["a"] == "last 4 days ago, 40 of 100; due now"
    assert reasons["b"] == "last today, not scored; due 2026-11-21"
    assert reasons["c"] == "never practised"


def test_an_empty_bank_is_named():
    with pytest.raises(UnknownNameError, match="bank is empty"):
        suggestions({}, [], {}, TODAY)


def test_the_goal_is_kept_told_and_cleared():
    def goal(*arguments: str):
        return CliRunner().invoke(main, ["goal", *arguments])

    assert "No interview date is set" in goal().stdout
    tomorrow = date.today() + timedelta(days=1)
    assert "The interview is tomorrow" in goal("--date", tomorrow.isoformat()).stdout
    assert "The interview is tomorrow" in CliRunner().invoke(main, ["next"]).stderr
    assert "No interview date is set" in goal("--clear").stdout
    past = goal("--date", "2020-01-01")
    assert past.exit_code == 1
    assert "2020-01-01 is past" in past.stderr


def test_next_names_questions_with_reasons():
    with History.open() as history:
        history.add(report(question=QUESTION.id))
    shown = CliRunner().invoke(main, ["next", "--count", "22"]).stdout
    assert "tell-me-about-yourself: never practised" in shown
    assert "conflict: last today, 71 of 100; due" in shown
