"""Lists that commands print, a line each: takes, plans, microphones, checkpoints, check-ups."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sample_report import QUESTION, report
from test_views_progress import kept
from views_support import HOSTILE, SPELLED

from speechcoach.checkup import Check
from speechcoach.engines.checkpoints import known
from speechcoach.practice.moments import Moment
from speechcoach.progress.schedule import Suggestion
from speechcoach.recorder.microphone import Device
from speechcoach.views import Screen, checkpoints, devices, health, interview, moments, plan, takes
from speechcoach.views.screen import WHOLE

TODAY = date(2026, 11, 1)


# Takes


def take(number, question, name, path=None):
    import dataclasses

    made = datetime(2026, 11, 1, 12, tzinfo=UTC)
    one = kept(number)
    return dataclasses.replace(one, question=question, name=name, path=path, made=made)


def test_takes_stand_in_columns():
    listed = [take(7, "conflict", "a.wav"), take(123, None, "b.wav", "/x/b.wav")]
    first, second = takes.render(listed, {7: 71.4}).splitlines()
    day = datetime(2026, 11, 1, 12, tzinfo=UTC).astimezone()
    assert first == f"  7  {day:%Y-%m-%d %H:%M}  conflict  71  a.wav"
    assert second == f"123  {day:%Y-%m-%d %H:%M}  –          –  /x/b.wav"


def test_no_takes_are_no_lines():
    assert takes.render([], {}) == ""


def test_a_take_is_one_line_whatever_its_name():
    shown = takes.render([take(1, None, "a\n\x1b[31mb\u202e.wav")], {})
    assert shown.endswith("a??[31mb?.wav\n")
    assert shown.count("\n") == 1


# Plans


def test_suggestions_come_with_their_reason_and_question():
    shown = plan.render([Suggestion(QUESTION, 1.0, "never practised")])
    assert shown == "conflict: never practised\n  Tell me about a conflict.\n"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 1), "The interview is today, on 2026-11-01."),
        (date(2026, 11, 2), "The interview is tomorrow, on 2026-11-02."),
        (date(2026, 11, 4), "The interview is in 3 days, on 2026-11-04."),
        (date(2026, 10, 31), "The interview was on 2026-10-31; 'goal --date' sets the next one."),
        (None, "No interview date is set: goal --date sets it."),
    ],
)
def test_the_way_to_the_interview_is_a_sentence(day, said):
    assert plan.until(day, TODAY) == said


# Microphones, checkpoints, check-ups


def test_microphones_stand_in_lines_the_default_with_a_star():
    found = [
        (Device(0, "Built-in", "ALSA", 2, 48000, True), (16000, 48000)),
        (Device(12, "odd\n\x1b[2J", "ALSA", 1, 8000, False), ()),
    ]
    assert devices.render(found).splitlines() == [
        "*  0  Built-in (ALSA)  16000, 48000",
        "  12  odd [2J (ALSA)  none of the usual rates",
    ]


def test_checkpoints_tell_where_they_are():
    lines = checkpoints.render(known(), {"base.en": Path("/m/base.en.pt")}).splitlines()
    assert len(lines) == len(known())
    (base,) = [line for line in lines if line.startswith("base.en ")]
    assert base.split() == ["base.en", "145", "MB", known()["base.en"].sha256[:12],
                            "/m/base.en.pt"]  # fmt: skip
    assert sum(line.endswith("  not here") for line in lines) == len(lines) - 1


def test_a_checkup_says_what_works_and_what_to_do():
    assert health.render(Check("Python", True, "3.12"), Screen()) == "ok  Python: 3.12\n"
    broken = Check("decoder", False, "gone", "Install it.")
    assert health.render(broken, Screen()) == "no  decoder: gone\n    Install it.\n"


@pytest.mark.parametrize(
    ("works", "optional", "colour"), [(True, False, 32), (False, True, 33), (False, False, 31)]
)
def test_what_is_needed_and_missing_is_red(works, optional, colour):
    shown = health.render(Check("x", works, "d", "s", optional), Screen(colour=True))
    assert shown.startswith(f"\x1b[{colour}m")


def test_a_device_may_be_called_anything():
    shown = health.render(Check("microphone", True, HOSTILE), Screen(WHOLE))
    assert shown == f"ok  microphone: {SPELLED}\n"


# Moments


def test_moments_are_numbered():
    among = [Moment(0.5, "um"), Moment(62.0, "pause of 2.4 s"), Moment(70.0, "a\n\x1bb")]
    assert moments.render(among) == "  1  0:00  um\n  2  1:02  pause of 2.4 s\n  3  1:10  a b"


# An interview


def answered(question, fillers, pace, overall):
    from speechcoach.data import Measurement

    measured = {
        "speaking_time": Measurement(90.0, "s"),
        "filler_rate": Measurement(fillers, "1/min"),
        "speech_rate": Measurement(pace, "words/min"),
    }
    return report(question=question, measurements=measured, scores={"overall": overall})


def test_an_interview_is_a_row_an_answer_and_the_way_from_first_to_last():
    reports = [
        answered("conflict", 6.0, 150.0, 71.4),
        answered("mistake", None, None, None),
        answered("pressure", 3.0, 140.0, 80.0),
    ]
    assert interview.render(reports).splitlines() == [
        "answer    length  fillers       pace           overall",
        "conflict  90.0 s  6.0 a minute  150 words/min  71",
        "mistake   90.0 s  unknown       unknown        unknown",
        "pressure  90.0 s  3.0 a minute  140 words/min  80",
        "Fillers from first to last answer: 6.0 a minute -> 3.0 a minute",
        "Pace from first to last answer: 150 words/min -> 140 words/min",
    ]


def test_one_answer_has_no_way_from_first_to_last():
    assert len(interview.render([answered("conflict", 6.0, 150.0, 71.4)]).splitlines()) == 2


def test_an_interview_without_an_answer_says_so():
    assert interview.render([]) == "No answer could be analysed.\n"


def test_answers_without_a_question_or_any_number_have_their_row():
    shown = interview.render([report(question=None, measurements={}, scores={})])
    assert shown.splitlines()[1].split() == ["?", "unknown", "unknown", "unknown", "unknown"]
