from hypothesis import given
from hypothesis import strategies as st

from speechcoach.data import Utterance
from speechcoach.engines.given import placed

WORDS = st.lists(st.sampled_from(["so", "um", "the", "scan", "Ward.", "I", "called"]), max_size=40)


def test_words_go_to_the_utterance_that_heard_them():
    heard = [
        Utterance("So I went to the ward.", 0, 5),
        Utterance("And then we called", 5, 8),
        Utterance("the radiologist.", 8, 10),
    ]
    said = "so um I went to the uh ward and then we you know called the the radiologist".split()
    assert [u.text for u in placed(said, heard)] == [
        "so um I went to the uh ward",
        "and then we you know called",
        "the the radiologist",
    ]
    assert [(u.start, u.end) for u in placed(said, heard)] == [(0, 5), (5, 8), (8, 10)]


@given(WORDS, st.lists(WORDS.filter(bool), min_size=1, max_size=5))
def test_every_word_is_placed_once_and_in_order(said, heard):
    utterances = [Utterance(" ".join(words), i, i + 1) for i, words in enumerate(heard)]
    parts = placed(said, utterances)
    assert [word for part in parts for word in part.text.split()] == said
    assert list(parts) == sorted(parts, key=lambda part: part.start)
