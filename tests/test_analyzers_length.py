import pytest
from sound_support import answer_of, drawn

from speechcoach.analyzers.length import length, speaking_span, words_said
from speechcoach.data import Filler, Span


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("..##.##...", Span(0.195, 0.695)),
        ("#", Span(0.0, 0.09)),
        ("##s", Span(0.0, 0.29)),
        ("...", None),
        ("", None),
    ],
)
def test_speaking_time_runs_from_the_first_sound_to_the_last(drawing, expected):
    found = speaking_span(drawn(drawing))
    assert (found is None) == (expected is None)
    if expected:
        assert (found.start, found.end) == pytest.approx((expected.start, expected.end))


def test_a_text_has_no_speaking_time():
    assert speaking_span(None) is None


def test_filled_pauses_and_lone_punctuation_are_no_words():
    texts = ("Um,", "you", "know,", "uh", "I", "-", "left", "...")
    fillers = (
        Filler("um", "filled_pause", (0, 1), None, None, 1.0),
        Filler("you know", "discourse", (1, 3), None, None, 1.0),
        Filler("uh", "filled_pause", (3, 4), None, None, 1.0),
        Filler("um", "filled_pause", (5, 5), None, None, 0.4),  # possible: stands nowhere
    )
    answer = answer_of(texts=texts, fillers=fillers)
    assert [word.text for word in words_said(answer)] == ["you", "know,", "I", "left"]
    assert dict(length(answer))["word_count"].value == 4.0
