import pytest

from speechcoach import analyzers
from speechcoach.judging import norms
from speechcoach.judging.norms import load_norms, rules_version


def every_rule():
    loaded = load_norms()
    return [*loaded.norm, *loaded.warning, loaded.length, loaded.overall]


@pytest.mark.parametrize("rule", every_rule())
def test_every_opinion_names_its_source(rule):
    assert len(rule.source) >= len("our guess")


@pytest.mark.parametrize("norm", load_norms().norm, ids=lambda norm: norm.metric)
def test_the_watch_band_holds_the_good_band(norm):
    assert norm.watch[0] <= norm.good[0] < norm.good[1] <= norm.watch[1]


@pytest.mark.parametrize("norm", load_norms().norm, ids=lambda norm: norm.metric)
def test_a_side_that_can_be_missed_has_advice(norm):
    assert bool(norm.low) == (norm.watch[0] < norm.good[0])
    assert bool(norm.high) == (norm.good[1] < norm.watch[1])


def test_every_norm_feeds_a_score_that_counts():
    assert {norm.score for norm in load_norms().norm} < set(load_norms().overall.weights)


def test_no_metric_is_judged_twice():
    metrics = [norm.metric for norm in load_norms().norm]
    assert len(metrics) == len(set(metrics))


def test_the_rules_change_their_name_when_a_data_file_changes(monkeypatch):
    before = rules_version()
    monkeypatch.setattr(norms, "_data_files", lambda: [("speechcoach/norms.toml", b"changed")])
    rules_version.cache_clear()
    assert rules_version() != before
    monkeypatch.undo()
    rules_version.cache_clear()
    assert rules_version() == before


def test_every_judged_metric_is_measured(written_answer):
    measured = analyzers.measure(written_answer)
    loaded = load_norms()
    wanted = {rule.metric for rule in (*loaded.norm, *loaded.warning)} | {"speaking_time"}
    wanted |= {norm.where_low for norm in loaded.norm} | {norm.where_high for norm in loaded.norm}
    assert wanted - {""} <= set(measured)
