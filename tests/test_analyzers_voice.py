from dataclasses import replace

import numpy as np
import pytest
from sound_support import RATE, answer_of, drawn, pulses

from speechcoach.analyzers.voice import (
    flattest_window,
    loudness_variation,
    pitch_variation,
    sentence_falls,
    voice,
    word_levels,
)
from speechcoach.data import Sentence, Transcript, Word
from speechcoach.sound.level import levels
from speechcoach.sound.pitch import pitch


def test_pitch_variation_is_the_deviation_in_semitones():
    semitones = np.random.default_rng(0).normal(0, 2.5, 20_000)
    assert pitch_variation(120 * 2 ** (semitones / 12)) == pytest.approx(2.5, rel=0.03)


@pytest.mark.parametrize("factor", [0.5, 1.7])
def test_a_higher_voice_that_moves_as_much_varies_as_much(factor):
    f0 = 120 * 2 ** (np.random.default_rng(0).normal(0, 3, 2000) / 12)
    assert pitch_variation(factor * f0) == pytest.approx(pitch_variation(f0))


def test_a_few_octave_errors_do_not_move_the_pitch_variation():
    f0 = 120 * 2 ** (np.random.default_rng(0).normal(0, 1, 2000) / 12)
    wrong = f0.copy()
    wrong[::50] *= 2
    assert pitch_variation(wrong) == pytest.approx(pitch_variation(f0), rel=0.1)


def test_too_little_voice_gives_no_pitch_variation():
    assert pitch_variation(np.full(99, 120.0)) is None
    assert pitch_variation(np.full(2000, np.nan)) is None
    assert pitch_variation(np.array([])) is None


def test_a_measured_glide_has_the_spread_of_a_glide():
    contour = 100 * 2 ** (np.linspace(0, 6, 4 * RATE) / 12)  # 6 semitones, evenly
    samples = pulses(contour, 4)
    f0 = pitch(samples, RATE, 160, levels(samples, 160)).f0
    assert pitch_variation(f0) == pytest.approx(6 * 0.8 / 2.563, rel=0.05)


def test_the_flattest_ten_seconds_are_found():
    signal = drawn("#" * 400)
    f0 = 120 * 2 ** (np.random.default_rng(0).normal(0, 3, 4000) / 12)
    f0[1500:2500] = 120 * 2 ** (np.random.default_rng(1).normal(0, 0.5, 1000) / 12)
    value, span = flattest_window(replace(signal, f0=f0.astype(np.float32)))
    assert value == pytest.approx(0.5, rel=0.1)
    assert (span.start, span.end) == pytest.approx((15, 25))


def test_an_answer_under_ten_seconds_has_no_flattest_window():
    assert flattest_window(drawn("#" * 99)) is None


def spoken(levels, *, each=0.5):
    """Return frames and words: each word is voiced for `each` seconds at its own level."""
    signal = drawn("#" * round(len(levels) * each * 10))
    level = np.repeat(levels, round(each * 100)).astype(np.float32)
    words = [Word("word", i * each + 0.1, (i + 1) * each - 0.1) for i in range(len(levels))]
    return replace(signal, level=level), words


def test_loudness_is_that_of_each_words_vowels():
    signal, words = spoken([-20, -26, -14])
    assert word_levels(signal, words) == pytest.approx([-20, -26, -14])
    hiss = replace(signal, voiced=signal.voiced & (np.arange(150) >= 50))
    assert np.isnan(word_levels(hiss, words)[0])
    assert np.isnan(word_levels(signal, [Word("word")])[0])


@pytest.mark.parametrize("gain", [-30, 0, 12])
def test_loudness_variation_is_the_words_deviation_whatever_the_gain(gain):
    levels = np.random.default_rng(0).normal(-20 + gain, 3, 5000)
    assert loudness_variation(levels) == pytest.approx(3, rel=0.05)
    assert loudness_variation(np.append(levels, [np.nan] * 9)) == loudness_variation(levels)
    assert loudness_variation(levels[:7]) is None


def transcript(words, size):
    sentences = tuple(
        Sentence((i, i + size), words[i].start, words[i + size - 1].end, "")
        for i in range(0, len(words), size)
    )
    return Transcript("", tuple(words), sentences)


def test_sentences_that_fade_are_measured_and_shown():
    even, fading = [-20.0] * 8, [-20.0] * 5 + [-29.0] * 3
    signal, words = spoken(even + fading + fading)
    falls = sentence_falls(signal, transcript(words, 8))
    assert [fall for fall, _ in falls] == pytest.approx([0, 9, 9])
    found = answer_of(np.zeros(round(signal.speech.size / 100 * RATE)), ["x"])
    found = replace(found, frames=signal, transcript=transcript(words, 8))
    measured = dict(voice(found))["trailing_off"]
    assert measured.value == pytest.approx(9)
    assert [(s.start, s.end) for s in measured.spans] == [
        (words[13].start, words[15].end),
        (words[21].start, words[23].end),
    ]


def test_short_sentences_do_not_tell_whether_they_fade():
    signal, words = spoken([-20.0] * 10)
    assert sentence_falls(signal, transcript(words, 5)) == []
