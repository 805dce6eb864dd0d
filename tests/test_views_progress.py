"""Trends as text, JSON and a page of charts."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from views_support import HOSTILE, SPELLED, Page

from speechcoach.history.columns import Kept
from speechcoach.progress.measures import BEST, Measure
from speechcoach.progress.takes import Group
from speechcoach.progress.trends import Progress, trend
from speechcoach.views import PROGRESS, Screen
from speechcoach.views.progress.text import sparkline

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
FILLERS = Measure("filler_rate", "fillers", (0.0, 5.0))
OVERALL = Measure("score.overall", "overall score", BEST)
LENGTH = Measure("speaking_time", "speaking time", None)
SHARE = Measure("pause_share", "share of pauses", (0.05, 0.32))
FEWER = [9.0, 9.4, 8.7, 9.1, 9.3, 4.2, 4.0, 4.4, 3.9, 4.1]


def kept(number: int) -> Kept:
    made = START + timedelta(days=number)
    return Kept(number, made, None, f"{number}.wav", "0" * 64, "audio", 100.0, None,
                "moonshine", "tiny-en", "", "r")  # fmt: skip


def group(trends=(), name="behavioural answers", takes=10, left_out=None) -> Progress:
    return Progress(Group(name, tuple(map(kept, range(takes))), left_out or {}), tuple(trends))


def of(measure: Measure, unit: str, values=FEWER):
    return trend(measure, unit, dict(enumerate(values)))


@pytest.fixture
def found() -> list[Progress]:
    """Return two groups: one with a trend of each kind, one without any take to compare."""
    trends = [
        of(OVERALL, "points", [60.0, 62.0, 61.0, 60.5, 61.5, 80.0, 81.0, 79.0, 80.5, 82.0]),
        of(LENGTH, "s"),
        of(FILLERS, "1/min"),
        of(SHARE, "ratio", [0.2] * 10),
        of(Measure("x", "new", None), "", [1.0, 2.0]),
    ]
    return [
        group(trends, left_out={"heard by another recogniser": 2}),
        group(name="openers", takes=0),
    ]


def text(found, width=100) -> str:
    return PROGRESS["text"](found, Screen(width))


def test_the_text_tells_values_and_verdict(found):
    lines = text(found).splitlines()
    assert lines[0] == "Behavioural answers: 10 takes, 2026-09-01 to 2026-09-10"
    assert lines[1] == "  2 not compared: heard by another recogniser"
    (row,) = [line for line in lines if line.startswith("  fillers, a minute")]
    assert row.split()[3:] == ["9.0", "4.1", "4.2", "up", "to", "5", "▇█▇██▁▁▂▁▁"]
    assert (
        "  fillers: better: first 5 on average 9.1, last 5 4.1; two takes in a row usually differ "
        "by 0.3" in lines
    )
    assert any(line.startswith("  share of pauses, %") and "5 to 32%" in line for line in lines)
    assert "  new: too few takes to say (4 more needed)" in lines
    assert "Openers: no takes to compare" in lines
    assert lines[-1].startswith("by chance") or "All measures are looked at" in " ".join(lines)


def test_a_chart_shows_the_latest_takes_only():
    values = [1.0, *([5.0] * 40), 9.0]
    (row,) = [line for line in text([group([of(FILLERS, "1/min", values)])]).splitlines()
              if line.startswith("  fillers, a minute")]  # fmt: skip
    assert row.split()[-1] == "▁" * 23 + "█"


def test_what_moved_neither_way_for_the_better_is_higher_or_lower(found):
    assert "  speaking time: lower: first 5 on average 9.1" in text(found)


def test_worse_is_said_kindly():
    (line,) = [one for one in text([group([of(FILLERS, "1/min", FEWER[::-1])])]).splitlines()
               if one.startswith("  fillers: ")]  # fmt: skip
    assert line.startswith("  fillers: not as good as before: first 5 on average 4.1")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_text_keeps_to_its_width(found, width):
    assert max(map(len, text(found, width).splitlines())) <= width


def test_one_take_has_one_day():
    assert text([group(takes=1)]).startswith("Behavioural answers: 1 take, 2026-09-01\n")


def test_nothing_is_nothing():
    assert text([]) == ""
    assert json.loads(PROGRESS["json"]([], Screen())) == []
    assert "<figure" not in PROGRESS["html"]([], Screen())


def test_json_has_every_number(found):
    groups = json.loads(PROGRESS["json"](found, Screen()))
    assert [one["group"] for one in groups] == ["behavioural answers", "openers"]
    fillers = groups[0]["measures"]["filler_rate"]
    assert fillers["values"] == FEWER
    assert (fillers["first"], fillers["latest"], fillers["best"]) == (9.0, 4.1, 4.2)
    assert (fillers["verdict"], fillers["better"], fillers["takes_a_side"]) == ("down", True, 5)
    assert (fillers["before"], fillers["after"]) == (9.1, 4.12)
    assert groups[0]["measures"]["x"]["before"] is None
    assert fillers["slope"] == round(fillers["slope"], 4) != 0
    assert groups[0]["takes"][0] == {"take": 0, "made": "2026-09-01T12:00:00+00:00"}
    assert groups[0]["left_out"] == {"heard by another recogniser": 2}


def test_the_page_holds_a_chart_a_measure_and_fetches_nothing(found):
    page = Page(PROGRESS["html"](found, Screen()))
    names = [tag for tag, _ in page.elements]
    assert names.count("svg") == names.count("figcaption") == 5
    assert not {"script", "link", "img", "iframe"} & page.tags
    assert all(link.startswith("#") for link in page.links())
    labels = [a["aria-label"] for a in page.having("aria-label")]
    assert labels == ["overall score", "speaking time", "fillers", "share of pauses", "new"]
    assert "fillers, a minute: better: first 5 on average 9.1" in page.text
    assert page.headings[0] == "Behavioural answers: 10 takes, 2026-09-01 to 2026-09-10"


def test_the_charts_of_a_page_do_not_share_names():
    twins = [group([of(FILLERS, "1/min")]), group([of(FILLERS, "1/min")], "openers")]
    names = [a["id"] for a in Page(PROGRESS["html"](twins, Screen())).having("id")]
    assert len(names) >= 4
    assert len(names) == len(set(names))


def test_a_page_is_the_same_every_time(found):
    assert PROGRESS["html"](found, Screen()) == PROGRESS["html"](found, Screen())


@pytest.mark.parametrize("form", PROGRESS)
def test_what_is_hostile_is_only_read(form):
    shown = PROGRESS[form](
        [group([of(Measure("x", HOSTILE, None), "s")], HOSTILE, left_out={HOSTILE: 1})],
        Screen(10_000),
    )
    if form == "json":
        (one,) = json.loads(shown)
        assert (one["group"], one["left_out"]) == (HOSTILE, {HOSTILE: 1})
        return
    assert "<script" not in shown or form == "text"
    assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
    read = Page(shown).text if form == "html" else shown
    assert read.lower().count(SPELLED.lower()) >= 3


def test_a_sparkline_spans_least_to_most():
    assert sparkline([1.0, 2.0, 8.0]) == "▁▂█"
    assert sparkline([3.0, 3.0]) == "▄▄"
