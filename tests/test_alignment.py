"""Words on the time line: known truth from the sample answers, invariants, and hard input."""

from functools import cache

import numpy as np
import pytest
from sound_support import RATE, SAMPLES, truth

from speechcoach.alignment.aligner import Alignment, align
from speechcoach.data import Audio, Utterance
from speechcoach.sound import audio as sound_files

HESITATIONS = {"um", "uh", "er", "hmm"}
Truth = list[tuple[str, float, float]]


@cache
def sample(seconds: float = 30.0) -> tuple[Audio, Truth]:
    """Return the opening of the filler-heavy sample answer and its true words, fillers included."""
    name = "tell-me-about-yourself-fillers"
    whole = sound_files.load(SAMPLES / f"{name}.flac").audio
    words = [(text, start, end) for text, start, end in truth(name)["words"] if end < seconds - 0.5]
    cut = round((words[-1][2] + 0.2) * RATE)
    return Audio(whole.samples[:cut], RATE), words


def fluent(words: Truth) -> Truth:
    return [word for word in words if word[0].strip(".,").lower() not in HESITATIONS]


def heard(words: Truth, duration: float) -> list[Utterance]:
    """Return words as an engine would: two utterances, their times rough."""
    half = len(words) // 2
    return [
        Utterance(" ".join(w[0] for w in part), max(0.0, part[0][1] - 0.3), part[-1][2] + 0.2)
        for part in (words[:half], words[half:])
    ]


@cache
def aligned() -> Alignment:
    audio, words = sample()
    return align(heard(fluent(words), audio.duration), audio)


def starts(alignment: Alignment) -> np.ndarray:
    return np.array([word.start for word in alignment.words])


def lies_in_order(alignment: Alignment, audio: Audio) -> bool:
    edges = [edge for word in alignment.words for edge in (word.start, word.end)]
    return edges == sorted(edges) and all(0 <= edge <= audio.duration for edge in edges)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.float32)


def test_words_start_where_they_are_said():
    truth = np.array([start for _, start, _ in fluent(sample()[1])])
    errors = np.abs(starts(aligned()) - truth)
    assert np.median(errors) < 0.03
    assert np.percentile(errors, 90) < 0.1


def test_every_token_is_one_word_in_order_with_a_place():
    audio, words = sample()
    assert [word.text for word in aligned().words] == [text for text, _, _ in fluent(words)]
    assert lies_in_order(aligned(), audio)
    assert aligned().exact == (True, True)


def test_nearly_all_fillers_that_the_text_lacks_are_candidates_where_they_are_said():
    dropped = [(s, e) for text, s, e in sample()[1] if text.strip(".,").lower() in HESITATIONS]
    hit = [any(i.start < e and i.end > s for i in aligned().insertions) for s, e in dropped]
    assert len(hit) >= 5
    assert hit.count(False) <= 1  # "uh I" sounds like a long "I"


def test_a_candidate_knows_the_word_that_it_follows():
    words = aligned().words
    for insertion in aligned().insertions:
        assert insertion.after == -1 or words[insertion.after].end <= insertion.start + 1e-6
        if insertion.after + 1 < len(words):
            assert insertion.end <= words[insertion.after + 1].start + 1e-6


def test_fillers_that_the_text_has_are_words_and_no_candidates():
    audio, words = sample()
    result = align(heard(words, audio.duration), audio)
    spoken = [(w.start, w.end) for w in result.words if w.text.strip(".,").lower() in HESITATIONS]
    assert spoken
    assert not any(
        i.start < end and i.end > start for i in result.insertions for start, end in spoken
    )


def test_words_spliced_apart_are_found_beyond_the_silence():
    audio, words = sample(12.0)
    words = fluent(words)
    gaps = [n for n in range(1, len(words)) if words[n][1] - words[n - 1][2] > 0.15][:2]
    pieces, moved, begin = [], list(words), 0
    for n in gaps:
        middle = round((words[n - 1][2] + words[n][1]) / 2 * RATE)
        pieces += [audio.samples[begin:middle], silence(1.5)]
        begin = middle
        moved[n:] = [(text, start + 1.5, end + 1.5) for text, start, end in moved[n:]]
    spliced = Audio(np.concatenate([*pieces, audio.samples[begin:]]), RATE)
    result = align(heard(moved, spliced.duration), spliced)
    errors = np.abs(starts(result) - [start for _, start, _ in moved])
    assert np.median(errors) < 0.03
    assert np.percentile(errors, 90) < 0.1


def test_silence_in_front_moves_every_word_by_its_length():
    audio, words = sample(12.0)
    utterances = heard(fluent(words), audio.duration)
    later = [Utterance(u.text, u.start + 1.37, u.end + 1.37) for u in utterances]
    moved = align(later, Audio(np.concatenate([silence(1.37), audio.samples]), RATE))
    shifts = starts(moved) - starts(align(utterances, audio))
    assert np.percentile(np.abs(shifts - 1.37), 95) <= 0.05


def test_the_result_does_not_depend_on_what_was_aligned_before():
    audio, words = sample(8.0)
    utterances = heard(fluent(words), audio.duration)
    first = align(utterances, audio)
    noise = np.random.default_rng(0).normal(0, 0.3, 2 * RATE).astype(np.float32)
    align([Utterance("something else", 0.0, 2.0)], Audio(noise, RATE))
    assert align(utterances, audio) == first


def test_one_utterance_over_everything_is_aligned_in_strides():
    audio, words = sample()
    words = fluent(words)
    text = " ".join(word[0] for word in words)
    result = align([Utterance(text, 0.0, audio.duration)], audio)
    errors = np.abs(starts(result) - [start for _, start, _ in words])
    assert np.median(errors) < 0.03
    assert np.percentile(errors, 90) < 0.1


def test_a_long_wait_before_the_first_word_is_waited_out():
    audio, words = sample(12.0)
    words = fluent(words)
    room = np.random.default_rng(0).normal(0, 1e-3, 25 * RATE).astype(np.float32)
    waited = Audio(np.concatenate([room, audio.samples]), RATE)
    text = " ".join(word[0] for word in words)
    result = align([Utterance(text, 0.0, waited.duration)], waited)
    errors = np.abs(starts(result) - [start + 25.0 for _, start, _ in words])
    assert np.median(errors) < 0.03
    assert np.percentile(errors, 90) < 0.1


def test_words_that_nobody_said_leave_their_neighbours_in_place():
    audio, words = sample(12.0)
    words = fluent(words)
    middle = len(words) // 2
    invented = ["perpetual", "kangaroo", "machinery"]
    text = [w[0] for w in words[:middle]] + invented + [w[0] for w in words[middle:]]
    result = align([Utterance(" ".join(text), 0.0, audio.duration)], audio)
    kept = [w for n, w in enumerate(result.words) if not middle <= n < middle + 3]
    errors = np.abs(np.array([w.start for w in kept]) - [start for _, start, _ in words])
    assert np.median(errors) < 0.03
    sure = float(np.median([w.confidence for w in kept]))
    assert max(w.confidence for w in result.words[middle : middle + 3]) < sure


def test_text_that_has_nothing_to_do_with_the_sound_is_placed_without_trust():
    audio, words = sample(8.0)
    text = "perpetual kangaroo machinery " * 6
    result = align([Utterance(text, 0.0, audio.duration)], audio)
    assert len(result.words) == 18
    assert lies_in_order(result, audio)
    right = align(heard(fluent(words), audio.duration), audio)
    assert np.median([w.confidence for w in result.words]) < np.median(
        [w.confidence for w in right.words]
    )


def test_more_words_than_the_sound_can_hold_are_spread_and_said_to_be():
    audio = Audio(sample()[0].samples[:RATE], RATE)
    result = align([Utterance("radiology " * 40, 0.0, 1.0)], audio)
    assert len(result.words) == 40
    assert lies_in_order(result, audio)
    assert result.exact == (False,)
    assert "40 words could not be found in the sound" in result.warnings[0]
    assert "Perhaps the words are of another recording." in result.warnings[0]


def test_words_in_digital_silence_are_not_found():
    audio = Audio(silence(5.0), RATE)
    result = align([Utterance("hello there", 1.0, 2.0)], audio)
    assert lies_in_order(result, audio)
    assert all((word.confidence or 0) < 0.5 for word in result.words)


@pytest.mark.parametrize("token", ["-", "…", "李", "$5", "MRIs", "I-"])
def test_an_odd_token_stays_one_word_between_its_neighbours(token: str):
    audio, words = sample(6.0)
    text = [w[0] for w in fluent(words)]
    text.insert(3, token)
    result = align([Utterance(" ".join(text), 0.0, audio.duration)], audio)
    assert [word.text for word in result.words] == text
    assert lies_in_order(result, audio)


@pytest.mark.parametrize(
    "utterances",
    [
        [],
        [Utterance("", 0.0, 1.0)],
        [Utterance("   ", 0.0, 1.0), Utterance("", 1.0, 1.0)],
        [Utterance("... -", 0.0, 1.0)],
        [Utterance("hello", 0.0, 0.0)],
        [Utterance("hello there", 50.0, 60.0)],
        [Utterance("hello", 2.0, 1.0), Utterance("there", 0.5, 9.0)],
    ],
)
def test_odd_utterances_keep_their_words(utterances: list[Utterance]):
    audio = Audio(sample()[0].samples[: 2 * RATE], RATE)
    result = align(utterances, audio)
    assert [w.text for w in result.words] == [t for u in utterances for t in u.text.split()]
    assert len(result.exact) == len(utterances)
    assert lies_in_order(result, audio)


@pytest.mark.parametrize("samples", [0, 1, 800])
def test_hardly_any_sound_still_gives_every_word(samples: int):
    audio = Audio(np.zeros(samples, np.float32), RATE)
    result = align([Utterance("hello there", 0.0, 1.0)], audio)
    assert [word.text for word in result.words] == ["hello", "there"]
    assert lies_in_order(result, audio)


def test_sound_at_another_rate_is_a_programmers_mistake():
    with pytest.raises(ValueError, match="16000 Hz, not 8000"):
        align([], Audio(np.zeros(8000, np.float32), 8000))
