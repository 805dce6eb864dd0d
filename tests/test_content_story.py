"""What is said of a told answer, with its parts handed in: each remark, and when there is none."""

import numpy as np
import pytest
from content_support import FORMS, about, question, transcript

from speechcoach.content import assess
from speechcoach.content.reading import Reading, Shown
from speechcoach.data import Content, Covered, Element, Finding

STAR = FORMS["star"]
PART = {"s": "situation", "t": "task", "a": "action", "r": "result", "-": "none"}


def told(text: str, kind: str = "star", **covered: bool) -> Content:
    """Judge an answer, a line a sentence, that begins with its part: ``s`` to ``r``, ``-`` none."""
    lines = [line.split(maxsplit=1) for line in text.strip().splitlines()]
    parts = tuple(PART.get(letter, letter) for letter, _ in lines)
    shown = {
        name: np.full(len(lines), 1.0 if there else 0.0, np.float32)
        for name, there in covered.items()
    }
    asked = question(kind, elements=tuple(Element(name, f"You tell {name}.") for name in covered))
    return assess(
        transcript("\n".join(text for _, text in lines)),
        asked,
        FORMS[kind],
        reader=lambda *_: Reading(parts, {name: Shown(likely) for name, likely in shown.items()}),
    )


def only(content: Content, name: str) -> Finding:
    (found,) = about(content, name)
    return found


def words(count: int) -> str:
    return " ".join(["lamp"] * count) + "."


# The set-up


def test_a_long_situation_is_said_by_itself() -> None:
    found = told(f"s {words(48)}\nt {words(2)}\na {words(40)}\nr {words(10)}")
    assert only(found, "star.situation").message == "The situation takes 48% of the answer"
    assert about(found, "star.set_up") == []


def test_situation_and_task_together_are_the_set_up() -> None:
    found = told(f"s {words(47)}\nt {words(4)}\na {words(39)}\nr {words(10)}")
    assert only(found, "star.set_up").message == "51% of the answer is set-up, 10% result"
    assert about(found, "star.situation") == []  # the same thing said twice


# What one would do


def test_two_of_five_sentences_of_would_are_imagined() -> None:
    lines = ["s It was on the ward.", "t It was mine.", "r It was fine."]
    would = "a I would call her."
    found = told("\n".join([*lines, would, would]))
    assert [f.about for f in found.findings if f.about.startswith("star.")] == ["star.hypothetical"]
    assert about(told("\n".join([*lines, "a It went on.", would])), "star.hypothetical") == []


def test_one_step_that_was_taken_makes_it_a_story() -> None:
    found = told("s It was on the ward.\na I would call her.\na I called her.\nr I would again.")
    assert about(found, "star.hypothetical") == []


def test_what_was_done_elsewhere_is_no_step() -> None:
    found = told("s I called her once.\na I would call her.\na I would tell her.\nr It was fine.")
    assert only(found, "star.hypothetical").level == "work"


# The order


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("star", None),
        ("rstar", None),  # a headline first is fine if the ending comes back
        ("rsta-", "The ending comes first only"),
        ("raas", "The scene is set after the story"),
        ("sraa-", "The ending comes first only"),
        ("sraa", "The ending comes first only"),
        ("sra", None),  # what follows the only step was never told
        ("str", None),
    ],
)
def test_the_order_of_a_story(parts: str, said: str | None) -> None:
    found = about(
        told("\n".join(f"{part} We had {i} lamps." for i, part in enumerate(parts))), "star.order"
    )
    assert [finding.message for finding in found] == ([said] if said else [])


# Whose story it is


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (["We called her.", "We asked him.", "I wrote it down."], "2 of 3 steps are told as “we”"),
        (["We called her.", "I wrote it down."], None),  # half of them is not too many
        (["We called her, and I wrote it down.", "We asked him, and I stayed."], None),
        (["I called her."], None),
    ],
)
def test_steps_told_as_we(steps: list[str], said: str | None) -> None:
    lines = ["s It was night.", *(f"a {step}" for step in steps), "r It was fine."]
    found = about(told("\n".join(lines)), "star.team")
    assert [finding.message for finding in found] == ([said] if said else [])


@pytest.mark.parametrize(
    ("ending", "level"),
    [("As a result nobody was hurt.", "good"), ("That was Tuesday.", "watch")],
)
def test_an_ending_says_what_changed_or_is_asked_to(ending: str, level: str) -> None:
    found = told(f"s It was night.\na I called her.\nr {ending}")
    assert only(found, "star.outcome").level == level
    assert about(told("s It was night.\na I called her."), "star.outcome") == []


# How late it begins


@pytest.mark.parametrize(
    ("before", "after", "late"),
    [(26, 100, True), (25, 60, False), (26, 106, False), (24, 10, False)],
)
def test_a_story_begins_late_after_many_words_that_are_much_of_it(
    before: int, after: int, late: bool
) -> None:
    found = about(told(f"- {words(before)}\na {words(after)}"), "content.opening")
    assert bool(found) == late
    if late:
        assert found[0].message == f"The story starts after {before} words of something else"


def test_an_answer_of_no_story_does_not_begin_late() -> None:
    found = told(f"none {words(90)}\npast {words(90)}", "present-past-future")
    assert about(found, "content.opening") == []


# The rubric beside it


def test_a_missing_part_is_not_missed_again_as_an_element() -> None:
    text = "present I study.\npresent I apply.\nfuture I want to read films."
    found = told(text, "present-past-future", past=False, future=True)
    assert only(found, "timeline.past").message == "The past is missing"
    assert [f.about for f in found.findings if f.about.startswith("element.")] == []
    found = told(text, "present-past-future", past=False, goal=False, wish=False)
    assert only(found, "element.goal").message == "Not heard: You tell goal (and 1 more)"


def test_covered_elements_are_not_missed() -> None:
    found = told("s It was night.", calm=True, lesson=False)
    assert found.rubric.elements["calm"] == Covered("yes", 1.0, (0,))
    assert only(found, "element.lesson").message == "Not heard: You tell lesson"


# Softening words


@pytest.mark.parametrize(
    ("hedges", "plain", "level"),
    [(4, 146, None), (5, 145, "watch"), (7, 143, "watch"), (8, 142, "work")],
)
def test_softening_words_by_the_minute(hedges: int, plain: int, level: str | None) -> None:
    """In 150 words, which are a minute where there are no times."""
    found = about(told(f"a {'maybe ' * hedges}{words(plain)}"), "content.hedging")
    assert [finding.level for finding in found] == ([level] if level else [])


def test_three_softening_words_are_none_however_short_the_answer() -> None:
    assert about(told("a Maybe it was perhaps probably late."), "content.hedging") == []
    found = about(told("a Maybe it was perhaps probably late, I guess."), "content.hedging")
    assert found[0].level == "work"
