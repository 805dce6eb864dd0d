"""What tells the meaning of sentences: the door to it, and what follows whoever reads."""

import numpy as np
import pytest
from content_support import FORMS, NORMS, question, transcript

from speechcoach.content import assess, content_score, judge, structure_score
from speechcoach.content.reading import Reading, Shown
from speechcoach.content.wording import MOST, cues, worded
from speechcoach.data import Covered, Element, Flagged, Form, OnQuestion, Question

STORY = (
    "I was on nights in Cork when the power failed.",
    "My job was to keep four patients safe until morning.",
    "I called the porter and I carried the oxygen up myself.",
    "All four were fine, and the ward has a lamp at every bed since then.",
)

ASKED = question("star", elements=(Element("calm", "You keep calm."),))

# The door: whoever reads, the rest follows


def test_another_reader_takes_the_place_of_todays() -> None:
    seen: list[tuple[object, ...]] = []

    def reader(wording, asked: Question | None, form: Form | None, others=()) -> Reading:
        seen.append((wording.said, asked, form))
        likely = np.array([0.2, 0.9, 0.4, 0.6], np.float32)
        return Reading(
            ("none", "result", "action", "none"),
            {"calm": Shown(likely)},
            {"blame": Shown(likely * 0.5)},
        )

    asked = question(
        "star",
        elements=(Element("calm", "You keep calm."),),
        avoid=(Element("blame", "You blame."),),
    )
    found = assess(transcript("\n".join(STORY)), asked, FORMS["star"], reader=reader)
    assert seen == [(STORY, asked, FORMS["star"])]
    assert found.rubric.elements["calm"].covered
    assert found.rubric.elements["calm"].sentences == (1, 3)  # best first, above one half
    assert found.rubric.elements["calm"].score == pytest.approx(0.9)
    assert not found.rubric.avoid["blame"].flagged
    assert {name: part.sentences for name, part in found.structure.parts.items()} == {
        "situation": (),
        "task": (),
        "action": (2,),
        "result": (1,),
    }
    assert "The situation is missing" in [finding.message for finding in found.findings]


@pytest.mark.parametrize(
    ("likely", "verdict", "sentences"),
    [
        ((0.8, 0.0, 0.7, 0.9), "yes", (3, 0, 2)),
        ((0.75, 0.0, 0.0, 0.69), "yes", (0,)),  # what is only perhaps is no evidence of a yes
        ((0.69, 0.4, 0.3, 0.0), "perhaps", (0, 1, 2)),
        ((0.9, 0.9, 0.9, 0.9), "yes", (0, 1, 2)),  # three are enough
        ((0.29, 0.1, 0.0, 0.2), "no", ()),
    ],
)
def test_verdicts_and_their_evidence_follow_the_cuts(likely, verdict, sentences) -> None:
    def reader(wording, asked, form, others=()) -> Reading:
        return Reading(elements={"calm": Shown(np.array(likely, np.float32), 0.7, 0.3)})

    found = assess(transcript("\n".join(STORY)), ASKED, None, reader=reader)
    calm = found.rubric.elements["calm"]
    assert (calm.verdict, calm.sentences) == (verdict, sentences)
    assert calm.covered == (verdict == "yes")
    assert calm.score == pytest.approx(max(likely))


def test_a_fragment_is_evidence_only_where_nothing_better_is_there() -> None:
    said = "Yeah, um, sure.\nI carried the oxygen up the stairs myself.\nAnd then."

    def reading(*likely: float):
        shown = {"calm": Shown(np.array(likely, np.float32), 0.7, 0.3)}
        found = assess(
            transcript(said), ASKED, None, reader=lambda *_: Reading(elements=shown)
        ).rubric.elements["calm"]
        return found.verdict, found.sentences

    assert reading(0.95, 0.71, 0.9) == ("yes", (1, 0, 2))
    assert reading(0.95, 0.6, 0.0) == ("yes", (0,))


def test_a_part_shows_the_sentence_that_is_surest_and_no_fragment() -> None:
    def reader(wording, asked, form, others=()) -> Reading:
        sure = np.array([0.9, 0.5, 0.8, 1], np.float32)
        return Reading(("action", "action", "action", "result"), sure=sure)

    text = "I ran.\nI called the porter at home.\nI carried the oxygen up myself.\nAll was fine."
    parts = assess(transcript(text), question(), FORMS["star"], reader=reader).structure.parts
    assert (parts["action"].sentences, parts["action"].best) == ((0, 1, 2), 2)
    assert parts["result"].best == 3  # there is nothing better
    assert parts["task"].best is None


def test_an_answer_to_something_else_is_said_so_first_and_not_judged() -> None:
    def reader(wording, asked, form, others=()) -> Reading:
        sure = np.ones(4, np.float32)
        return Reading(
            ("situation", "task", "action", "result"),
            {"calm": Shown(sure)},
            {"blame": Shown(sure)},
            on_question=OnQuestion("no", "mistake"),
        )

    found = assess(transcript("\n".join(STORY)), ASKED, FORMS["star"], reader=reader)
    first, *rest = found.findings
    assert (first.about, first.level) == ("question", "work")
    assert first.message == "This sounds like an answer to “mistake”"
    assert not [one for one in rest if one.about.startswith(("star.", "element.", "avoid."))]
    assert found.rubric.elements["calm"] == Covered("no", 1.0)
    assert found.rubric.avoid["blame"] == Flagged(False, 1.0)
    assert structure_score(found, FORMS["star"]) is None
    assert content_score(found, NORMS.rubric) is None


@pytest.mark.parametrize("verdict", ["yes", "unsure"])
def test_an_answer_that_may_be_one_to_the_question_is_judged(verdict) -> None:
    def reader(wording, asked, form, others=()) -> Reading:
        sure = np.ones(4, np.float32)
        parts = ("situation", "task", "action", "result")
        return Reading(parts, {"calm": Shown(sure)}, on_question=OnQuestion(verdict))

    found = assess(transcript("\n".join(STORY)), ASKED, FORMS["star"], reader=reader)
    assert not [one for one in found.findings if one.about == "question"]
    assert structure_score(found, FORMS["star"]) is not None
    assert content_score(found, NORMS.rubric) == 100


def test_what_it_may_be_an_answer_to_instead_reaches_the_reader() -> None:
    seen: list[object] = []

    def reader(wording, asked, form, others=()) -> Reading:
        seen.append(others)
        return Reading()

    assess(transcript("Well."), question(), None, reader=reader, others=(ASKED,))
    assert seen == [(ASKED,)]


def test_todays_reader_keeps_its_promises() -> None:
    for said in (STORY, STORY[:1], ()):
        found = judge.read(worded(said), ASKED, FORMS["star"])
        assert len(found.parts) == len(found.sure) == len(said)
        assert list(found.elements) == ["calm"]
        likely = found.elements["calm"].likely
        assert likely.shape == (len(said),)
        assert likely.dtype == np.float32
        assert ((likely >= 0) & (likely <= 1)).all()
        assert found.on_question == OnQuestion("unsure")  # there is no other to compare with
    nothing = judge.read(worded(STORY), None, None)
    assert (nothing.parts, nothing.elements, nothing.on_question) == ((), {}, None)


# Wording


def test_wording_leaves_fillers_out_and_keeps_what_was_said() -> None:
    found = worded(["Um, I, uh, called — you know, the ’ward’.", ""])
    assert found.said == ("Um, I, uh, called — you know, the ’ward’.", "")
    assert found.texts == ("i, called — the 'ward'.", "")
    assert found.words == pytest.approx([5, 0])


def test_signs_are_counted_up_to_two_and_added_up_by_name() -> None:
    found = worded(["I called, I asked, I went and I told.", "We called.", "The soup."])
    assert found.sign("did").tolist() == [MOST, 0, 0]
    assert found.sign("did", "we_did").tolist() == [2, 1, 0]
    assert found.signs.shape == (3, len(cues()))
    with pytest.raises(ValueError, match="nonsense"):
        found.sign("nonsense")


def test_substance_counts_different_words_with_colour() -> None:
    found = worded(["The lamp and the lamp and the oxygen.", "I did it."]).substance
    assert found[0] == pytest.approx([np.log(3), 2 / 8])
    assert found[1] == pytest.approx([0, 0])
