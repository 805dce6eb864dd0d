"""Rubric elements by meaning: the built-in bank, a bank of one's own, and what must not count."""

import dataclasses

import pytest
from content_support import about, judge, question

from speechcoach.content import content_score, opinions
from speechcoach.data import Content, Covered, Element, Flagged, Rubric, Structure, Verdict
from speechcoach.guides import load_bank

OVEN = Element(
    "oven",
    "You tell how you use the oven: temperature, steam, time.",
    examples=(
        "I bake at two hundred and fifty degrees for the first ten minutes.",
        "A tray of boiling water on the floor of the oven gives the steam.",
        "I turn the loaf after twenty minutes so that it browns evenly.",
        "The oven goes on an hour before, so that the stone is hot through.",
        "I take it out when it sounds hollow and the inside is at ninety-six degrees.",
        "My oven runs cold on the left, so I set it twenty degrees higher.",
    ),
    near_misses=(
        "Baking is my passion.",
        "I have a very nice kitchen.",
        "A good oven is important.",
        "I'd say the equipment matters a lot.",
    ),
)
DOUGH = Element(
    "dough",
    "You tell how you make the dough: flour, water, salt, kneading, rest.",
    examples=(
        "I mix the flour with seventy percent water and let it sit for an hour.",
        "The salt goes in after the first rest, two percent of the flour.",
        "I fold it every half hour instead of kneading.",
        "I knead by hand for ten minutes until it stretches without tearing.",
        "It rests in the fridge overnight in a covered bowl.",
        "I feed the starter with rye flour the evening before.",
    ),
    near_misses=(
        "Dough is the soul of bread.",
        "I've always loved working with my hands.",
        "You need good ingredients.",
        "Patience is everything.",
    ),
)
BOAST = Element(
    "boast",
    "You praise your own bread.",
    examples=(
        "My bread is the best in town, everybody says so.",
        "I make better bread than any baker.",
        "People beg me for my loaves.",
        "Nobody has ever disliked what I bake.",
    ),
    near_misses=(
        "My neighbor liked the rye.",
        "I sold four loaves on Saturday.",
        "The crust came out dark this time.",
        "My aunt asked for the recipe.",
    ),
)
BREAD = question(elements=(OVEN, DOUGH), avoid=(BOAST,))

NORM = opinions().rubric

BAKER = """
    On Friday night I stir five hundred grams of flour into the water and leave it under a cloth.
    An hour later I work in the salt and fold the whole thing over itself four times.
    It goes in at two fifty on a hot stone, with a pan of water below it for the steam.
    After a quarter of an hour I open the door and turn it down.
    """


def covered(content: Content) -> set[str]:
    return {name for name, element in content.rubric.elements.items() if element.covered}


def test_a_bank_of_ones_own_works_without_training() -> None:
    content = judge(BAKER, BREAD)
    assert covered(content) == {"oven", "dough"}
    assert not content.rubric.avoid["boast"].flagged
    assert 2 in content.rubric.elements["oven"].sentences
    assert content.rubric.elements["dough"].sentences[0] in (0, 1)


def test_naming_the_topic_is_not_covering_it() -> None:
    content = judge(
        """
        Bread is my great passion, and a good oven is very important to me.
        The dough is what it's all about, I'd say.
        You need patience and love and good ingredients.
        """,
        BREAD,
    )
    assert covered(content) == set()


def test_what_is_to_be_avoided_is_flagged_with_its_sentence_and_kind_words() -> None:
    content = judge(
        BAKER + "And honestly my bread is better than any you can buy in this town.", BREAD
    )
    assert content.rubric.avoid["boast"].flagged
    assert content.rubric.avoid["boast"].sentences == (4,)
    (finding,) = about(content, "avoid.boast")
    assert BOAST.meaning.rstrip(".") in finding.message
    assert finding.advice


def test_an_answer_to_something_else_covers_nothing() -> None:
    content = judge(
        """
        The train to Chicago leaves at nine and it takes five hours.
        My sister has two kids and they both play the trumpet.
        We painted the fence green last summer.
        """,
        BREAD,
    )
    assert covered(content) == set()
    assert not content.rubric.avoid["boast"].flagged


def test_elements_without_examples_are_told_by_meaning_alone() -> None:
    def bare(element: Element) -> Element:
        return dataclasses.replace(element, examples=(), near_misses=())

    content = judge(BAKER, question(elements=(bare(OVEN), bare(DOUGH)), avoid=(bare(BOAST),)))
    assert covered(content) <= {"oven", "dough"}
    elements = content.rubric.elements
    assert elements["oven"].score > content.rubric.avoid["boast"].score
    off = judge("We painted the fence green last summer.", question(elements=(bare(OVEN),)))
    assert off.rubric.elements["oven"].score < elements["oven"].score


def test_a_bank_with_examples_but_no_near_misses_borrows_vague_ones() -> None:
    plain = dataclasses.replace(OVEN, near_misses=())
    content = judge(BAKER, question(elements=(plain, DOUGH)))
    assert "oven" in covered(content)
    vague = judge("I'm very passionate about what I do.", question(elements=(plain, DOUGH)))
    assert covered(vague) == set()


def test_a_single_element_with_a_single_example_does_not_break() -> None:
    lone = Element("lone", "You name a color.", examples=("I painted it green.",))
    content = judge("I painted the fence green.\nIt rained.", question(elements=(lone,)))
    assert 0 <= content.rubric.elements["lone"].score <= 1


def test_an_example_said_word_for_word_covers_its_element() -> None:
    bank = load_bank()
    missed = []
    for asked in bank.values():
        for element in asked.elements:
            content = judge("\n".join(element.examples[:3]), asked)
            if not content.rubric.elements[element.id].covered:
                missed.append((asked.id, element.id))
    assert missed == []


def test_near_misses_said_word_for_word_mostly_cover_nothing() -> None:
    total = wrong = 0
    for asked in load_bank().values():
        for element in asked.elements:
            for sentence in element.near_misses[:5]:
                total += 1
                wrong += judge(sentence, asked).rubric.elements[element.id].covered
    assert wrong / total < 0.02


@pytest.mark.parametrize(
    ("name", "element"),
    [("conflict", "empathy"), ("mistake", "disclosure"), ("pressure", "asks-help")],
)
def test_what_one_would_do_earns_nothing_in_a_story(name: str, element: str) -> None:
    would = """
        I would listen to their side first, and I'd try to see it from where they stand.
        I would tell my attending and the patient about it right away.
        If it got too much I would ask my senior for help.
        """
    assert not judge(would, load_bank()[name]).rubric.elements[element].covered


def test_no_question_means_no_rubric_and_no_words_cover_nothing() -> None:
    assert judge(BAKER, None).rubric == Rubric()
    content = judge("", BREAD)
    assert covered(content) == set()
    assert content.rubric.elements["oven"] == Covered("no", 0.0, ())
    assert content_score(content, NORM) is None


def test_what_was_not_heard_is_said_in_plain_words() -> None:
    content = judge("I bake it at two hundred and thirty degrees on a stone, with steam.", BREAD)
    (finding,) = about(content, "element.dough")
    assert DOUGH.meaning.rstrip(".") in finding.message
    assert finding.source


@pytest.mark.parametrize(
    ("elements", "avoid", "expected"),
    [
        (("yes", "yes"), (False,), 100),
        (("yes", "no"), (False,), 50),
        (("yes", "no"), (True,), 30),
        (("yes", "perhaps"), (False,), 75),
        (("perhaps", "perhaps"), (True,), 30),
    ],
)
def test_the_content_score_by_hand(
    elements: tuple[Verdict, ...], avoid: tuple[bool, ...], expected: float
) -> None:
    found = Rubric(
        {str(i): Covered(c, 1.0) for i, c in enumerate(elements)},
        {str(i): Flagged(f, 1.0) for i, f in enumerate(avoid)},
    )
    sentences = judge("One.", None).sentences
    content = Content(sentences, Structure(), found)
    assert content_score(content, NORM) == expected


def test_the_content_score_never_falls_below_zero() -> None:
    found = Rubric({"a": Covered("no", 0.0)}, {"b": Flagged(True, 1.0)})
    content = Content(judge("One.", None).sentences, Structure(), found)
    assert content_score(content, NORM) == 0
