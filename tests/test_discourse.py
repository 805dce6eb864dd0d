"""Discourse markers: the word that carries nothing in its place, and the same word that does."""

import tomllib
from importlib import resources

import numpy as np
import pytest
from fillers_support import f1, labelled, parse, uses

from speechcoach.data import Frames, Word
from speechcoach.fillers import find, prosody
from speechcoach.fillers.lexicon import built_in
from speechcoach.fillers.rules import Place, decision_lists
from speechcoach.fillers.tokens import tokenize, without

MARKERS = [entry.text for entry in built_in().entries if entry.kind == "discourse"]
SENTENCES = labelled("filler_sentences.txt")
ANSWERS = labelled("filler_answers.txt")
KINDS = labelled("filler_kinds.txt")


@pytest.mark.parametrize(
    "answers", [SENTENCES, ANSWERS, KINDS], ids=["sentences", "answers", "kinds"]
)
def test_fillers_are_told_from_content(answers):
    assert [a.marked for a in answers if a.found() != a.fillers] == []


def test_most_are_told_without_punctuation_and_capitals_too():
    assert f1([answer.without_punctuation() for answer in SENTENCES]) > 0.94
    assert f1([answer.without_punctuation() for answer in ANSWERS]) > 0.96


@pytest.mark.parametrize("marker", MARKERS)
def test_both_readings_of_every_marker_are_tried(marker):
    pattern = marker.split()
    readings = set()
    for answer in SENTENCES:
        bare = [token.text for token in tokenize([w.text for w in answer.words]).words]
        starts = [i for i in range(len(bare)) if bare[i : i + len(pattern)] == pattern]
        readings |= {i in answer.fillers for i in starts}
    assert readings == ({True} if marker == "basically" else {True, False})


# The rules themselves.


def deciding(marker, example):
    """Return the rules that decide the places of `marker` in an example sentence."""
    answer = parse(example)
    tokens = tokenize([w.text for w in answer.words], starts={s.words[0] for s in answer.sentences})
    sounds = {i for i, t in enumerate(tokens.words) if t.text in {"um", "uh"} - {marker}}
    tokens = without(tokens, sounds)
    words, phrase = [token.text for token in tokens.words], marker.split()
    firsts = [i for i in range(len(words)) if words[i : i + len(phrase)] == phrase]
    shaped = [(i, built_in().filled_pause(word)) for i, word in enumerate(words)]
    firsts += [i for i, entry in shaped if entry and entry.text == marker and i not in firsts]
    ends = [(i, i + len(phrase)) for i in firsts]
    places = [Place(tokens.before(i), tokens.after(j), tokens.bare) for i, j in ends]
    return [decision_lists()[marker].rule(place) for place in places]


@pytest.mark.parametrize("marker", decision_lists())
def test_every_rule_decides_its_example(marker):
    rules = decision_lists()[marker].rules
    assert [rule.when for rule in rules if rule not in deciding(marker, rule.example)] == []


@pytest.mark.parametrize(("marker", "rules"), decision_lists().items())
def test_probabilities_are_never_certain(marker, rules):
    assert all(0 < p < 1 for p in [rules.otherwise, *(rule.filler for rule in rules.rules)])


def test_every_class_is_used():
    text = resources.files("speechcoach.fillers").joinpath("discourse.toml").read_text("utf-8")
    assert [name for name in tomllib.loads(text)["classes"] if f"{{{name}}}" not in text] == []


def test_every_discourse_marker_has_its_rules():
    assert set(MARKERS) <= decision_lists().keys()


# Marks between words.


def test_a_hesitation_is_a_mark_and_the_stronger_mark_stays():
    tokens = tokenize("So, um, I left. Um, then we ate".split())
    left = without(tokens, {1, 4})
    assert [token.text for token in left.words] == ["so", "i", "left", "then", "we", "ate"]
    assert left.marks == ("^", "~", "", ".", "", "", "^")


def test_a_title_ends_no_sentence():
    assert tokenize("Dr. Lee left. We ate".split()).marks == ("^", "", "", ".", "", "^")


def test_a_sentence_start_is_a_mark_without_punctuation():
    assert tokenize("we left so we ate".split(), starts={0, 2}).marks[2] == "."


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("we left so we ate", True),
        ("We left, so we ate", False),
        ("We left so we ate.", False),
        ("we left so we ate. " * 10, True),
    ],
)
def test_a_missing_comma_counts_only_where_commas_are_written(text, bare):
    assert tokenize(text.split()).bare is bare


def test_a_sentence_end_is_evidence_for_a_trailing_marker():
    assert uses("it was a cyst or something") == ["or something"]
    assert uses("it was a cyst or something else") == []


# Sound.

HOP = 0.01


def frames(seconds, *, silent=(), quiet=(), loud=()):
    """Return a signal of speech with stretches (start, end) in seconds that differ."""
    n = round(seconds / HOP) + 1
    speech, level = np.ones(n, bool), np.full(n, -20, np.float32)
    for start, end in silent:
        speech[round(start / HOP) : round(end / HOP)] = False
    for stretches, change in ((quiet, -8), (loud, 8)):
        for start, end in stretches:
            level[round(start / HOP) : round(end / HOP)] += change
    f0 = np.full(n, np.nan, np.float32)
    return Frames(HOP, level, speech, speech.copy(), f0)


def timed(text):
    """Return words of half a second each, one after the other."""
    return [Word(word, i * 0.5, (i + 1) * 0.5, 1.0) for i, word in enumerate(text.split())]


def probability(text, at, signal):
    """Return how likely the word at position `at` is a filler, 0 where it does not count."""
    found = {use.words[0]: use.confidence for use in find(timed(text), frames=signal)}
    return found.get(at, 0.0)


def test_a_silence_of_150_ms_belongs_to_the_word_after_it():
    words = timed("one two three")
    assert prosody.silences(words, frames(1.5, silent=[(0.9, 1.06)])) == {2}
    assert prosody.silences(words, frames(1.5, silent=[(0.9, 1.04)])) == set()
    assert prosody.silences(words, frames(1.5, silent=[(0.0, 0.2), (1.3, 1.5)])) == set()


def test_words_without_times_have_no_silences():
    assert prosody.silences([Word("one"), Word("two")], frames(1.0, silent=[(0.3, 0.7)])) == set()
    assert prosody.silences([], frames(1.0, silent=[(0.3, 0.7)])) == set()


def test_silences_make_a_marker_where_commas_are_missing():
    text = "we have two options right in the end"
    assert probability(text, 4, frames(4.0)) == 0
    assert probability(text, 4, frames(4.0, silent=[(1.9, 2.1), (2.4, 2.6)])) > 0.5


def test_silence_does_not_overrule_clear_words():
    text = "I like reading and it looks like a stroke"
    around = [(0.9, 1.1), (2.9, 3.1), (3.4, 3.6)]
    assert find(timed(text), frames=frames(4.5, silent=around)) == ()


def test_a_quiet_marker_is_likelier_than_a_loud_one():
    text = "It was just so hard that night"
    word = [(1.0, 1.5)]
    plain = probability(text, 2, frames(3.5))
    assert probability(text, 2, frames(3.5, quiet=word)) > plain
    assert probability(text, 2, frames(3.5, loud=word)) < plain


def test_stress_is_level_against_the_neighbours():
    words = timed("one two three")
    assert prosody.stress(words, frames(1.5), 1, 2) == 0
    assert prosody.stress(words, frames(1.5, loud=[(0.6, 0.9)]), 1, 2) == 1
    assert prosody.stress(timed("one"), frames(0.5), 0, 1) == 0
    assert prosody.stress([Word("one"), Word("two")], frames(0.5), 0, 1) == 0


def test_an_added_word_counts_against_silence_and_stress(own_home):
    from speechcoach.fillers import load_lexicon

    own_home.mkdir()
    (own_home / "fillers.toml").write_text('add = ["yeah"]', "utf-8")
    (found,) = find(timed("we yeah left"), frames=frames(1.5), lexicon=load_lexicon())
    assert found.confidence == 1.0
