from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sound_support import answer_of, drawn

from speechcoach.analyzers.pace import articulation_rate, pace, speech_rate, window_rates
from speechcoach.content.clauses import pauses
from speechcoach.data import Filler, Span, Word
from speechcoach.sound.pauses import silences


def spread(count, start, end, text="word"):
    """Return `count` words, evenly between two times."""
    edges = np.linspace(start, end, count + 1).tolist()
    return [Word(text, a, b) for a, b in pairwise(edges)]


def answer(drawing, words, fillers=()):
    signal = drawn(drawing)
    seconds = (signal.speech.size - 1) * signal.hop
    found = answer_of(np.zeros(round(seconds * 16_000)), ["x"])
    transcript = replace(found.transcript, words=tuple(words))
    return replace(
        found,
        frames=signal,
        transcript=transcript,
        fillers=fillers,
        pauses=pauses(silences(signal), words),
    )


def test_speech_rate_is_over_the_speaking_time_with_its_pauses():
    assert speech_rate(spread(50, 0, 20), 20.0) == 150.0
    assert speech_rate(spread(50, 0, 20), None) is None


def test_articulation_rate_leaves_pauses_and_filled_pauses_out():
    # 2 s of speech, 1 s of silence, 1 s of um, 2 s of speech
    um = Word("um", 3.0, 4.0)
    words = [*spread(6, 0, 2, "table"), um, *spread(6, 4, 6, "table")]
    fillers = (Filler("um", "filled_pause", (6, 7), 3.0, 4.0, 1.0),)
    found = answer("#" * 20 + "." * 10 + "#" * 30, words, fillers)
    assert articulation_rate(found) == pytest.approx(24 / 4.0, rel=0.01)


def test_articulation_rate_does_not_change_when_a_pause_is_longer():
    words = [*spread(6, 0, 2, "table"), *spread(6, 3, 5, "table")]
    later = [*spread(6, 0, 2, "table"), *spread(6, 6, 8, "table")]
    short = articulation_rate(answer("#" * 20 + "." * 10 + "#" * 20, words))
    long = articulation_rate(answer("#" * 20 + "." * 40 + "#" * 20, later))
    assert short == pytest.approx(long)
    assert short == pytest.approx(24 / 4, rel=0.01)


def test_the_fastest_and_slowest_half_minutes_are_found_with_their_place():
    words = [*spread(60, 0, 30), *spread(90, 30, 60), *spread(30, 60, 90)]
    found = dict(pace(answer("#" * 901, words)))
    assert found["fastest_window"].value == pytest.approx(180, abs=4)
    assert found["slowest_window"].value == pytest.approx(60, abs=4)
    assert found["fastest_window"].spans[0].start == pytest.approx(30, abs=1.1)
    assert found["slowest_window"].spans[0].start == pytest.approx(60, abs=1.1)
    assert found["slowest_window"].spans[0].duration == pytest.approx(30)
    assert found["speech_rate"].value == pytest.approx(120, abs=0.5)


def test_the_mean_over_windows_of_an_even_answer_is_its_rate():
    rates = window_rates(spread(300, 0, 120), Span(0.0, 120.0))
    assert len(rates) == 91
    assert {rate for rate, _ in rates} <= {148.0, 150.0, 152.0}


def test_an_answer_shorter_than_a_window_has_none():
    found = dict(pace(answer("#" * 200, spread(50, 0, 20))))
    assert found["speech_rate"].value == pytest.approx(150, rel=0.01)
    assert found["fastest_window"].value is None
    assert found["slowest_window"].spans == ()


def test_a_shift_in_time_shifts_the_windows_and_nothing_else():
    words = [*spread(60, 0, 30), *spread(90, 30, 60)]
    late = [replace(w, start=w.start + 5, end=w.end + 5) for w in words]
    plain = window_rates(words, Span(0.0, 60.0))
    shifted = window_rates(late, Span(5.0, 65.0))
    assert [rate for rate, _ in plain] == [rate for rate, _ in shifted]
    assert [span.start + 5 for _, span in plain] == [span.start for _, span in shifted]
