"""Cutting transcripts into sentences: every word once, breaks kept, sense without punctuation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechcoach.content import split
from speechcoach.data import Sentence, Word

UNPUNCTUATED = (
    "um so that was uh between graduation and now it's about eight months I mean I didn't match "
    "that's the short version and then I um I had to work you know I was a scribe in an urgent "
    "care for five months and I did some uh some driving on the side to pay the rent so I'm um "
    "I'm back in it basically reading cases every day"
)


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(w) for w in text.split())


def texts(text: str, breaks: frozenset[int] = frozenset()) -> list[str]:
    return [s.text for s in split(words(text), breaks)]


def timed(*runs: str, pause: float) -> tuple[Word, ...]:
    """Words of 0.3 s back to back, with a pause of so many seconds between the runs."""
    found: list[Word] = []
    clock = 0.0
    for run in runs:
        for w in run.split():
            found.append(Word(w, clock, clock + 0.3))
            clock += 0.3
        clock += pause
    return tuple(found)


def test_nothing_gives_nothing() -> None:
    assert split(()) == ()


def test_one_word_is_one_sentence() -> None:
    (only,) = split((Word("Hello", 0.5, 0.9),))
    assert only == Sentence((0, 1), 0.5, 0.9, "Hello")


def test_full_stops_questions_and_exclamations_end_sentences() -> None:
    assert texts('I went. Did it help? "It did!" We left') == [
        "I went.",
        "Did it help?",
        '"It did!"',
        "We left",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Smith came.",
        "At 3 a.m. he called.",
        "In the U.S. I trained.",
        "J. F. Kennedy was shot.",
    ],
)
def test_abbreviations_and_initials_do_not_end_sentences(text: str) -> None:
    assert texts(text) == [text]


def test_dots_in_the_middle_of_a_thought_do_not_end_it() -> None:
    assert texts("I thought... maybe not. Then I left.") == [
        "I thought... maybe not.",
        "Then I left.",
    ]


def test_a_line_break_ends_a_sentence_without_any_mark() -> None:
    assert texts("um I was there she left. he stayed", frozenset({4})) == [
        "um I was there",
        "she left.",
        "he stayed",
    ]


def test_a_long_punctuated_sentence_stays_whole() -> None:
    rambling = " ".join(["and then I went"] * 15) + "."
    assert texts(rambling + " It ended. " + " ".join(["Fine."] * 5))[0] == rambling


def test_unpunctuated_speech_is_cut_where_clauses_open() -> None:
    found = texts(UNPUNCTUATED)
    assert len(found) >= 3
    assert any(s.startswith("and then I um I had to work") for s in found)
    assert max(len(s.split()) for s in found) <= 40


def test_a_long_pause_cuts_unpunctuated_speech() -> None:
    run = "one two three four five six seven eight nine ten eleven twelve"
    found = split(timed(run, run, run, run, pause=1.0))
    assert [s.words for s in found] == [(0, 12), (12, 24), (24, 36), (36, 48)]
    assert found[1].start == pytest.approx(12 * 0.3 + 1.0)
    assert found[1].end == pytest.approx(24 * 0.3 + 1.0)


def test_unpunctuated_speech_without_any_sign_is_left_whole() -> None:
    assert len(texts("word " * 200)) == 1


@given(
    st.lists(
        st.sampled_from(["and", "I", "so", "um", "went.", "the", "Dr.", "home,", "why?", "…", "-"]),
        max_size=150,
    ),
    st.frozensets(st.integers(0, 160), max_size=6),
)
def test_every_word_is_in_one_sentence_and_breaks_are_kept(
    tokens: list[str], breaks: frozenset[int]
) -> None:
    found = split(tuple(Word(t) for t in tokens), breaks)
    assert [i for s in found for i in range(*s.words)] == list(range(len(tokens)))
    starts = {s.words[0] for s in found}
    assert all(b in starts for b in breaks if 0 < b < len(tokens))


@pytest.mark.parametrize(
    "text",
    [
        "We drove up Mt. Hood.",
        "Sgt. Miller and Gen. Ortiz came.",
        "Prof. Lee, Capt. Roe and Lt. Doe agreed.",
        "Read e.g. The Lancet.",
        "It was group A vs. Group B.",
        "Look at No. 5 first.",
        "I trained in the U.S. Army.",
        "I hold an M.D. I earned abroad.",
        "We worked until 5 p.m. so I left.",
        "I saw labs, scans, etc. so I knew.",
        "St. Mary's is on Fifth Ave. near us.",
    ],
)
def test_what_an_abbreviation_joins_stays_together(text: str) -> None:
    assert texts(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "We worked until 5 p.m. | So I left.",
        "I trained in the U.S. | Then I came back.",
        "He has an M.D. | He never told us.",
        "I said no. | Then he left.",
        "It was plan B. | We tried it.",
        "There were labs, scans, etc. | It was a long list.",
        "They came at noon (at 12 p.m.) | The ward was full.",
        "“I left at 5 p.m.” | “So did I.”",
    ],
)
def test_an_abbreviation_may_end_a_sentence(text: str) -> None:
    assert texts(text.replace(" | ", " ")) == text.split(" | ")


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202e", "\x07"]
)
@pytest.mark.parametrize("end", [".", "?", "…", ".”"])
def test_a_sign_that_nobody_sees_hides_no_end(sign: str, end: str) -> None:
    text = f"I went{end}{sign} {sign}He{sign} stayed{sign}{end}"
    assert len(texts(text)) == 2
    assert " ".join(texts(text)) == text
