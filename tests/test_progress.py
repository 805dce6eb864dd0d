"""Trends: verdicts by known truth, like compared with like, and every form of the report."""

import dataclasses
import json
import random
import statistics
from datetime import UTC, datetime, timedelta

import pytest
import scipy.stats
from click.testing import CliRunner
from sample_report import MEASUREMENTS, report

from speechcoach.cli import main
from speechcoach.coach import Coach, Settings
from speechcoach.data import EngineInfo, Measurement
from speechcoach.errors import UnknownNameError
from speechcoach.history.store import History
from speechcoach.judging.norms import load_norms
from speechcoach.progress.change import HOPED, change, rarity, slope, student
from speechcoach.progress.measures import BEST, Measure, chosen, measures
from speechcoach.progress.trends import progress, trend

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
FILLERS = Measure("filler_rate", "fillers", (0.0, 5.0))


# Whether there is a change


@pytest.mark.parametrize("count", range(6))
def test_few_takes_are_too_few_to_say(count):
    assert change([float(n) for n in range(count)], 1).verdict == "too few takes"


def test_a_clear_step_is_seen_from_six_takes_on():
    found = change([9.0, 9.2, 8.9, 4.0, 4.1, 3.8], -1)
    assert (found.verdict, found.side) == ("down", 3)
    assert found.before == pytest.approx(9.0333, abs=1e-3)
    assert found.after == pytest.approx(3.9667, abs=1e-3)


def test_the_spread_is_that_of_two_takes_in_a_row():
    values = [1.0, 3.0, 1.0, 3.0, 1.0, 3.0, 1.0, 3.0]
    within = statistics.stdev(values[:4])
    assert change(values, 0).spread == pytest.approx(2**0.5 * within)


@pytest.mark.parametrize(
    "values", [[5.0] * 10, [50.0, 75.0] * 5, [0.0, 0.0, 0.0, 0.0, 1.0] * 2, [1.0, 9.0, 5.0] * 4]
)
def test_what_only_wavers_has_not_changed(values):
    assert change(values, -1).verdict == "no change yet"


def test_a_step_between_few_values_is_not_taken_for_certain():
    """Without spread inside a side, t alone is too sure."""
    wavering = [75.0, 75.0, 75.0, 75.0, 100.0, 100.0, 75.0, 100.0]
    assert student(wavering[:4], wavering[4:]) < HOPED.error
    assert change(wavering, 1).verdict == "no change yet"
    assert change([50.0] * 4 + [75.0] * 4, 1).verdict == "up"


def test_among_others_a_change_must_be_clearer():
    values = [10.0, 11.0, 9.5, 10.5, 9.0, 11.5, 12.5, 11.0, 12.0, 10.5]
    assert change(values, 1).verdict == "up"
    assert change(values, 1, among=12).verdict == "perhaps up"
    assert change([v + 5 * (n > 4) for n, v in enumerate(values)], 1, among=12).verdict == "up"


def test_the_direction_that_was_hoped_for_needs_less():
    values = [10.0, 11.0, 9.5, 10.5, 9.0, 11.5, 12.5, 11.0, 12.0, 10.5]
    assert change(values, 1).verdict == "up"
    assert change(values, -1).verdict == "no change yet"


def test_scale_and_shift_do_not_matter():
    rng = random.Random(5)
    for _ in range(50):
        values = [rng.gauss(0, 1) + (n > 4) for n in range(10)]
        assert change(values, 1).verdict == change([1e3 + 7 * v for v in values], 1).verdict
        assert (change(values, 1).verdict == "up") == (
            change([-v for v in values], -1).verdict == "down"
        )


def test_rarity_counts_the_ways_to_deal():
    assert rarity([1, 2, 3], [4, 5, 6]) == 1 / 20
    assert rarity([4, 5, 6], [1, 2, 3]) == 1
    assert rarity([1, 1, 1], [1, 1, 1]) == 1


@pytest.mark.parametrize("side", range(3, 8))
def test_students_t_is_that_of_the_textbook(side):
    rng = random.Random(side)
    for _ in range(5):
        first, latest = ([rng.gauss(m, 1) for _ in range(side)] for m in (0, 1))
        expected = scipy.stats.ttest_ind(latest, first, alternative="greater").pvalue
        assert student(first, latest) == pytest.approx(expected, abs=1e-9)


def test_sides_without_any_spread_are_told_apart_or_not():
    assert student([1, 1, 1], [2, 2, 2]) == 0.0
    assert student([2, 2, 2], [1, 1, 1]) == 1.0
    assert student([1, 1, 1], [1, 1, 1]) == 0.5


def test_no_true_change_is_rarely_claimed_and_a_large_one_mostly_found():
    rng = random.Random(11)
    still = [[rng.gauss(8, 1.5) for _ in range(10)] for _ in range(400)]
    claimed = sum(trend_of(values).change.verdict != "no change yet" for values in still)
    assert claimed <= 0.08 * len(still)
    stepped = [[v - 2 * 2**0.5 * 1.5 * (n > 4) for n, v in enumerate(vs)] for vs in still]
    found = sum(trend_of(values).better is True for values in stepped)
    assert found >= 0.95 * len(still)


def test_slope_is_the_change_a_take():
    assert slope([1.0, 3.0, 5.0]) == pytest.approx(2.0)
    assert slope([1.0]) is None


# What is better


def trend_of(values, measure=FILLERS):
    return trend(measure, "1/min", dict(enumerate(values)))


def test_fewer_fillers_are_better_and_more_are_worse():
    down = [12.0, 12.5, 11.5, 12.0, 6.0, 6.5, 5.5, 6.0]
    assert trend_of(down).better is True
    assert trend_of(down[::-1]).better is False


def test_inside_the_good_band_a_change_is_neither_better_nor_worse():
    moved = trend_of([1.0, 1.1, 0.9, 1.0, 4.0, 4.1, 3.9, 4.0])
    assert moved.change.verdict == "up"
    assert moved.better is None


def test_the_best_take_is_the_one_nearest_to_the_good_band():
    assert trend_of([9.0, 6.0, 7.0]).best == 6.0
    assert trend_of([60.0, 80.0, 70.0], Measure("score.overall", "overall", BEST)).best == 80.0
    assert trend_of([60.0, 80.0], Measure("speaking_time", "speaking time", None)).best is None


def test_every_norm_is_followed():
    assert {norm.metric for norm in load_norms().norm} <= set(measures(load_norms()))


# Like with like


def keep(history: History, number: int, **changes: object) -> int:
    """Keep one take a day, judged by today's rules, and return its number."""
    values = changes.pop("values", {})
    recording = dataclasses.replace(
        report().recording, sha256=f"{number:064x}", **changes.pop("recording", {})
    )
    measured = {name: Measurement(v, MEASUREMENTS[name].unit) for name, v in values.items()}
    changes = {"rules": Coach(Settings()).rules(None), "recording": recording} | changes
    made = report(measurements={**MEASUREMENTS, **measured}, **changes)
    return history.add(made, made=START + timedelta(days=number))


@pytest.fixture
def history():
    with History.open() as opened:
        yield opened


@pytest.fixture
def improved(history):
    """Keep ten takes whose fillers become fewer half-way."""
    rates = [9.0, 9.4, 8.7, 9.1, 9.3, 4.2, 4.0, 4.4, 3.9, 4.1]
    return [keep(history, n, values={"filler_rate": rate}) for n, rate in enumerate(rates)]


def found(history, **options):
    return progress(history, Coach(Settings()), **options)


def test_trends_of_a_group(history, improved):
    (group,) = found(history, metric="filler_rate")
    (fillers,) = group.trends
    assert fillers.takes == tuple(improved)
    assert (fillers.values[0], fillers.values[-1], fillers.best) == (9.0, 4.1, 4.2)
    assert fillers.better is True


def test_takes_judged_by_other_rules_are_left_out_and_said(history, improved):
    keep(history, 20, rules="0.0.1+old")
    (group,) = found(history)
    assert [take.id for take in group.group.takes] == improved
    ((why, count),) = group.group.left_out.items()
    assert "rescore" in why
    assert count == 1


def test_takes_of_another_length_are_left_out(history, improved):
    keep(history, 20, recording={"duration": 20.0})
    (group,) = found(history)
    assert [take.id for take in group.group.takes] == improved
    assert group.group.left_out == {"much shorter or longer than usual": 1}


def test_takes_of_another_recogniser_are_left_out(history, improved):
    keep(history, -1, engine=EngineInfo("whisper", "base.en", "1"))
    (group,) = found(history)
    assert [take.id for take in group.group.takes] == improved
    assert group.group.left_out == {"heard by another recogniser": 1}


def test_kinds_of_questions_are_not_mixed(history, improved):
    keep(history, 30, question="tell-me-about-yourself")
    keep(history, 31, question=None)
    sizes = {group.group.name: len(group.group.takes) for group in found(history)}
    assert sizes == {"behavioural answers": 10, "openers": 1, "answers without a question": 1}


def test_a_question_that_is_gone_is_no_obstacle(history):
    keep(history, 1, question="long-gone")
    kept = keep(history, 2)
    notes = []
    (group,) = progress(history, Coach(Settings(), notes.append))
    assert [take.id for take in group.group.takes] == [kept]
    assert notes == ["Left out, of questions not in this guide or bank: 1 takes."]


def test_a_recording_counts_once_with_its_last_analysis(history, improved):
    again = keep(history, 9, engine=EngineInfo("whisper", "base.en", "1"))
    (group,) = found(history)
    assert [take.id for take in group.group.takes] == [again]
    assert group.group.left_out == {"heard by another recogniser": 9}


def test_a_silent_recording_does_not_decide_which_recogniser_counts(history, improved):
    silent = keep(history, 20, engine=None)
    (group,) = found(history)
    assert [take.id for take in group.group.takes] == [*improved, silent]


def test_an_unknown_measure_or_question_is_named(history):
    with pytest.raises(UnknownNameError, match="no measure called 'filer_rate': did you mean fill"):
        found(history, metric="filer_rate")
    with pytest.raises(UnknownNameError, match="no question called 'conflit'"):
        found(history, question="conflit")
    assert set(chosen(measures(load_norms()), "overall")) == {"score.overall"}


# The command


def invoke(*arguments: object):
    return CliRunner().invoke(main, ["progress", *map(str, arguments)])


def test_the_text_tells_values_and_verdict(improved):
    shown = invoke().stdout
    assert "Behavioural answers: 10 takes, 2026-09-01 to 2026-09-10" in shown
    assert "fillers: better: first 5 on average 9.1, last 5 4.1" in shown
    assert "speech rate: no change yet" in shown
    assert "All measures are looked at together" in shown


def test_an_empty_history_says_how_it_fills():
    ran = invoke()
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "No take is kept yet" in ran.stderr


def test_json_has_every_number(improved):
    (group,) = json.loads(invoke("--format", "json").stdout)
    fillers = group["measures"]["filler_rate"]
    assert fillers["values"][0] == 9.0
    assert (fillers["verdict"], fillers["better"]) == ("down", True)
    assert group["takes"][0] == {"take": improved[0], "made": "2026-09-01T12:00:00+00:00"}
