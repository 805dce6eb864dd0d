"""Questions laid out: for a terminal, for a pipe, and as they are put in practice."""

import pytest
from rich.text import Text
from views_support import HOSTILE, SPELLED

from speechcoach.data import Element, Question
from speechcoach.guides import built_in, load_bank
from speechcoach.views import Screen
from speechcoach.views import questions as display
from speechcoach.views.screen import WHOLE

FORMS = built_in().forms


def in_terminal(lines, width: int) -> list[str]:
    return display.render(lines, Screen(width)).splitlines()


@pytest.mark.parametrize("width", [30, 50, 80, 100])
def test_no_line_is_wider_than_the_terminal(width):
    bank = load_bank()
    lines = in_terminal(display.card(bank["mistake"], FORMS["star"], examples=True), width)
    assert max(map(len, lines)) <= width
    if width >= 50:
        assert max(map(len, in_terminal(display.listing(bank, FORMS), width))) <= width


def test_wrapped_text_hangs_under_its_beginning():
    lines = in_terminal(display.card(load_bank()["conflict"], FORMS["star"]), 50)
    first = lines.index("  - How you behave when you disagree with somebody")
    assert lines[first + 1] == "    you have to go on working with."


def test_no_word_is_lost_by_folding():
    whole = in_terminal(display.card(load_bank()["mistake"], FORMS["star"], examples=True), WHOLE)
    folded = in_terminal(display.card(load_bank()["mistake"], FORMS["star"], examples=True), 60)
    assert len(folded) > len(whole)
    assert " ".join(folded).split() == " ".join(whole).split()


def test_the_list_for_a_terminal_groups_by_category():
    lines = in_terminal(display.listing(load_bank(), FORMS, "fit"), 80)
    assert lines[:3] == [
        "fit",
        "  why-our-program           60-90 s  open",
        "    Why our program?",
    ]


def test_a_line_is_its_lead_and_its_text():
    assert display.render([("  - ", Text("a")), ("", Text()), ("", Text("b"))], Screen()) == (
        "  - a\n\nb\n"
    )


def test_a_question_of_ones_own_may_hold_anything():
    own = Question("own", HOSTILE, HOSTILE, "open", (30.0, 60.0), (HOSTILE,),
                   (Element("x", HOSTILE, (HOSTILE,)),), tips=(HOSTILE,))  # fmt: skip
    shown = display.render(display.card(own, None, examples=True), Screen(WHOLE))
    assert shown.count(SPELLED) == 6
    assert "\x1b" not in shown


def test_a_question_is_put_with_its_window():
    question = load_bank()["conflict"]
    assert display.asked(question) == f"{question.text}\n(conflict, 90 to 150 seconds)"
    assert display.asked_in_turn(question, 2, 5) == (
        f"Question 2 of 5: {question.text}\n(90 to 150 seconds)"
    )
