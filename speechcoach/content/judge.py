"""The reader: a trained network judges every sentence with the question and its meanings in view.

What a rubric looks for is given to it in words, so a question of one's own needs no training: the
meanings are enough, and `examples` make it surer. An element is shown where the person did, saw,
thought or says what it means; what is denied, wished for, quoted or promised shows nothing. How
sure it must be of that is the matter of `calibration`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from speechcoach.content import asked, heads, parts
from speechcoach.content.calibration import Scale, calibration, log_odds
from speechcoach.content.encoder import encode
from speechcoach.content.examples import likeness
from speechcoach.content.reading import Floats, Reading, Shown
from speechcoach.content.windows import turns, windows
from speechcoach.content.wording import Wording
from speechcoach.data import Element, Form, OnQuestion, Question

Kind = Literal["element", "avoid", "part"]


class Wanted(NamedTuple):
    """A thing that is looked for, `by_examples` if the network never learned what it means."""

    kind: Kind
    thing: Element
    by_examples: bool

    @property
    def label(self) -> str:
        """What the network is given for it, worded as in training."""
        return f"avoid: {self.thing.meaning}" if self.kind == "avoid" else self.thing.meaning

    @property
    def scaled_as(self) -> str:
        """The name of its scale in `Calibration`."""
        kind = "avoid" if self.kind == "avoid" else "element"
        return f"{kind}_by_examples" if self.by_examples else kind


class Seen(NamedTuple):
    """What the network says of n sentences and m meanings, before anything is made of it.

    `shown` (n, m) is how probably each sentence shows each meaning, `moments` (n, 5) how probably
    it is each of `heads.MOMENTS`, `answered` how probably the whole answers the question.
    """

    shown: Floats
    moments: Floats
    answered: float


def read(
    wording: Wording,
    question: Question | None,
    form: Form | None,
    others: Sequence[Question] = (),
) -> Reading:
    """Return the reading of an answer; see `speechcoach.content.reading.Reader`."""
    looked_for = wanted(question, form)
    text = question.text if question else ""
    seen = see(text, [one.label for one in looked_for], wording.said)
    found: dict[Kind, dict[str, Shown]] = {"element": {}, "avoid": {}, "part": {}}
    for one, odds in zip(looked_for, weighed(looked_for, seen, wording.said).T, strict=True):
        scale: Scale = getattr(calibration(), one.scaled_as)
        found[one.kind][one.thing.id] = scale.shown(odds)
    reading = Reading(elements=found["element"], avoid=found["avoid"])
    if form:
        shown = found["element"] | found["part"]
        told, sure = parts.told(form, seen.moments, shown, wording)
        reading = replace(reading, parts=told, sure=sure)
    if question:
        on_question = _on_question(wording, question, others, seen.answered)
        reading = replace(reading, on_question=on_question)
    return reading


def wanted(question: Question | None, form: Form | None) -> list[Wanted]:
    """Return what is looked for in an answer."""
    learned = question is not None and asked.is_known(question)
    elements = question.elements if question else ()
    things: dict[Kind, Sequence[Element]] = {
        "element": elements,
        "avoid": question.avoid if question else (),
        "part": parts.by_meaning(form, {element.id for element in elements}),
    }
    return [
        Wanted(kind, thing, bool(thing.examples) and not learned)
        for kind, some in things.items()
        for thing in some
    ]


def weighed(looked_for: Sequence[Wanted], seen: Seen, sentences: Sequence[str]) -> Floats:
    """Return the log odds that each sentence shows each thing, shape (n, things).

    Those of things with examples are weighed with the likeness to them, and to their rivals: the
    rubric's are each other's, and so are a form's parts.
    """
    odds, weights = log_odds(seen.shown), calibration().examples
    for kinds in (("element", "avoid"), ("part",)):
        columns = [i for i, one in enumerate(looked_for) if one.kind in kinds]
        if any(looked_for[i].by_examples for i in columns):
            own, rival = likeness(sentences, [looked_for[i].thing for i in columns])
            mixed = weights.mixed(odds[:, columns], own, rival)
            odds[:, columns] = np.where(np.isnan(own), odds[:, columns], mixed)
    return odds


def see(question: str, meanings: Sequence[str], sentences: Sequence[str]) -> Seen:
    """Return what the network says of the sentences of an answer.

    Parameters
    ----------
    question : str
        What was asked, "" if that is not known.
    meanings : sequence of str
        What is looked for, worded as `Wanted.label`.
    """
    shown = np.zeros((len(sentences), len(meanings)), np.float32)
    moments = np.zeros((len(sentences), len(heads.MOMENTS)), np.float32)
    answered = []
    for turn in turns(question, meanings):
        for window in windows(question, meanings[turn], sentences):
            vectors = encode(window.numbers)
            rows = slice(window.first, window.first + len(window.sentences))
            said = heads.means(vectors, window.sentences)
            shown[rows, turn] = heads.shown(said, heads.means(vectors, window.labels))
            if turn.start == 0:
                moments[rows] = heads.moments(said, vectors[0])
                answered.append(heads.answered(vectors, window))
    return Seen(shown, moments, float(np.mean(answered)) if answered else 0.0)


def _on_question(
    wording: Wording, question: Question, others: Sequence[Question], answered: float
) -> OnQuestion:
    rule = calibration().asked
    if not others or wording.words.sum() < rule.fewest:
        return OnQuestion("unsure")
    return asked.verdict(rule, *asked.evidence(wording.said, question, others, answered))
