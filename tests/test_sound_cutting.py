"""Cutting: known silences in, known cuts out; whatever comes in, the pieces tile the recording."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechcoach.data import Audio, Span
from speechcoach.sound import cutting

RATE = 16000
RNG = np.random.default_rng(1)
HISS = 1e-4


def sound(*stretches):
    """Return loud (positive) and quiet (negative) stretches of noise, in seconds."""
    parts = [RNG.normal(0, 0.1 if s > 0 else HISS, round(abs(s) * RATE)) for s in stretches]
    return Audio(np.concatenate(parts).astype(np.float32), RATE)


def ends(pieces):
    return [piece.end for piece in pieces[:-1]]


def test_silences_are_found_where_they_are():
    level = cutting.levels(sound(2, -0.6, 1, -0.2, 3).samples, 160)
    found = cutting.silences(level)
    assert [(s.start, s.end) for s in found] == [
        (pytest.approx(2.0, abs=0.03), pytest.approx(2.6, abs=0.03)),
        (pytest.approx(3.6, abs=0.03), pytest.approx(3.8, abs=0.03)),
    ]


def test_a_recording_that_fits_is_one_piece():
    assert cutting.pieces(sound(2, -0.6, 3), 15) == [Span(0.0, 5.6)]


def test_cuts_lie_in_the_middle_of_silences():
    assert ends(cutting.pieces(sound(4, -0.6, 4), 5)) == [pytest.approx(4.3, abs=0.03)]


def test_a_short_silence_is_not_cut_in():
    assert cutting.pieces(sound(4, -0.3, 4), 5) == [Span(0.0, 8.3)]
    assert len(cutting.pieces(sound(4, -0.3, 4), 5, shortest=0.2)) == 2


def test_pieces_are_joined_up_to_the_length_asked_for():
    pieces = cutting.pieces(sound(3, -1, 3, -1, 3, -1, 3), 8)
    assert ends(pieces) == [pytest.approx(7.5, abs=0.03)]


def test_a_long_silence_becomes_a_piece_of_its_own():
    pieces = cutting.pieces(sound(-4, 2, -5, 2), 15)
    assert ends(pieces) == [pytest.approx(t, abs=0.03) for t in (3.5, 6.5, 10.5)]


def test_long_silences_stay_where_they_are_not_minded():
    assert len(cutting.pieces(sound(-4, 2, -5, 2), 15, long=math.inf)) == 1


def test_speech_without_a_silence_is_cut_at_its_quietest_moments():
    tiring = sound(11, -0.3, 9, -0.3, 20)
    pieces = cutting.pieces(tiring, 10)
    assert all(piece.duration <= 20 for piece in pieces)
    assert pieces[0].end == pytest.approx(11.15, abs=0.1)


def test_a_level_or_gain_of_the_microphone_changes_no_cut():
    loud = sound(4, -0.6, 4, -3, 2)
    soft = Audio(loud.samples / 16, RATE)
    assert cutting.pieces(soft, 5) == cutting.pieces(loud, 5)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(-4, 8).filter(lambda s: abs(s) > 0.05), max_size=8),
    st.sampled_from([1, 5, 15]),
)
def test_pieces_tile_the_recording(stretches, longest):
    audio = sound(0.001, *stretches)
    pieces = cutting.pieces(audio, longest)
    assert pieces[0].start == 0
    assert pieces[-1].end == audio.duration
    assert all(a.end == b.start and a.duration > 0 for a, b in itertools.pairwise(pieces))
    assert all(piece.duration <= 2 * longest for piece in pieces)


@pytest.mark.parametrize("samples", [0, 1, 100])
def test_next_to_nothing_is_one_piece_without_a_voice(samples):
    audio = Audio(np.zeros(samples, np.float32), RATE)
    pieces = cutting.pieces(audio, 15)
    assert pieces == [Span(0.0, audio.duration)]
    assert not cutting.has_voice(audio, pieces[0])


def test_halves_meet_at_the_quietest_moment():
    audio = sound(4, -0.4, 5)
    first, second = cutting.halves(audio, Span(0.0, audio.duration))
    assert first.end == second.start == pytest.approx(4.2, abs=0.1)
