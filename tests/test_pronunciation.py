"""Written tokens as they are spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechcoach.alignment.letters import sound_out
from speechcoach.alignment.pronunciation import is_vowel, phones, syllables
from speechcoach.alignment.spoken import readings


@pytest.mark.parametrize(
    ("token", "first"),
    [
        ("follow-up,", "follow up"),
        ("um-um", "um um"),
        ("I-", "i"),
        ("“Well,”", "well"),
        ("wasn’t", "wasn't"),
        ("and/or", "and or"),
        ("façade", "facade"),
        ("24", "twenty four"),
        ("3rd", "third"),
        ("2:30", "two thirty"),
        ("10:05", "ten oh five"),
        ("2:00", "two o'clock"),
        ("$5", "five dollars"),
        ("100%", "one hundred percent"),
        ("3,500", "three thousand five hundred"),
        ("1.5", "one point five"),
        ("2019", "twenty nineteen"),
        ("1990s", "nineteen nineties"),
        ("5mm", "five millimeters"),
        ("007", "zero zero seven"),
        ("CT", "c. t."),
        ("MRIs", "m. r. i.'s"),
        ("USMLE", "u. s. m. l. e."),
        ("U.S.", "u. s."),
        ("PGY-2", "p. g. y. two"),
        ("Dr.", "doctor"),
        ("&", "and"),
    ],
)
def test_a_token_is_read_aloud_as_a_person_would(token: str, first: str):
    assert " ".join(readings(token)[0]) == first


@pytest.mark.parametrize(
    ("token", "sounds"),
    [
        ("um", "AH M"),
        ("Ummm,", "AH M"),
        ("uh,", "AH"),
        ("hmm", "HH M"),
        ("sooo", "S UW"),
        ("radiology.", "R EY D IY AA L AH JH IY"),
        ("CT", "S IY T IY"),
        ("MRIs", "EH M AA R AY Z"),
        ("PACS", "P AE K S"),
        ("teleradiology", "T EH L IY R EY D IY AA L AH JH IY"),
        ("IMGs", "AY EH M JH IY Z"),
    ],
)
def test_the_first_pronunciation_is_the_likeliest(token: str, sounds: str):
    assert " ".join(phones(token)[0]) == sounds


def test_a_word_with_two_pronunciations_has_both():
    assert {("DH", "AH"), ("DH", "IY")} <= set(phones("the"))


def test_an_acronym_may_also_be_a_word_and_a_year_a_quantity():
    assert ("EH", "D") in phones("ED")
    assert len(readings("2019")) == 2


@pytest.mark.parametrize("token", ["", "-", "…", "...", "“”", "Привет", "李"])
def test_nothing_sayable_has_no_phones_and_no_syllables(token: str):
    assert phones(token) == ()
    assert syllables(token) == 0


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("I", 1),
        ("radiology", 5),
        ("hmm", 1),
        ("follow-up", 3),
        ("24", 3),
        ("CT", 2),
        ("hepatobiliary", 7),
        ("pneumothorax", 4),
        ("strengths", 1),
    ],
)
def test_syllables_are_the_vowels_that_sound(word: str, count: int):
    assert syllables(word) == count


def test_an_ending_on_a_known_stem_is_sounded_by_rule():
    assert phones("residencying")[0] == (*phones("residency")[0], "IH", "NG")
    assert phones("scrubbeds")[0] == (*phones("scrubbed")[0], "Z")


@given(st.text(max_size=30))
def test_any_token_gives_a_few_pronunciations_in_known_phones(token: str):
    ways = phones(token)
    assert len(ways) <= 8
    assert all(way and all(phone.isalpha() and phone.isupper() for phone in way) for way in ways)
    assert (syllables(token) > 0) == bool(ways)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_letters_always_sound(letters: str):
    sounds = sound_out(letters)
    assert len(sounds) <= 2 * len(letters)
    if set(letters) & set("ao"):
        assert any(is_vowel(phone) for phone in sounds)
