"""Which rubric elements an answer covers, and what it should have avoided, by meaning.

Each sentence is compared with the element's own example sentences, with its near misses (on the
topic, nothing said), and with the examples of the question's other elements. One logistic
regression, the same for every element of every question, weighs these likenesses, so a new
question needs examples and no training. An element without examples is compared by its meaning
alone, which is much less sure.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechcoach.content import model
from speechcoach.content.opinions import opinions
from speechcoach.content.reading import Reading, meaning
from speechcoach.data import Covered, Element, Flagged, Question, Rubric

Floats = NDArray[np.float32]

FEWEST = 3  # with fewer near misses of its own, an element borrows the vague sentences
SHRINKAGE = 0.02  # ridge penalty of the direction from near misses to examples; tried: 0.02 to 0.3
SAME = 0.85  # cosine above which two sentences say nearly the same; our guess
SHOWN = 3  # at most so many sentences as evidence


class Target(NamedTuple):
    """What an element is recognised by; rows are unit vectors of dimension d.

    A sentence's place along `direction`, from `centre`, tells examples (+1) from the rest (-1).
    """

    name: str
    examples: Floats
    near: Floats
    others: Floats
    meaning: Floats
    rivals: Floats
    direction: Floats
    centre: Floats


def judge(reading: Reading, question: Question) -> Rubric:
    """Return what the sentences cover of a question's rubric."""
    star = question.kind == "star"
    everything = targets((*question.elements, *question.avoid))
    covered, avoided = {}, {}
    for target in everything[: len(question.elements)]:
        covered[target.name] = Covered(
            *_verdict(probabilities(reading, target, "element", star=star))
        )
    for target in everything[len(question.elements) :]:
        avoided[target.name] = Flagged(
            *_verdict(probabilities(reading, target, "avoid", star=star))
        )
    return Rubric(covered, avoided)


def probabilities(reading: Reading, target: Target, what: str, *, star: bool) -> Floats:
    """Return how probably each sentence shows the target, 0..1; above 0.5 it does.

    Parameters
    ----------
    what : str
        "element" or "avoid"; each has its own cut.
    star : bool
        Whether the question asks for a story: then "I would" shows nothing.
    """
    if len(target.examples):
        line, features = model.load().lines[what], by_examples(reading, target, star=star)
    else:
        line = model.load().lines[f"{what}_by_meaning"]
        features = by_meaning(reading, target, star=star)
    odds = features @ line.weights + line.bias
    found = np.asarray(1.0 / (1.0 + np.exp(-odds)), np.float32)
    return np.where(_only_imagined(reading), 0, found) if star and what == "element" else found


def _only_imagined(reading: Reading) -> NDArray[np.bool_]:
    """Return which sentences say what one would do, and nothing that one did."""
    acted = reading.sign("did", "we_did") > 0
    return np.asarray((reading.sign("imagined") > 0) & ~acted)


def _verdict(found: Floats) -> tuple[bool, float, tuple[int, ...]]:
    """Return whether any sentence is enough, the highest probability, and the sentences."""
    order = np.argsort(-found, kind="stable")
    enough = tuple(int(i) for i in order if found[i] > 0.5)
    return bool(enough), float(found.max(initial=0.0)), enough[:SHOWN]


@functools.lru_cache(maxsize=256)
def targets(elements: tuple[Element, ...]) -> tuple[Target, ...]:
    """Return what each element of a question, those to avoid included, is recognised by."""
    examples = [meaning(element.examples) for element in elements]
    meanings = meaning([element.meaning for element in elements])
    found = []
    for i, element in enumerate(elements):
        rest = [rows for j, rows in enumerate(examples) if j != i]
        near = _near(element)
        others = np.concatenate(rest) if sum(map(len, rest)) else near
        direction, centre = _direction(examples[i], near, others)
        found.append(
            Target(
                element.id,
                examples[i],
                near,
                others,
                meanings[i],
                np.delete(meanings, i, axis=0),
                direction,
                centre,
            )
        )
    return tuple(found)


def _near(element: Element) -> Floats:
    vague = () if len(element.near_misses) >= FEWEST else opinions().rubric.vague
    return meaning((*element.near_misses, *vague))


def _direction(examples: Floats, near: Floats, others: Floats) -> tuple[Floats, Floats]:
    """Return the ridge regression that tells examples (+1) from the rest (-1), in dual form.

    Examples weigh as much as near misses and other elements' examples together.
    """
    rows = np.concatenate([examples, near, others])
    centre = rows.mean(axis=0)
    if not len(examples):
        return np.zeros_like(centre), centre
    sizes = (len(examples), len(near), len(others))
    weight = np.repeat([1 / sizes[0], 0.5 / sizes[1], 0.5 / sizes[2]], sizes).astype(np.float32)
    wanted = np.repeat([1.0, -1.0, -1.0], sizes).astype(np.float32)
    wanted -= (weight * wanted).sum() / weight.sum()
    root = np.sqrt(weight)
    scaled = (rows - centre) * root[:, None]
    gram = scaled @ scaled.T + SHRINKAGE * np.eye(len(rows), dtype=np.float32)
    return scaled.T @ np.linalg.solve(gram, root * wanted), centre


def by_examples(reading: Reading, target: Target, *, star: bool) -> Floats:
    """Return the likenesses of each sentence to a target with examples, and its wording."""
    like = _nearest(reading.meaning, target.examples)
    near = _nearest(reading.meaning, target.near)
    other = _nearest(reading.meaning, target.others)
    return np.column_stack(
        [
            like[:, 0],
            like[:, :3].mean(axis=1),
            like.mean(axis=1),
            near[:, 0],
            near[:, :2].mean(axis=1),
            other[:, 0],
            other[:, :3].mean(axis=1),
            reading.meaning @ target.meaning,
            (reading.meaning - target.centre) @ target.direction,
            np.maximum(0, like[:, 0] - SAME),
            np.maximum(0, near[:, 0] - SAME),
            *_wording(reading, star=star),
        ]
    )


def by_meaning(reading: Reading, target: Target, *, star: bool) -> Floats:
    """Return the likeness of each sentence to a target's meaning, and its wording."""
    like = reading.meaning @ target.meaning
    rivals = reading.meaning @ target.rivals.T
    rival = rivals.max(axis=1) if rivals.shape[1] else np.zeros_like(like)
    vague = _nearest(reading.meaning, target.near)[:, 0]
    return np.column_stack([like, like - rival, vague, *_wording(reading, star=star)])


def _nearest(sentences: Floats, rows: Floats) -> Floats:
    """Return the cosines of each sentence with the rows, highest first."""
    return -np.sort(-(sentences @ rows.T), axis=1)


def _wording(reading: Reading, *, star: bool) -> Sequence[Floats]:
    hypothetical = reading.sign("hypothetical")
    return (
        reading.lengths,
        hypothetical * star,
        hypothetical * (not star),
        *(reading.sign(name) for name in ("claim", "maxim", "negation", "number", "did", "i")),
        reading.sign("question"),
        reading.sign("setting"),
        reading.sign("past_be", "past_had"),
    )
