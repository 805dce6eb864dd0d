import math

import pytest

from speechcoach.quantities import band, cell, clock, named, number, quantity


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (42.9, "0:42"), (102.4, "1:42"), (3600, "60:00")]
)
def test_times_are_minutes_and_seconds(seconds, said):
    assert clock(seconds) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (151.6, "words/min", "152 words/min"),
        (0.213, "ratio", "21%"),
        (2.34, "semitones", "2.3 semitones"),
        (7.0, "count", "7"),
        (None, "s", "unknown"),
        (1.234, "furlongs", "1.23 furlongs"),
    ],
)
def test_each_unit_has_its_scale_and_precision(value, unit, said):
    assert quantity(value, unit) == said


@pytest.mark.parametrize(
    ("good", "unit", "said"),
    [
        ((110, 180), "words/min", "110 to 180"),
        ((0.08, 0.32), "ratio", "8 to 32%"),
        ((0, 5), "1/min", "up to 5"),
        ((2, math.inf), "semitones", "2 or more"),
    ],
)
def test_bands_read_as_a_person_would_say_them(good, unit, said):
    assert band(good, unit) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(71.4, "points", "71"), (0.213, "ratio", "21"), (2.31, "1/min", "2.3"), (None, "s", "–")],
)
def test_in_a_table_the_number_stands_alone(value, unit, said):
    assert cell(value, unit) == said


@pytest.mark.parametrize(
    ("unit", "said"),
    [("1/min", "it, a minute"), ("ratio", "it, %"), ("points", "it"), ("count", "it"), ("", "it")],
)
def test_a_column_is_named_with_its_unit(unit, said):
    assert named("it", unit) == said


@pytest.mark.parametrize("value", [-0.04, -0.0, 0.04])
def test_there_is_no_minus_zero(value):
    assert number(value, "dB") == "0.0"
