"""Filled pauses by their shape, phrases by their words, and the user's own list."""

import pytest
from fillers_support import fillers, uses
from hypothesis import given, settings
from hypothesis import strategies as st

from speechcoach.data import Word
from speechcoach.errors import ContentError
from speechcoach.fillers import find, load_lexicon


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("um", "um"),
        ("Um,", "um"),
        ("umm", "um"),
        ("Uhm...", "um"),
        ("um-um", "um"),
        ("Um-um,", "um"),
        ("uh", "uh"),
        ("uhhh.", "uh"),
        ("er", "er"),
        ("Er,", "er"),
        ("errr", "er"),
        ("erm", "erm"),
        ("hm", "hmm"),
        ("Hmm,", "hmm"),
        ("mmm", "mm"),
        ("“Um”", "um"),
        ("(uh)", "uh"),
    ],
)
def test_a_filled_pause_is_known_by_its_shape(written, listed):
    (found,) = fillers(f"We {written} called the ward")
    assert (found.text, found.kind, found.words) == (listed, "filled_pause", (1, 2))
    assert found.confidence > 0.9


@pytest.mark.parametrize(
    "text",
    [
        "I have to err on the safe side.",
        "He took my umbrella.",
        "I called the ER at night.",
        "The ER, that night, was full.",
        "It measured 6 mm, and then 7 mm.",
        "It grew by two mm a year.",
        "Uh-huh, she said.",
        "Mm-hm, I see.",
        "Mhm.",
        "uh huh and then we left",
        "mm hmm I see",
        "Uh-uh, not me.",
        "I trained at UH and at UM.",
        "Too many ums.",
    ],
)
def test_what_only_resembles_a_filled_pause_is_none(text):
    assert uses(text) == []


def test_capitals_mean_nothing_where_everything_is_in_capitals():
    assert uses("WE UM CALLED THE WARD") == ["um"]


def test_a_phrase_is_one_filler_with_its_words():
    (found,) = fillers("It was, you know, late.")
    assert (found.text, found.kind, found.words) == ("you know", "discourse", (2, 4))


def test_punctuation_inside_a_phrase_breaks_it():
    assert uses("As for you, know that it was late.") == []


def test_a_broken_phrase_leaves_its_words_to_shorter_ones(tmp_path):
    lexicon = load_lexicon(written(tmp_path, 'add = ["so well"]'))
    assert uses("So, well, we left.", lexicon=lexicon) == ["so", "well"]
    assert uses("So well, we left.", lexicon=lexicon) == ["so well"]


def test_fillers_written_without_a_space_are_each_found():
    assert uses("It was um,like, late.") == ["um", "like"]
    assert uses("It was um...so I left.")[0] == "um"


def test_variants_are_listed_under_the_phrase():
    assert uses("I kinda froze, and I sorta knew.") == ["kind of", "sort of"]


def test_a_stuttered_marker_is_recognised():
    assert uses("A-a-actually, I was late.") == ["actually"]


def test_nothing_is_found_in_nothing():
    assert find(()) == ()


@pytest.mark.parametrize("text", ["-", "...", "é", "🙂 🙂", "'", "a", "\u200b", "," * 50])
def test_odd_words_are_no_fillers(text):
    assert uses(text) == []


def test_one_word_can_be_a_whole_answer():
    assert uses("Um.") == ["um"]


def test_an_answer_of_fillers_only_is_found_whole():
    assert uses("Um, uh, so, like, you know, um.") == ["um", "uh", "so", "like", "you know", "um"]


def test_times_are_those_of_the_words():
    words = [Word("You", 1.0, 1.2), Word("know,", 1.2, 1.5), Word("yes", 2.0, 2.2)]
    (found,) = find(words)
    assert (found.start, found.end) == (1.0, 1.5)


def test_words_without_times_give_fillers_without_times():
    (found,) = fillers("Well, yes")
    assert (found.start, found.end) == (None, None)


def test_a_recovered_word_keeps_its_mark_and_its_confidence():
    words = [Word("I", 0.0, 0.1, 0.9), Word("um", 0.2, 0.5, 0.83, recovered=True)]
    (found,) = find(words)
    assert found.recovered
    assert found.confidence == 0.83


def test_a_long_answer_is_searched_to_its_end():
    assert len(fillers("I called the ward, um, and they came. " * 2000)) == 2000


@settings(deadline=None, max_examples=50)
@given(st.lists(st.one_of(st.sampled_from("um, like so. You know er ER 6 mm".split()), st.text())))
def test_whatever_the_words_fillers_are_in_order_and_within_them(texts):
    found = find([Word(text) for text in texts])
    firsts = [use.words[0] for use in found]
    assert firsts == sorted(firsts)
    assert all(0 <= use.words[0] < use.words[1] <= len(texts) for use in found)
    assert all(0.5 <= use.confidence <= 1 for use in found)


# The user's own list.


def written(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_list_the_built_in_one_holds():
    assert uses("Um, at the end of the day it was fine.", lexicon=load_lexicon()) == ["um"]


def test_the_list_in_the_home_folder_is_read(own_home):
    own_home.mkdir()
    (own_home / "fillers.toml").write_text('add = ["anyway"]', "utf-8")
    assert uses("anyway it was late", lexicon=load_lexicon()) == ["anyway"]


def test_added_phrases_count_wherever_they_stand(tmp_path):
    lexicon = load_lexicon(written(tmp_path, 'add = ["At the end of  the day", "like"]'))
    found = fillers("I like it at the end of the day.", lexicon=lexicon)
    assert [(f.text, f.words, f.confidence) for f in found] == [
        ("like", (1, 2), 1.0),
        ("at the end of the day", (3, 9), 1.0),
    ]


def test_an_added_spelling_comes_before_the_rules_for_its_phrase(tmp_path):
    lexicon = load_lexicon(written(tmp_path, 'add = ["kinda"]'))
    assert uses("This kinda imaging is new.") == []
    assert uses("This kinda imaging is new.", lexicon=lexicon) == ["kinda"]


def test_words_left_out_are_not_counted_but_still_mark_hesitation(tmp_path):
    lexicon = load_lexicon(written(tmp_path, 'leave_out = ["um", "so"]'))
    assert uses("So um it was um like um late", lexicon=lexicon) == ["like"]


def test_an_empty_list_changes_nothing(tmp_path):
    assert load_lexicon(written(tmp_path, "")) == load_lexicon()


def test_all_faults_of_a_list_are_named_at_once(tmp_path):
    path = written(tmp_path, 'add = ["", 7, "so"]\nleave_out = ["so", "lik"]\nignore = ["um"]')
    with pytest.raises(ContentError) as caught:
        load_lexicon(path)
    said = str(caught.value)
    assert str(path) in said
    for fault in (
        "'' is not a word",
        "7 is not a word",
        "both in add",
        "did you mean like",
        "'ignore'",
    ):
        assert fault in said


def test_a_list_that_is_no_list_is_refused(tmp_path):
    with pytest.raises(ContentError, match="add must be a list"):
        load_lexicon(written(tmp_path, 'add = "so"'))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"add = [", "TOML"),
        (b"add = " + b"[" * 5000, "TOML"),
        (b"add = ['\xff']", "is not UTF-8"),
        (None, "There is no file"),
    ],
)
def test_an_unreadable_list_is_refused(tmp_path, content, fault):
    path = tmp_path / "own.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ContentError, match=fault):
        load_lexicon(path)
