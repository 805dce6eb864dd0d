"""What tells the meaning of sentences: the door to it, chains by hand, what they go by."""

import itertools

import numpy as np
import pytest
from content_support import FORMS, question, transcript

from speechcoach.content import assess, likeness, meaning, roles
from speechcoach.content.reading import Reading
from speechcoach.content.roles import Chain, best_path
from speechcoach.content.wording import MOST, cues, worded
from speechcoach.data import Element, Form, Question

STORY = (
    "I was on nights in Cork when the power failed.",
    "My job was to keep four patients safe until morning.",
    "I called the porter and I carried the oxygen up myself.",
    "All four were fine, and the ward has a lamp at every bed since then.",
)


# The door: whoever reads, the rest follows


def test_another_reader_takes_the_place_of_todays() -> None:
    seen: list[tuple[object, ...]] = []

    def reader(wording, asked: Question | None, form: Form | None, others=()) -> Reading:
        seen.append((wording.said, asked, form))
        likely = np.array([0.2, 0.9, 0.4, 0.6], np.float32)
        return Reading(
            ("none", "result", "action", "none"), likely, {"calm": likely}, {"blame": likely * 0.5}
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


def test_exactly_one_half_shows_nothing_and_three_sentences_are_evidence_enough() -> None:
    def reader(wording, asked, form) -> Reading:
        half = np.array([0.5, 0.5, 0.5, 0.5], np.float32)
        return Reading((), {"half": half, "all": half + 0.1}, {})

    asked = question(elements=(Element("half", "x"), Element("all", "y")))
    found = assess(transcript("\n".join(STORY)), asked, None, reader=reader).rubric.elements
    assert (found["half"].covered, found["half"].sentences) == (False, ())
    assert found["all"].sentences == (0, 1, 2)


def test_todays_reader_keeps_its_promises() -> None:
    asked = question("star", elements=(Element("calm", "You keep calm."),))
    for said in (STORY, STORY[:1], ()):
        found = likeness.read(worded(said), asked, FORMS["star"])
        assert len(found.parts) == len(said)
        assert list(found.elements) == ["calm"]
        assert found.elements["calm"].shape == (len(said),)
        assert found.elements["calm"].dtype == np.float32
        assert ((found.elements["calm"] >= 0) & (found.elements["calm"] <= 1)).all()
    assert likeness.read(worded(STORY), None, None).parts == ()
    assert likeness.read(worded(STORY), None, None).elements == {}


# Chains


def score(chain: Chain, rows: np.ndarray, path: tuple[int, ...]) -> float:
    each = rows @ chain.weights + chain.bias
    total = chain.first[path[0]] + chain.last[path[-1]]
    total += sum(each[i, label] for i, label in enumerate(path))
    return float(total + sum(chain.transitions[pair] for pair in itertools.pairwise(path)))


@pytest.mark.parametrize("seed", range(5))
def test_the_best_path_is_the_best_of_all_paths(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shapes = [(4, 3), (3,), (3, 3), (3,), (3,)]
    chain = Chain(*(rng.normal(size=shape).astype(np.float32) for shape in shapes))
    for count in (1, 2, 5):
        rows = rng.normal(size=(count, 4)).astype(np.float32)
        paths = itertools.product(range(3), repeat=count)
        best = max(paths, key=lambda path: score(chain, rows, path))
        assert tuple(best_path(chain, rows)) == best
    assert best_path(chain, np.zeros((0, 4), np.float32)) == []


def test_a_form_without_trained_numbers_has_no_chain() -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match="'star' has no trained numbers"):
        roles.chain_of(replace(FORMS["star"], numbers=None))


def test_a_part_in_which_no_word_paints_a_picture_is_none() -> None:
    said = worded(["I asked, I told, I went.", "The oxygen was on the fourth floor.", "I did it."])
    assert roles.with_colour(["action", "task", "action"], said) == ["none", "task", "none"]
    assert roles.with_colour(["none", "none", "none"], said) == ["none"] * 3


# What parts are told by


def rows(*said: str) -> np.ndarray:
    wording = worded(said)
    return roles.features(wording, meaning.encode(wording.texts))


def test_the_features_stand_where_training_put_them() -> None:
    wording, found = worded(STORY), rows(*STORY)
    vectors = meaning.encode(wording.texts)
    count = wording.signs.shape[1]
    assert found.shape == (4, 9 + 1 + 2 + count + roles.MEANING + 2 * count)
    assert found[:, 9] == pytest.approx(wording.lengths)
    assert found[:, 10:12] == pytest.approx(wording.substance)
    assert found[:, 12 : 12 + count] == pytest.approx(wording.signs)
    assert found[:, 12 + count : -2 * count] == pytest.approx(vectors[:, : roles.MEANING])


def test_half_the_signs_of_its_neighbours_count_for_a_sentence() -> None:
    count = worded(STORY).signs.shape[1]
    signs, found = worded(STORY).signs, rows(*STORY)
    before, after = found[:, -2 * count : -count], found[:, -count:]
    assert signs[:3].any(axis=1).all()
    assert before[1:] == pytest.approx(0.5 * signs[:-1])
    assert after[:-1] == pytest.approx(0.5 * signs[1:])
    assert not before[0].any()
    assert not after[-1].any()


def test_a_sentence_knows_its_place() -> None:
    found = rows(*(f"We had {n} patients." for n in range(8)))[:, :9]
    assert found[:, 0] == pytest.approx((np.arange(8) + 0.5) / 8)
    assert found[:, 1] == pytest.approx(found[:, 0] ** 2)
    ends = [[1, 0, 0, 0], [0, 1, 0, 0], *[[0] * 4] * 4, [0, 0, 0, 1], [0, 0, 1, 0]]
    assert found[:, 2:6].tolist() == ends
    assert found[:, 6] == pytest.approx(np.log(8))
    assert found[:, 7] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1])
    assert found[:, 8] == pytest.approx([1, 1, 1, 0.8, 0.6, 0.4, 0.2, 0])
    lone = rows("We had one patient.")
    assert lone[0, :9] == pytest.approx([0.5, 0.25, 1, 0, 1, 0, 0, 0, 0])
    assert rows().shape == (0, lone.shape[1])


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
