"""Filled pauses: spliced into fluent speech at known times, and rules by hand-made evidence."""

import functools
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sound_support import RATE, drawn, noise, silence, tone

from speechcoach.alignment.aligner import Alignment, Insertion, align
from speechcoach.data import Audio, Utterance, Word
from speechcoach.fillers.criteria import load_criteria
from speechcoach.fillers.filled_pauses import FilledPause, is_filled_pause, place, recover
from speechcoach.fillers.head import Evidence, convolve, load_head, weigh
from speechcoach.fillers.hesitations import Hesitation, hesitations
from speechcoach.fillers.listener import FIRST, STEP, impressions, listen
from speechcoach.fillers.verifier import probability, signs
from speechcoach.sound.frames import frames as frames_of

CLIPS = Path(__file__).parent / "data" / "hesitations"
SENTENCE = (
    "They swarmed up in front of Sherburn's palings as thick as they could jam together "
    "and you couldn't hear yourself think for the noise."
)
PAUSE, MID_PHRASE, START = 5.0, 2.98, 0.4  # seconds in the sentence; by hand
CRITERIA = load_criteria()


def clip(name):
    return soundfile.read(CLIPS / f"{name}.flac", dtype="float32")[0]


def spliced(*places, gap=0.12):
    """Return the fluent sentence with hesitations put in, and where each of them starts and ends.

    `places` are (time in the sentence, clip), in order; `gap` is the background left around each.
    """
    fluent = clip("fluent")
    background = np.resize(fluent[round(4.8 * RATE) : round(5.2 * RATE)], round(gap * RATE))
    loudest = np.abs(fluent).max()
    parts, truth, at, length = [], [], 0, 0
    for time, name in places:
        filler = clip(name)
        filler = filler * np.float32(0.5 * loudest / np.abs(filler).max())
        pieces = [fluent[at : round(time * RATE)], background, filler, background]
        start = (length + pieces[0].size + background.size) / RATE
        truth.append((start, start + filler.size / RATE))
        at, length = round(time * RATE), length + sum(p.size for p in pieces)
        parts += pieces
    return np.concatenate([*parts, fluent[at:]]), truth


@functools.cache
def heard(*places, gain=1.0, text=SENTENCE):
    """Return what is recovered from the sentence with hesitations at `places`, and the truth."""
    samples, truth = spliced(*places)
    audio = Audio((samples * gain).astype(np.float32), RATE)
    aligned = align([Utterance(text, 0.0, audio.duration)], audio)
    return recover(audio, frames_of(audio), aligned), truth


def found(recovered):
    return [(w.start, w.end) for w in recovered.words if w.recovered]


def sound_only(samples):
    """Return what is recovered from `samples` without a word of text."""
    audio = Audio(samples.astype(np.float32), RATE)
    return recover(audio, frames_of(audio), Alignment((), (), ()))


# Spliced speech ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "name"),
    [
        *((time, name) for time in (START, PAUSE) for name in ("um-1", "um-2", "uh-1", "uh-2")),
        *((MID_PHRASE, name) for name in ("um-1", "uh-1", "uh-2")),
    ],
)
def test_a_spliced_hesitation_is_found_within_60_ms_of_its_onset(time, name):
    recovered, truth = heard((time, name))
    assert [start for start, _ in found(recovered)] == pytest.approx([truth[0][0]], abs=0.06)


def test_it_stands_between_the_words_it_was_said_between():
    recovered, _ = heard((MID_PHRASE, "uh-1"), (PAUSE, "um-1"))
    text = " ".join(word.text if not word.recovered else "*" for word in recovered.words)
    assert "palings * as thick" in text
    assert "together * and you" in text


def test_um_is_told_from_uh_by_its_nasal():
    recovered, _ = heard((START, "um-1"), (MID_PHRASE, "uh-1"), (PAUSE, "um-2"))
    assert [word.text for word in recovered.words if word.recovered] == ["um", "uh", "um"]


def test_fluent_speech_has_none():
    recovered, _ = heard()
    assert found(recovered) == []
    assert " ".join(word.text for word in recovered.words) == SENTENCE


def test_the_level_of_the_recording_changes_nothing():
    places = ((MID_PHRASE, "uh-1"), (PAUSE, "um-1"))
    loud, _ = heard(*places)
    soft, _ = heard(*places, gain=0.1)
    assert len(found(soft)) == len(found(loud)) == 2
    np.testing.assert_allclose(found(soft), found(loud), atol=0.03)


def test_a_second_hearing_is_the_same_as_the_first():
    heard.cache_clear()
    first, _ = heard((PAUSE, "um-1"))
    heard.cache_clear()
    assert heard((PAUSE, "um-1"))[0] == first


def test_a_written_um_is_kept_and_retimed():
    text = SENTENCE.replace("together and", "together Um, and")
    recovered, truth = heard((PAUSE, "um-1"), text=text)
    um = next(word for word in recovered.words if word.text == "Um,")
    assert not um.recovered
    assert um.start == pytest.approx(truth[0][0], abs=0.06)
    assert found(recovered) == []


def test_words_keep_their_order_and_do_not_overlap():
    recovered, _ = heard((MID_PHRASE, "uh-2"), (PAUSE, "um-2"))
    edges = [time for word in recovered.words for time in (word.start, word.end)]
    assert edges == sorted(edges)
    assert [w.text for w in recovered.words if not w.recovered] == SENTENCE.split()


@pytest.mark.parametrize(
    "samples",
    [
        silence(0),
        silence(0.05),
        silence(3),
        noise(3, level=-30),
        noise(3, level=-70),
        tone(220, 3),
        tone(220, 3) + tone(277.2, 3) + tone(329.6, 3),
    ],
    ids=["nothing", "50 ms", "silence", "noise", "faint noise", "tone", "chord"],
)
def test_nothing_is_heard_where_nobody_speaks(samples):
    assert sound_only(samples).words == ()


def test_breath_is_no_filler():
    envelope = np.repeat([0.0, 1.0, 0.0, 0.7, 0.0], RATE // 2)
    breath = np.convolve(noise(2.5, level=-35), [1, 0.8, 0.4, 0.2], "same") * envelope
    assert sound_only(breath).words == ()


def test_a_drawn_out_vowel_is_part_of_its_word():
    fluent = clip("fluent")
    period = fluent[round(2.70 * RATE) : round(2.70 * RATE) + 2 * 160]  # within "palings"
    held = np.concatenate([fluent[: round(2.70 * RATE)], np.tile(period, 12)])
    samples = np.concatenate([held, fluent[round(2.72 * RATE) :]])
    audio = Audio(samples.astype(np.float32), RATE)
    aligned = align([Utterance(SENTENCE, 0.0, audio.duration)], audio)
    assert found(recover(audio, frames_of(audio), aligned)) == []


def test_the_listener_hears_a_step_every_24_ms_wherever_it_cuts():
    times = listen(Audio(np.tile(clip("fluent"), 3), RATE)).times
    assert times[0] == pytest.approx(FIRST)
    assert np.diff(times).min() > 0
    assert np.median(np.diff(times)) == pytest.approx(STEP)
    assert np.diff(times).max() < 4 * STEP


def test_weighing_piece_by_piece_is_weighing_the_whole():
    audio = Audio(np.tile(clip("fluent"), 3), RATE)
    pieces = list(impressions(audio))
    assert len(pieces) > 2
    whole, along = load_head()(listen(audio)), weigh(iter(pieces), load_head())
    np.testing.assert_array_equal(along.times, whole.times)
    np.testing.assert_allclose(along.odds, whole.odds, atol=1e-4)
    np.testing.assert_allclose(along.nasal, whole.nasal, atol=1e-4)


def test_without_sound_there_is_no_evidence():
    assert weigh([], load_head()).times.size == 0


def test_the_listener_refuses_another_rate():
    with pytest.raises(ValueError, match="16000 Hz, not 8000"):
        listen(Audio(silence(1), 8000))


# From evidence to stretches ----------------------------------------------------------------------


def evidence(*bumps, seconds=4.0, height=4.0, nasal=-1.0):
    """Return evidence that is high in `bumps` (start, end) and low elsewhere."""
    times = np.arange(0, seconds, STEP)
    inside = np.any([(times >= a) & (times <= b) for a, b in bumps], axis=0)
    return Evidence(times, np.where(inside, height, -6.0), np.full(times.size, nasal))


def voice():
    """Return frames of somebody who speaks for four seconds without a break."""
    return drawn("#" * 40)


def stretches(ev, frames=None):
    return hesitations(ev, frames if frames is not None else voice(), CRITERIA.candidate)


def test_a_bump_of_evidence_is_a_hesitation():
    (only,) = stretches(evidence((1.0, 1.4)))
    assert (only.start, only.end) == pytest.approx((1.0, 1.4), abs=0.05)
    assert only.text == "uh"


def test_uh_and_um_next_to_each_other_are_one_um():
    ev = evidence((1.0, 1.2), (1.3, 1.6))
    ev.nasal[ev.times > 1.25] = 2.0
    (only,) = stretches(ev)
    assert (only.start, only.end) == pytest.approx((1.0, 1.6), abs=0.05)
    assert only.text == "um"


def test_two_with_a_pause_between_them_are_two():
    assert len(stretches(evidence((1.0, 1.3), (1.6, 1.9)))) == 2


@pytest.mark.parametrize("bump", [(1.0, 1.02), (0.5, 3.5)], ids=["too short", "too long"])
def test_what_no_one_says_as_um_is_none(bump):
    assert stretches(evidence(bump)) == ()


def test_no_evidence_is_no_hesitation():
    empty = Evidence(np.zeros(0), np.zeros(0), np.zeros(0))
    assert stretches(empty) == ()


def test_convolution_is_numpy_s_own():
    rng = np.random.default_rng(0)
    values, weights = rng.normal(size=(20, 1)), rng.normal(size=(5, 1, 1))
    expected = np.convolve(values[:, 0], weights[::-1, 0, 0], "same")
    np.testing.assert_allclose(convolve(values, weights)[:, 0], expected, rtol=1e-5)


# Signs for and against ---------------------------------------------------------------------------


def likely(h=None, frames=None, words=()):
    h = h or Hesitation(1.0, 1.4, "uh", peak=2.0, mean=1.5)
    found = signs(h, frames if frames is not None else voice(), words, CRITERIA.stand_ins)
    return probability(found, CRITERIA.weights)


def test_a_word_that_fits_speaks_against_a_filler():
    word = Word("from", 1.0, 1.4, confidence=1.0)
    assert likely(words=[word]) < likely()


def test_a_word_that_recognisers_write_for_um_does_not():
    assert likely(words=[Word("Oh,", 1.0, 1.4, confidence=1.0)]) == likely()


def test_what_is_far_softer_than_the_voice_is_less_likely():
    frames = voice()
    frames.level[100:141] -= 20
    assert likely(frames=frames) < likely()


def test_what_has_no_voice_is_less_likely():
    frames = voice()
    frames.voiced[100:141] = False
    assert likely(frames=frames) < likely()


def test_laughter_s_leaping_pitch_is_less_likely():
    frames = voice()
    frames.f0[100:141:2] *= 2
    assert likely(frames=frames) < likely()


def test_more_evidence_is_more_likely():
    weak = Hesitation(1.0, 1.4, "uh", peak=0.0, mean=-0.5)
    assert likely(weak) < likely() < 1


# Among the words ---------------------------------------------------------------------------------

WORDS = (Word("so", 0.0, 0.5, 0.9), Word("we", 1.0, 1.5, 0.9), Word("went", 2.0, 2.5, 0.9))


def among(words, *hesitations, insertions=()):
    return place(hesitations, Alignment(tuple(words), tuple(insertions), (True,)), CRITERIA)


def texts(recovered):
    return [word.text for word in recovered.words]


def test_a_sure_one_becomes_a_word_marked_recovered():
    um = among(WORDS, FilledPause(0.6, 0.9, "um", 0.9)).words[1]
    assert um == Word("um", 0.6, 0.9, 0.9, recovered=True)


def test_an_unsure_one_is_only_possible():
    recovered = among(WORDS, FilledPause(1.6, 1.9, "uh", CRITERIA.possible))
    assert texts(recovered) == ["so", "we", "went"]
    (only,) = recovered.possible
    assert (only.kind, only.words, only.recovered) == ("filled_pause", (2, 2), True)


def test_an_unlikely_one_is_nothing():
    assert among(WORDS, FilledPause(1.6, 1.9, "uh", 0.01)).possible == ()


def test_the_place_of_a_possible_one_counts_the_recovered_words_before_it():
    recovered = among(WORDS, FilledPause(0.6, 0.9, "um", 0.9), FilledPause(1.6, 1.9, "uh", 0.3))
    assert recovered.possible[0].words == (3, 3)


def test_the_aligner_knows_best_between_which_words_it_stands():
    words = (Word("so", 0.0, 0.5), Word("we", 0.5, 0.9), Word("went", 2.0, 2.5))
    heard_after_so = Insertion(0.6, 0.9, "uh", after=0)
    recovered = among(words, FilledPause(0.6, 0.95, "uh", 0.9), insertions=[heard_after_so])
    assert texts(recovered) == ["so", "uh", "we", "went"]


def test_neighbours_give_way_to_a_filled_pause():
    words = (Word("so", 0.0, 0.8), Word("we", 0.8, 1.5))
    recovered = among(words, FilledPause(0.6, 1.0, "um", 0.9))
    times = [(word.start, word.end) for word in recovered.words]
    assert times == [(0.0, 0.6), (0.6, 1.0), (1.0, 1.5)]


def test_each_written_um_claims_one_hesitation():
    words = (Word("Um,", 0.2, 0.5), Word("so", 0.6, 0.9), Word("uh", 2.0, 2.2))
    recovered = among(words, FilledPause(0.1, 0.5, "um", 0.9), FilledPause(2.1, 2.4, "uh", 0.2))
    assert texts(recovered) == ["Um,", "so", "uh"]
    assert [(w.start, w.end) for w in recovered.words] == [(0.1, 0.5), (0.6, 0.9), (2.1, 2.4)]


def test_a_written_um_without_a_hesitation_nearby_stays():
    words = (Word("um", 0.2, 0.5, 0.9), Word("so", 0.6, 0.9))
    recovered = among(words, FilledPause(3.0, 3.4, "uh", 0.9))
    assert recovered.words[0] == words[0]
    assert texts(recovered) == ["um", "so", "uh"]


def test_a_written_um_and_a_heard_one_with_no_word_between_are_one():
    """However far off the alignment has put it, in the silence between two words."""
    words = [Word("We", 0, 0.3), Word("um,", 0.4, 0.7), Word("left", 4.0, 4.4)]
    recovered = among(words, FilledPause(3.0, 3.4, "um", 0.9))
    assert texts(recovered) == ["We", "um,", "left"]
    assert (recovered.words[1].start, recovered.words[1].end) == (3.0, 3.4)
    two = among(words, FilledPause(0.4, 0.7, "um", 0.9), FilledPause(3.0, 3.4, "um", 0.9))
    assert texts(two) == ["We", "um,", "um", "left"]


def test_a_written_um_and_a_heard_one_beyond_a_word_are_two():
    words = [Word("um,", 0.1, 0.4), Word("we", 1.0, 1.3), Word("left", 4.0, 4.4)]
    recovered = among(words, FilledPause(3.0, 3.4, "um", 0.9))
    assert texts(recovered) == ["um,", "we", "um", "left"]


def test_two_written_for_one_sound_are_one():
    words = (Word("uh", 0.2, 0.3), Word("um,", 0.3, 0.5), Word("so", 0.6, 0.9))
    recovered = among(words, FilledPause(0.2, 0.5, "um", 0.9))
    assert len(recovered.words) == 2
    assert recovered.words[0].end == 0.5


def test_a_written_um_counts_however_thin_the_sound():
    (um,) = among((Word("um", 0.2, 0.5),), FilledPause(0.2, 0.5, "um", 0.1)).words
    assert um.confidence == CRITERIA.sure


@pytest.mark.parametrize(
    "text", ["um", "Um,", "uhhh", "um-um", "Uh...", "er", "err,", "um/uh", "ah", "hmm", "mm"]
)
def test_written_hesitations(text):
    assert is_filled_pause(text)


@pytest.mark.parametrize(
    "text", ["uh-huh", "mm-hmm", "umbrella", "ER", "error", "so", "6mm", "-", ""]
)
def test_words_that_are_none(text):
    assert not is_filled_pause(text)
