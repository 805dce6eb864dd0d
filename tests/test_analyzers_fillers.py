"""Fillers in numbers: counts, rates, thirds, bursts."""

from dataclasses import replace

import numpy as np
import pytest

from speechcoach.analyzers.fillers import bursts, fillers
from speechcoach.data import Filler, Frames, Measurement, Span, Transcript, Word

UM = ("um", "filled_pause")
LIKE = ("like", "discourse")


def use(position, start, what=UM, *, recovered=False):
    end = None if start is None else start + 0.3
    return Filler(*what, (position, position + 1), start, end, 0.9, recovered)


@pytest.fixture
def spoken(written_answer):
    """An answer of 60 words in 120 s, the first at 2 s; word i starts at 2 + 2 i and lasts 2 s."""
    words = tuple(Word("word", 2.0 + 2 * i, 4.0 + 2 * i, 0.9) for i in range(60))
    return speaking(replace(written_answer, transcript=Transcript("", words, ())), 2.0, 122.0)


def speaking(answer, start, end):
    """Return the answer with a signal in which somebody speaks from `start` to `end` seconds."""
    level = np.full(13001, -60, np.float32)
    speech = np.zeros(level.size, bool)
    speech[round(100 * start) : round(100 * end)] = True
    return replace(answer, frames=Frames(0.01, level, speech, speech, level))


def measured(answer, *uses):
    return dict(fillers(replace(answer, fillers=uses)))


def values(answer, *uses):
    return {name: measurement.value for name, measurement in measured(answer, *uses).items()}


def test_rates_are_per_minute_of_speaking_time(spoken):
    found = values(spoken, use(0, 2.0), use(3, 8.0, LIKE), use(4, 10.0, LIKE))
    assert found["filler_count"] == 3
    assert found["filler_rate"] == pytest.approx(1.5)
    assert found["filled_pause_rate"] == pytest.approx(0.5)
    assert found["discourse_rate"] == pytest.approx(1.0)


def test_the_share_is_of_the_words_that_are_no_filled_pauses(spoken):
    assert values(spoken, *(use(i, 2.0 + 2 * i) for i in range(10)))["filler_share"] == 20
    assert values(spoken, use(0, 2.0, LIKE))["filler_share"] == pytest.approx(100 / 60)


def test_every_number_comes_with_its_places(spoken):
    found = measured(spoken, use(0, 2.0), use(3, 8.0, LIKE))
    assert found["filler_rate"] == Measurement(
        pytest.approx(1.0), "1/min", (Span(2.0, 2.3), Span(8.0, 8.3))
    )
    assert found["discourse_rate"].spans == (Span(8.0, 8.3),)


def test_thirds_are_of_the_speaking_time(spoken):
    # The answer runs from 2 to 122 s: its thirds start at 2, 42 and 82 s.
    found = values(spoken, use(0, 2.0), use(19, 41.9), use(20, 42.1), use(59, 121.5))
    assert [found[f"fillers_{name}"] for name in ("opening", "middle", "close")] == [2, 1, 1]


def test_a_written_answer_has_counts_shares_and_places_only(written_answer):
    found = measured(written_answer, use(0, None), use(7, None, LIKE))
    known = {name: m.value for name, m in found.items() if m.value is not None}
    assert known == {
        "filler_count": 2,
        "filler_share": pytest.approx(200 / 6),
        "fillers_opening": 1,
        "fillers_middle": 0,
        "fillers_close": 1,
    }
    assert all(m.spans == () for m in found.values())


def test_an_answer_without_words_has_no_numbers(spoken, written_answer):
    for answer in (spoken, written_answer):
        silent = replace(answer, transcript=Transcript("", (), ()))
        assert {m.value for m in measured(silent).values()} == {None}


def test_an_answer_without_fillers_has_zeros(spoken):
    assert set(values(spoken).values()) == {0}


def test_an_answer_without_word_times_is_placed_by_words(spoken):
    untimed = replace(spoken, transcript=Transcript("um so", (Word("um"), Word("so")), ()))
    found = values(untimed, use(0, None), use(1, None, LIKE))
    assert [found[f"fillers_{name}"] for name in ("opening", "middle", "close")] == [1, 1, 0]
    assert found["filler_rate"] == pytest.approx(1.0)


def test_one_word_can_be_one_filler(spoken):
    one = replace(spoken, transcript=Transcript("um", (Word("um", 1.0, 1.5, 0.9),), ()))
    found = values(speaking(one, 1.0, 1.5), use(0, 1.0))
    assert found["filler_rate"] == pytest.approx(120.0)
    assert found["filler_share"] is None


def test_a_word_outside_the_speech_belongs_to_the_nearest_third(spoken):
    found = values(spoken, use(0, 0.5), use(59, 125.0))
    assert (found["fillers_opening"], found["fillers_close"]) == (1, 1)


def test_recovered_and_possible_fillers_are_counted_apart(spoken):
    possible = (Filler("uh", "filled_pause", (9, 9), 20.0, 20.3, 0.4, recovered=True),)
    found = values(
        replace(spoken, possible_fillers=possible), use(0, 2.0), use(1, 4.0, recovered=True)
    )
    assert (found["filler_count"], found["fillers_recovered"]) == (2, 1)
    assert found["fillers_possible"] == 1


# Bursts: 10 a minute within 30 s, that is five fillers.


def at(*starts):
    return [Span(start, start + 0.5) for start in starts]


def test_five_fillers_within_30_seconds_are_a_burst():
    assert bursts(at(10, 15, 20, 30, 39)) == (Span(10, 39.5),)


def test_five_fillers_in_more_than_30_seconds_are_none():
    assert bursts(at(10, 15, 20, 30, 39.6)) == ()
    assert bursts(at(1, 2, 3, 4)) == ()
    assert bursts([]) == ()


def test_windows_that_share_fillers_are_one_burst():
    assert bursts(at(*range(0, 60, 6))) == (Span(0, 54.5),)


def test_separate_bursts_are_told_apart():
    assert bursts(at(0, 1, 2, 3, 4, 60, 61, 62, 63, 64)) == (Span(0, 4.5), Span(60, 64.5))


def test_the_order_of_fillers_does_not_matter():
    assert bursts(at(39, 30, 20, 15, 10)) == bursts(at(10, 15, 20, 30, 39))


def test_bursts_are_measured_with_their_places(spoken):
    crowded = [use(i, 2.0 + 2 * i) for i in range(5)]
    assert measured(spoken, *crowded)["filler_bursts"] == Measurement(1, "count", (Span(2, 10.3),))
