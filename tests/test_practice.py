"""Practice without a microphone: which questions, which moments."""

import io
import random
from concurrent.futures import Future
from dataclasses import replace
from itertools import islice, pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console
from sample_report import report
from sound_support import RATE, silence, tone, write
from workers_support import until

from speechcoach.coach import Settings
from speechcoach.data import Audio, EngineInfo, Filler, Pause, Recognition, Utterance
from speechcoach.errors import AudioError
from speechcoach.guides import load_bank
from speechcoach.history.store import History
from speechcoach.practice import choice, moments
from speechcoach.practice.analyst import Analyst
from speechcoach.practice.studio import Studio
from speechcoach.recorder.recorder import Ending, Recorded
from speechcoach.terminal import session
from speechcoach.terminal.session import Plan, Verdict
from speechcoach.workers import alone
from speechcoach.workers.ahead import Ahead

# Which questions.


def test_no_question_comes_again_before_all_have_come():
    pool = tuple(load_bank().values())[:5]
    drawn = list(islice(choice.shuffled(pool, random.Random(3)), 50))
    rounds = [drawn[first : first + 5] for first in range(0, 50, 5)]
    assert all(sorted(q.id for q in one) == sorted(q.id for q in pool) for one in rounds)
    assert all(a is not b for a, b in pairwise(drawn))


def test_the_question_before_does_not_come_first():
    pool = tuple(load_bank().values())[:3]
    firsts = {next(choice.shuffled(pool, random.Random(s), last=pool[0])).id for s in range(20)}
    assert firsts == {pool[1].id, pool[2].id}


def test_a_single_question_comes_again_and_again():
    (only,) = tuple(load_bank().values())[:1]
    assert list(islice(choice.shuffled((only,), random.Random(0)), 3)) == [only] * 3


def test_what_is_suggested_is_asked_of_the_history_each_time():
    reasons = []
    questions = choice.suggested(load_bank(), reasons.append)
    first = next(questions)
    assert reasons == [f"{first.id}: never practised."]
    with History.open() as history:
        history.add(report(question=first.id))
    assert next(questions) is not first


def test_an_interview_goes_through_the_categories_from_the_first():
    bank = load_bank()
    for seed in range(20):
        asked = choice.interview(bank, random.Random(seed), count=len(bank.categories))
        assert asked[0].category == bank.categories[0]
        assert {question.category for question in asked} == set(bank.categories)


def test_the_same_seed_asks_the_same():
    bank = load_bank()
    ids = [[q.id for q in choice.interview(bank, random.Random(7), count=6)] for _ in range(2)]
    assert ids[0] == ids[1]
    others = {tuple(choice.interview(bank, random.Random(s), count=6)) for s in range(5)}
    assert len(others) > 1


@pytest.mark.parametrize(("count", "asked"), [(1, 1), (22, 22), (100, 22)])
def test_no_question_is_asked_twice_however_many_are_wanted(count, asked):
    bank = load_bank()
    questions = choice.interview(bank, random.Random(1), count=count)
    assert len({question.id for question in questions}) == len(questions) == min(asked, len(bank))


def test_an_interview_fits_its_minutes_but_has_a_question():
    bank = load_bank()
    questions = choice.interview(bank, random.Random(1), seconds=600)
    windows = sum(sum(q.seconds) / 2 + choice.BETWEEN for q in questions)
    assert 400 < windows <= 600
    assert len(choice.interview(bank, random.Random(1), seconds=1)) == 1


# Moments to hear again.


def test_fillers_and_the_longest_pauses_are_moments_in_order():
    found = moments.moments(report())
    assert [(m.start, m.what) for m in found] == [
        (0.5, "um"),
        (3.5, "you know"),
        (10.0, "pause of 0.5 s"),
        (42.0, "pause of 2.4 s"),
    ]


def test_fillers_without_a_time_are_no_moments():
    untimed = Filler("um", "filled_pause", (1, 2), None, None, 0.9)
    assert moments.moments(report(fillers=(untimed,), pauses=())) == ()


def test_only_the_longest_pauses_are_moments():
    pauses = tuple(Pause(float(n), n + 0.1 * n, "clause_end") for n in range(1, 9))
    found = moments.moments(report(fillers=(), pauses=pauses))
    assert [m.start for m in found] == [6.0, 7.0, 8.0]


@pytest.mark.parametrize(
    ("told", "start"),
    [
        ("", 0.0),
        ("4", 42.0 - moments.LEAD),
        ("1", 0.0),
        ("0:42", 42.0),
        ("1:02.5", 62.5),
        ("42s", 42.0),
        ("7.5", 7.5),
        ("5", None),
        ("0", None),
        ("um", None),
        ("1:", None),
    ],
)
def test_a_place_to_listen_from_is_a_number_or_a_time(told, start):
    assert moments.start_of(told, moments.moments(report())) == start


# The analyst.


def take(path, **changes):
    return replace(Recorded(path, 2.0, 48_000, Ending.STOPPED), **changes)


@pytest.fixture
def answer(tmp_path):
    """Written answers need no recogniser, so the one that does not exist is never missed."""
    path = tmp_path / "conflict.txt"
    path.write_text("So, um, I called the ward. It was fine.")
    return path


@pytest.fixture
def workers():
    with alone(Settings(engine="none such")) as started:
        yield started


def test_the_analyst_reports_in_order_and_says_errors(tmp_path, answer, workers):
    analyst = Analyst(workers)
    assert not analyst.ready
    analyst.begin(take(answer, overflows=1), "conflict")
    analyst.begin(take(tmp_path / "gone.txt"), None)
    made, notes = analyst.report()
    assert (made.question, notes) == ("conflict", [])
    assert made.warnings[0].startswith("The computer was too busy once")
    with pytest.raises(AudioError, match=r"There is no file .*The take is kept: .*gone\.txt\."):
        analyst.report()
    assert not analyst.waiting


def test_a_take_outlives_its_process(answer, workers):
    analyst = Analyst(workers)
    for question in ("conflict", "mistake", "pressure"):
        analyst.begin(take(answer), question)
    until(lambda: workers._workers)
    workers._workers[0].process.kill()
    asked = [analyst.report()[0].question for _ in range(3)]
    assert asked == ["conflict", "mistake", "pressure"]
    assert not analyst.waiting


def test_what_is_announced_while_models_load_comes_with_the_next_report(answer, workers):
    analyst = Analyst(workers)
    analyst.warm()
    analyst._notes.append("Meanwhile the embedded recogniser is used.")
    analyst.begin(take(answer), None)
    assert analyst.report()[1] == ["Meanwhile the embedded recogniser is used."]
    analyst.begin(take(answer), None)
    assert analyst.report()[1] == []


@pytest.mark.parametrize("kept", [True, False])
def test_only_a_take_that_is_thrown_away_is_not_followed_any_more(tmp_path, monkeypatch, kept):
    followed = Future()
    workers = SimpleNamespace(submit=lambda job, **_: followed)
    verdict = (take(tmp_path), Verdict.KEEP) if kept else (None, Verdict.DISCARD)
    monkeypatch.setattr(session, "record", lambda *_: verdict)
    plan = Plan(tmp_path / "take.wav")
    studio = Studio(None, Analyst(workers), Console(file=io.StringIO()), plan, False, str)
    assert studio.answer(load_bank()["conflict"]) == verdict
    assert followed.cancelled() is not kept


def test_a_report_is_not_lost_when_the_history_cannot_be_written(
    tmp_path, own_home, answer, workers
):
    own_home.write_text("a file where the data folder should be")
    said = []
    analyst = Analyst(workers)
    plan = Plan(tmp_path / "take.wav")
    studio = Studio(None, analyst, Console(file=io.StringIO()), plan, True, said.append)
    analyst.begin(take(answer), None)
    assert studio.report().question == "conflict"
    assert "The history" in said[0]


# Recognition ahead of the end.


def spoken(*parts):
    """Return a take of tones (speech to nobody but a scripted engine) and silences, in seconds."""
    return np.concatenate([tone(200, s) if s > 0 else silence(-s) for s in parts])


def counting(sound):
    """Hear every tone as its length in tenths of a second, at its time."""
    loud = np.abs(sound.samples) > 0.01
    edges = np.flatnonzero(np.diff(np.convolve(loud, np.ones(800)) > 0, prepend=0, append=0))
    spans = edges.reshape(-1, 2) / sound.rate
    heard = (Utterance(f"{10 * (b - a - 0.05):.0f}", float(a), float(b)) for a, b in spans)
    return Recognition(EngineInfo("scripted", "none", "1"), tuple(heard))


def test_what_was_heard_ahead_and_the_rest_make_up_the_whole(tmp_path):
    whole = spoken(12, -1, 8, -1, 7, -3, 9, -1, 11, -1, 4)
    take = tmp_path / "take.wav"
    ahead = Ahead(counting, take)
    ahead.listen()  # it is not there yet
    finished = []
    for seconds in (0.1, 10, 25, 26, 40, 56):
        write(take, whole[: round(seconds * RATE)])
        ahead.listen()
        finished.append(ahead._done)
    assert finished == sorted(finished)
    assert 40 < finished[-1] < 56
    direct = counting(Audio(whole, RATE)).utterances
    heard = ahead(Audio(whole, RATE)).utterances
    assert (
        [u.text for u in heard]
        == [u.text for u in direct]
        == ["120", "80", "70", "90", "110", "40"]
    )
    assert [u.start for u in heard] == pytest.approx([u.start for u in direct], abs=0.01)
