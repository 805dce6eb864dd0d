import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechcoach.data import Element, Finding, Measurement, Question, Span
from speechcoach.judging.norms import Norm, QualityLimit, load_norms
from speechcoach.judging.scoring import (
    band_score,
    judge_value,
    length_norm,
    level,
    next_steps,
    part_score,
    warn,
    weighted_mean,
)

GOOD, WATCH = (110.0, 180.0), (95.0, 200.0)
NORM = Norm(
    metric="speech_rate",
    label="speech rate",
    score="pace",
    weight=2.0,
    good=GOOD,
    watch=WATCH,
    source="a paper",
    low="Faster.",
    high="Slower.",
    where_high="fastest_window",
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(110, 100), (145, 100), (180, 100), (200, 60), (95, 60), (190, 80), (230, 0), (500, 0)],
)
def test_the_score_is_the_documented_straight_line(value, expected):
    assert band_score(value, GOOD, WATCH) == pytest.approx(expected)


def test_an_open_side_has_no_outside():
    assert band_score(40.0, (2.0, math.inf), (1.0, math.inf)) == 100
    assert band_score(0.0, (0, 5), (0, 9)) == 100


@given(st.floats(-1e6, 1e6), st.floats(0, 1e3))
def test_further_out_never_scores_higher(value, step):
    towards = step if value > 180 else -step
    assert band_score(value + towards, GOOD, WATCH) <= 100
    if not GOOD[0] <= value <= GOOD[1]:
        assert band_score(value + towards, GOOD, WATCH) <= band_score(value, GOOD, WATCH)


@pytest.mark.parametrize(
    ("value", "expected"), [(110, "good"), (109.9, "watch"), (95, "watch"), (94.9, "work")]
)
def test_level_follows_the_bands(value, expected):
    assert level(value, GOOD, WATCH) == expected


def test_a_mean_leaves_out_what_is_unknown():
    assert weighted_mean([(100.0, 1), (None, 5), (40.0, 2)]) == pytest.approx(60)
    assert weighted_mean([(None, 1), (50.0, 0)]) is None
    assert weighted_mean([]) is None


def test_a_score_without_a_single_known_figure_is_unknown():
    assert part_score("pace", [NORM], {"speech_rate": Measurement(None, "words/min")}) is None


def test_a_finding_shows_the_place_where_it_is_worst():
    fastest = Measurement(230.0, "words/min", (Span(30, 60),))
    measured = {"speech_rate": Measurement(210.0, "words/min"), "fastest_window": fastest}
    finding = judge_value(NORM, measured)
    assert finding == Finding(
        "speech_rate", "work", "speech rate: 210 words/min", "Slower.", "a paper", (Span(30, 60),)
    )


def test_a_value_in_the_good_band_needs_no_advice():
    finding = judge_value(NORM, {"speech_rate": Measurement(150.0, "words/min")})
    assert finding is not None
    assert (finding.level, finding.advice) == ("good", "")


def test_what_is_judged_is_what_is_read():
    unknown = Measurement(None, "words/min")
    within = {"speech_rate": Measurement(180.4, "words/min"), "fastest_window": unknown}
    assert judge_value(NORM, within).level == "good"
    assert part_score("pace", [NORM], within) == 100
    beyond = {**within, "speech_rate": Measurement(180.6, "words/min")}
    assert judge_value(NORM, beyond).level == "watch"


def test_an_unknown_value_is_not_judged():
    assert judge_value(NORM, {"speech_rate": Measurement(None, "words/min")}) is None


def test_length_is_judged_against_the_window_of_the_question():
    question = Question("q", "c", "Why?", "open", (30.0, 75.0), elements=(Element("e", "m"),))
    rule = load_norms().length
    assert length_norm(rule, question).good == (30.0, 75.0)
    assert length_norm(rule, None).good == rule.window


def test_steps_put_work_before_watch_and_stop_at_three():
    def finding(about, level, advice="Do."):
        return Finding(about, level, about, advice, "s")

    findings = [
        finding("a", "watch"),
        finding("b", "good", ""),
        finding("c", "work"),
        finding("d", "work"),
        finding("e", "work"),
    ]
    assert [f.about for f in next_steps(findings)] == ["c", "d", "e"]
    assert [f.about for f in next_steps(findings[:3])] == ["c", "a"]


def test_a_broken_quality_limit_is_a_warning_with_its_number():
    limit = QualityLimit("clipping", "clipped: %(percent).1f%%", "s", above=0.001)
    assert warn([limit], {"clipping": Measurement(0.02, "ratio")}) == ["clipped: 2.0%"]
    assert warn([limit], {"clipping": Measurement(0.001, "ratio")}) == []
    assert warn([limit], {"clipping": Measurement(None, "ratio")}) == []


@pytest.mark.parametrize(
    ("value", "place"), [(30.0, Span(40.0, 40.0)), (150.0, Span(130.0, 160.0))]
)
def test_a_wrong_length_is_shown_where_the_answer_ends_or_passes_its_window(value, place):
    rule = length_norm(load_norms().length, None)
    spoken = Measurement(value, "s", (Span(10.0, 10.0 + value),))
    found = judge_value(rule, {"speaking_time": spoken})
    assert found is not None
    assert found.spans == (place,)
