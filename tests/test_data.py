import numpy as np
import pytest

from speechcoach.data import Audio, Filler, Pause, Span, Word


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0.2, 0.5, [2, 3, 4]), (-0.3, 0.2, [0, 1]), (0.8, 9.0, [8, 9]), (1.5, 2.0, []), (-2, -1, [])],
)
def test_a_stretch_of_sound_is_what_the_recording_has_of_it(start, end, expected):
    sound = Audio(np.arange(10, dtype=np.float32), rate=10)
    assert sound.between(start, end).tolist() == expected


def test_a_stretch_of_sound_is_no_copy():
    sound = Audio(np.zeros(10, dtype=np.float32), rate=10)
    assert np.shares_memory(sound.between(0.2, 0.5), sound.samples)


def test_what_has_no_time_has_no_span():
    assert Word("so").span is None
    assert Word("so", 1.0).span is None
    assert Filler("so", "discourse", (0, 1), None, None, 0.9).span is None


def test_what_has_a_time_has_a_span():
    span = Span(1.0, 1.5)
    assert (span.duration, span.middle) == (0.5, 1.25)
    assert Word("so", 1.0, 1.5).span == span
    assert Filler("so", "discourse", (0, 1), 1.0, 1.5, 0.9).span == span
    assert Pause(1.0, 1.5, "clause_end").span == span
