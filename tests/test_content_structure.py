"""STAR and present-past-future: real stories against salads of cue words, shares, order, advice."""

import math
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from content_support import FORMS, about, judge, question, roles

from speechcoach.content import explanation, opinions, structure_score
from speechcoach.content.structure import agreeing, fullness, structured
from speechcoach.data import Content, Covered, Part, Rubric, Sentence, Structure
from speechcoach.guides import load_bank

STAR = question("star")
FORM = FORMS["star"]
PARTS = ("situation", "task", "action", "result")

ANSWERS = tomllib.loads((Path(__file__).parent / "data/content_answers.toml").read_text("utf-8"))
SALADS, STORIES = ANSWERS["salads"], ANSWERS["stories"]


@pytest.mark.parametrize("name", SALADS)
def test_a_salad_of_cue_words_is_no_structure(name: str) -> None:
    score = structure_score(judge(SALADS[name], STAR), FORM)
    assert score is not None
    assert score < 20


@pytest.mark.parametrize("name", STORIES)
def test_a_real_story_without_a_textbook_cue_is_structure(name: str) -> None:
    score = structure_score(judge(STORIES[name], STAR), FORM)
    assert score is not None
    assert score > 70


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_seen_through_missing_punctuation_and_case(name: str) -> None:
    plain = STORIES[name].replace(",", "").replace(".", "").lower()
    score = structure_score(judge(plain, STAR), FORM)
    assert score is not None
    assert score > 60


def test_every_role_is_one_of_the_five_and_the_parts_hold_their_sentences() -> None:
    content = judge(STORIES["the broken freezer"], STAR)
    assert content.structure.form == "star"
    assert tuple(content.structure.parts) == PARTS
    assert set(roles(content)) <= {*PARTS, "none"}
    for part in content.structure.parts.values():
        assert part.covered == bool(part.sentences)
    placed = [i for part in content.structure.parts.values() for i in part.sentences]
    assert len(placed) == len(set(placed))  # a sentence belongs to one part


def test_shares_are_those_of_time_where_words_have_times() -> None:
    timed = judge(STORIES["the choir"], STAR, seconds_a_word=0.4).structure.parts
    plain = judge(STORIES["the choir"], STAR).structure.parts
    for name in PARTS:
        assert timed[name].seconds is not None
        assert plain[name].seconds is None
        assert timed[name].share == pytest.approx(plain[name].share)
    whole = len(STORIES["the choir"].split()) * 0.4
    assert timed["action"].seconds == pytest.approx(timed["action"].share * whole)


def test_shares_by_hand() -> None:
    def sentence(start: float, end: float) -> Sentence:
        return Sentence((0, 1), start, end, "x")

    sentences = [sentence(0, 2), sentence(2, 5), sentence(6, 11)]
    parts = structured(sentences, ["situation", "action", "action"], FORM, [1, 2, 3]).parts
    assert parts["situation"] == Part(True, 2, 0.2, (0,), 0)
    assert parts["action"] == Part(True, 8, 0.8, (1, 2), 2)
    assert parts["result"] == Part(False, 0, 0.0, ())


def test_shares_are_those_of_words_where_a_single_sentence_has_no_times() -> None:
    sentences = [Sentence((0, 1), 0, 10, "x"), Sentence((1, 3), 10, None, "y z")]
    parts = structured(sentences, ["situation", "action"], FORM, [1, 1]).parts
    assert parts["situation"] == Part(True, None, pytest.approx(1 / 3), (0,), 0)
    assert parts["action"] == Part(True, None, pytest.approx(2 / 3), (1,), 1)


def test_star_does_not_apply_to_other_kinds() -> None:
    content = judge(STORIES["the choir"], question("open"))
    assert not content.structure.applies
    assert content.structure == Structure()
    assert structure_score(content, None) is None
    assert judge(STORIES["the choir"], question("present-past-future")).structure.form != "star"


def test_the_opener_is_told_in_present_past_and_future() -> None:
    bank = load_bank()
    content = judge(
        """
        I'm a final-year student in Dublin and I'm applying in diagnostic radiology.
        I grew up in Tulsa, and I worked as a paramedic for three years before school.
        I chose Ireland because I could be on the wards from the start.
        On my stroke rotation I spent every night next to the radiology registrar.
        What I'm looking for is a residency with a lot of supervised call.
        And in the long run I want to practice radiology back home in Oklahoma.
        """,
        bank["tell-me-about-yourself"],
    )
    parts = content.structure.parts
    assert content.structure.form == "present-past-future"
    assert tuple(parts) == ("present", "past", "future")
    assert 0 in parts["present"].sentences
    assert {1, 2} <= set(parts["past"].sentences)
    assert 4 in parts["future"].sentences
    score = structure_score(content, FORMS["present-past-future"])
    assert score is not None
    assert score > 80


def test_the_rubric_has_the_last_word_on_parts_that_are_elements() -> None:
    elements = {"present": Covered("no", 0.1), "future": Covered("yes", 0.9, (2, 0))}
    told = agreeing(["present", "past", "none"], FORMS["present-past-future"], elements)
    assert told == ["none", "past", "future"]


def test_missing_parts_are_named_with_advice_and_a_source() -> None:
    content = judge(
        """
        I was on the night shift in a small hospital in Limerick when the power went out.
        There were eleven patients on the floor and two of them were on oxygen.
        It was the coldest night of the year and the generator was in another building.
        """,
        STAR,
    )
    (action,) = about(content, "star.action")
    (result,) = about(content, "star.result")
    assert action.level == result.level == "work"
    assert action.advice
    assert "Bangerter" in action.source


def test_an_imagined_story_is_told_apart_and_gets_one_remark() -> None:
    content = judge(SALADS["what one would do"], STAR)
    (finding,) = [f for f in content.findings if f.about.startswith("star.")]
    assert finding.about == "star.hypothetical"


def test_steps_told_as_we_get_a_remark() -> None:
    content = judge(
        """
        In my second year our ward in Kingston lost its only monitor on a Sunday.
        There were four patients who had to be watched through the night.
        We made a list of who was sickest, and we split the night into hours.
        We called the other hospital and we asked them for a spare one.
        We took turns by the beds with a watch and a pen.
        All four of them were fine in the morning, and the ward has two monitors now.
        """,
        STAR,
    )
    (finding,) = about(content, "star.team")
    assert "we" in finding.message


def test_a_result_that_says_what_changed_is_good() -> None:
    content = judge(STORIES["the fish tank"], STAR)
    (finding,) = about(content, "star.outcome")
    assert finding.level == "good"


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 0.5), (0.05, 0.5), (0.1, 1.0), (0.3, 1.0), (0.4, 1.0), (0.7, 0.5)]
)
def test_fullness_by_hand(share: float, expected: float) -> None:
    part = replace(FORM.parts[-1], usual=(0.1, 0.4))
    assert fullness(Part(True, None, share, (0,)), part) == pytest.approx(expected)
    assert fullness(Part(False, None, share, ()), part) == 0


def test_the_score_is_100_for_a_full_form_and_0_for_an_empty_one() -> None:
    usual = {p.id: Part(True, None, sum(p.usual) / 2, (0,)) for p in FORM.parts}
    empty = {p.id: Part(False, None, 0.0, ()) for p in FORM.parts}
    sentences = judge("One.", None).sentences
    for parts, score in ((usual, 100), (empty, 0)):
        content = Content(sentences, Structure("star", parts), Rubric())
        assert structure_score(content, FORM) == pytest.approx(score)


def test_nothing_said_has_no_structure() -> None:
    for text in ("", "um"):
        content = judge(text, STAR)
        score = structure_score(content, FORM)
        assert score is None if not text else score == 0
    assert judge("", STAR).findings == ()


def test_the_explanation_names_every_part_and_its_source() -> None:
    text = "\n".join(explanation(FORMS, opinions()))
    for form in FORMS.values():
        assert form.source in text
        assert all(f"{part.label} {part.weight:g}" in text for part in form.parts)


def test_scores_are_finite_numbers() -> None:
    for text in (*SALADS.values(), *STORIES.values()):
        content = judge(text, STAR)
        assert math.isfinite(structure_score(content, FORM) or 0.0)
        assert sum(p.share for p in content.structure.parts.values()) <= 1 + 1e-9


def test_a_set_up_of_more_than_half_is_said_once() -> None:
    content = judge(
        """
        I was on the night shift in a small hospital in Limerick when the power went out.
        There were eleven patients on the floor and two of them were on oxygen.
        It was the coldest night of the year and the generator was in another building.
        The night porter had gone home with the flu, and the phones were dead as well.
        I ran across the yard with a flashlight and I started the engine by hand.
        All of them were fine, and there's a key by the door since then.
        """,
        STAR,
    )
    (finding,) = about(content, "star.set_up")
    assert "set-up" in finding.message
    assert about(content, "star.situation") == []
