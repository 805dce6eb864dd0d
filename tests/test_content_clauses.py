"""Where clauses end, and which pauses fall there."""

import pytest
from sound_support import drawn

from speechcoach.content.clauses import ends_clause, pauses
from speechcoach.data import Word
from speechcoach.sound.pauses import silences


def words(text, *, each=0.5):
    return [Word(w, i * each, (i + 1) * each) for i, w in enumerate(text.split())]


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("I called. They came.", 2, True),
        ("I called, they came.", 2, True),
        ("I called them. Yes.", 2, False),
        ('He said "stop." Then', 3, True),
        ("First (of two): this.", 3, True),
        ("Really? Yes.", 1, True),
        ("I left. Um, then I", 2, True),
        ("I left. Um, then I", 3, True),
        ("I was, um, there.", 2, False),  # the commas are the hesitation's
        ("I was, um, there.", 3, False),
        ("I was um there. Yes.", 3, False),
        ("Um, I was there.", 1, False),  # nothing said yet that could end
        ("I was there.", 0, False),
    ],
)
def test_punctuation_tells_where_a_clause_ends(text, count, expected):
    assert ends_clause(words(text), count) is expected


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("i called them and they came", 3, True),
        ("i called them and they came", 4, False),
        ("i called them and they came", 2, False),
        ("it was late um so we left", 3, True),
        ("it was late um so we left", 4, True),
        ("it was late", 3, False),
    ],
)
def test_without_punctuation_a_conjunction_tells(text, count, expected):
    assert ends_clause(words(text), count) is expected


def test_the_word_before_a_pause_may_reach_into_it():
    answer = drawn("##########.....##########")
    said = [Word("done.", 0.5, 1.2), Word("Next", 1.3, 2.0), Word("one", 2.0, 2.4)]
    assert [p.kind for p in pauses(silences(answer), said)] == ["clause_end"]
    said[0] = Word("done", 0.5, 1.2)
    said[2] = Word("one.", 2.0, 2.4)
    assert [p.kind for p in pauses(silences(answer), said)] == ["mid_clause"]


def test_words_without_times_still_leave_the_pauses():
    assert [p.kind for p in pauses(silences(drawn("##...##")), [Word("a."), Word("b")])] == [
        "mid_clause"
    ]
