"""A reader by likeness: sentences are compared in meaning with the guide's own example sentences.

An element's sentences are compared with its examples, with its near misses (on the topic, nothing
said), and with the examples of the question's other elements. One logistic regression, the same
for every element of every question, weighs these likenesses, so a new question needs examples and
no training. An element without examples is compared by its meaning alone, which is much less sure.

The parts of a form are told by the form's trained numbers (`roles`), or, where it has none, like
elements: by their examples.
"""

from __future__ import annotations

import functools
import itertools
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechcoach.content import roles
from speechcoach.content.meaning import encode
from speechcoach.content.reading import Reading, Shown
from speechcoach.content.wording import Wording, clean
from speechcoach.data import NO_PART, Element, Form, Question

Floats = NDArray[np.float32]

FILE = Path(__file__).with_name("likeness.npz")
VAGUE = FILE.with_suffix(".toml")
FEWEST = 3  # with fewer near misses of its own, an element borrows the vague sentences
SHRINKAGE = 0.02  # ridge penalty of the direction from near misses to examples; tried: 0.02 to 0.3
SAME = 0.85  # cosine above which two sentences say nearly the same; our guess


class Line(NamedTuple):
    """A logistic regression: `weights` (f,); `bias` is such that probability 0.5 is the cut."""

    weights: Floats
    bias: float


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


class Sentences(NamedTuple):
    """Sentences to compare: their `wording`, and unit vectors of their `meaning`, shape (n, d)."""

    wording: Wording
    meaning: Floats


@functools.cache
def lines() -> dict[str, Line]:
    """Return the regressions, by what is looked for; ``benchmarks/train_content.py`` makes them."""
    names = ("element", "avoid", "element_by_meaning", "avoid_by_meaning")
    with np.load(FILE) as stored:
        return {n: Line(stored[f"{n}.weights"], float(stored[f"{n}.bias"])) for n in names}


@functools.cache
def vague() -> tuple[str, ...]:
    """Return the sentences that say nothing in particular."""
    return tuple(tomllib.loads(VAGUE.read_text(encoding="utf-8"))["vague"])


def read(
    wording: Wording,
    question: Question | None,
    form: Form | None,
    others: Sequence[Question] = (),  # noqa: ARG001 - it cannot tell answers to other questions
) -> Reading:
    """Return the reading of an answer; see `speechcoach.content.reading.Reader`."""
    sentences = Sentences(wording, encode(wording.texts))
    parts = tuple(_parts(sentences, form)) if form else ()
    if question is None:
        return Reading(parts, np.ones(len(parts), np.float32))
    story = bool(form and form.story)
    wanted = targets((*question.elements, *question.avoid))
    middle = len(question.elements)
    shown = [
        {t.name: Shown(probabilities(sentences, t, kind, story=story)) for t in some}
        for kind, some in (("element", wanted[:middle]), ("avoid", wanted[middle:]))
    ]
    return Reading(parts, np.ones(len(parts), np.float32), shown[0], shown[1])


def _parts(sentences: Sentences, form: Form) -> list[str]:
    wording, meaning = sentences
    if form.numbers is not None:
        told = roles.tell(form, roles.features(wording, meaning))
    else:
        told = _between(_by_examples(sentences, form))
    return roles.with_colour(told, wording)


def _by_examples(sentences: Sentences, form: Form) -> list[str]:
    """Return for each sentence the part that it shows most probably, none if it shows none."""
    shown = [probabilities(sentences, t, "element", story=form.story) for t in targets(form.parts)]
    best = np.argmax(shown, axis=0)
    enough = np.max(shown, axis=0) > 0.5
    return [
        form.parts[part].id if fits else NO_PART for part, fits in zip(best, enough, strict=True)
    ]


def _between(told: Sequence[str]) -> list[str]:
    """Return the parts with what stands between two sentences of one part counted to it."""
    found = list(told)
    known = [i for i, part in enumerate(told) if part != NO_PART]
    for first, last in itertools.pairwise(known):
        if told[first] == told[last]:
            found[first:last] = [told[first]] * (last - first)
    return found


def probabilities(sentences: Sentences, target: Target, what: str, *, story: bool) -> Floats:
    """Return how probably each sentence shows the target, 0..1; above 0.5 it does.

    Parameters
    ----------
    what : str
        "element" or "avoid"; each has its own cut.
    story : bool
        Whether something that happened is asked for: then "I would" shows nothing.
    """
    if len(target.examples):
        line, features = lines()[what], by_examples(sentences, target, story=story)
    else:
        line = lines()[f"{what}_by_meaning"]
        features = by_meaning(sentences, target, story=story)
    odds = features @ line.weights + line.bias
    found = np.asarray(1.0 / (1.0 + np.exp(-odds)), np.float32)
    if story and what == "element":
        return np.where(_only_imagined(sentences.wording), np.float32(0), found)
    return found


def _only_imagined(wording: Wording) -> NDArray[np.bool_]:
    """Return which sentences say what one would do, and nothing that one did."""
    acted = wording.sign("did", "we_did") > 0
    return np.asarray((wording.sign("imagined") > 0) & ~acted)


@functools.lru_cache(maxsize=256)
def targets(elements: tuple[Element, ...]) -> tuple[Target, ...]:
    """Return what each element of a question, those to avoid included, is recognised by."""
    examples = [_meaning(element.examples) for element in elements]
    meanings = _meaning([element.meaning for element in elements])
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


def _meaning(sentences: Sequence[str]) -> Floats:
    return encode([clean(sentence) for sentence in sentences])


def _near(element: Element) -> Floats:
    borrowed = () if len(element.near_misses) >= FEWEST else vague()
    return _meaning((*element.near_misses, *borrowed))


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


def by_examples(sentences: Sentences, target: Target, *, story: bool) -> Floats:
    """Return the likenesses of each sentence to a target with examples, and its wording."""
    wording, meaning = sentences
    like = _nearest(meaning, target.examples)
    near = _nearest(meaning, target.near)
    other = _nearest(meaning, target.others)
    return np.column_stack(
        [
            like[:, 0],
            like[:, :3].mean(axis=1),
            like.mean(axis=1),
            near[:, 0],
            near[:, :2].mean(axis=1),
            other[:, 0],
            other[:, :3].mean(axis=1),
            meaning @ target.meaning,
            (meaning - target.centre) @ target.direction,
            np.maximum(0, like[:, 0] - SAME),
            np.maximum(0, near[:, 0] - SAME),
            *_signs(wording, story=story),
        ]
    )


def by_meaning(sentences: Sentences, target: Target, *, story: bool) -> Floats:
    """Return the likeness of each sentence to a target's meaning, and its wording."""
    wording, meaning = sentences
    like = meaning @ target.meaning
    rivals = meaning @ target.rivals.T
    rival = rivals.max(axis=1) if rivals.shape[1] else np.zeros_like(like)
    vague = _nearest(meaning, target.near)[:, 0]
    return np.column_stack([like, like - rival, vague, *_signs(wording, story=story)])


def _nearest(sentences: Floats, rows: Floats) -> Floats:
    """Return the cosines of each sentence with the rows, highest first."""
    return -np.sort(-(sentences @ rows.T), axis=1)


def _signs(wording: Wording, *, story: bool) -> Sequence[Floats]:
    hypothetical = wording.sign("hypothetical")
    return (
        wording.lengths,
        hypothetical * story,
        hypothetical * (not story),
        *(wording.sign(name) for name in ("claim", "maxim", "negation", "number", "did", "i")),
        wording.sign("question"),
        wording.sign("setting"),
        wording.sign("past_be", "past_had"),
    )
