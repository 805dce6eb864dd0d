import shutil
from pathlib import Path

import pytest

import speechcoach
from speechcoach import analyzers
from speechcoach.judging.norms import load_norms, of_data_files, rules_version


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


ROOT = Path(speechcoach.__file__).parent
NO_RULES = (ROOT / "guides", ROOT / "views")  # the guide in use is added; looks are no rules
DATA = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.rglob("*")
    if path.is_file()
    and path.suffix not in (".py", ".pyc", ".typed")
    and not set(NO_RULES) & set(path.parents)
)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a copy of the package's files, which the rules are read from."""
    copy = tmp_path / "speechcoach"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(speechcoach, "__file__", str(copy / "__init__.py"))
    of_data_files.cache_clear()
    yield copy
    of_data_files.cache_clear()


def add_to(path):
    path.write_bytes(path.read_bytes() + b" ")
    of_data_files.cache_clear()


def test_there_are_data_files_of_every_kind():
    assert {Path(name).suffix for name in DATA} >= {".toml", ".npz"}
    assert len(DATA) > 7


@pytest.mark.parametrize("name", DATA)
def test_the_rules_change_their_name_when_a_data_file_changes(package, name):
    before = rules_version()
    add_to(package / name)
    assert rules_version() != before


def test_a_data_file_that_is_added_or_renamed_changes_the_rules(package):
    names = {rules_version()}
    for change in (
        lambda: (package / "fillers" / "more.toml").write_text(""),
        lambda: (package / "fillers" / "more.toml").rename(package / "fillers" / "most.toml"),
    ):
        change()
        of_data_files.cache_clear()
        names.add(rules_version())
    assert len(names) == 3


def test_code_looks_and_guides_are_not_among_the_rules(package):
    before = rules_version()
    for name in ("coach.py", "views/templates/style.css", "guides/radiology/questions.toml"):
        add_to(package / name)
        assert rules_version() == before


def test_what_the_user_changed_is_part_of_the_rules():
    versions = {rules_version(), rules_version("a"), rules_version("b"), rules_version("ab")}
    versions.add(rules_version("a", "b"))
    assert len(versions) == 5


def test_every_judged_metric_is_measured(written_answer):
    measured = analyzers.measure(written_answer)
    loaded = load_norms()
    wanted = {rule.metric for rule in (*loaded.norm, *loaded.warning)} | {"speaking_time"}
    wanted |= {norm.where_low for norm in loaded.norm} | {norm.where_high for norm in loaded.norm}
    assert wanted - {""} <= set(measured)
