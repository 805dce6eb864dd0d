"""The reader: a trained network judges every sentence with the question and its meanings in view.

What a rubric looks for is given to it in words, so a question of one's own needs no training: the
meanings are enough, and examples, where there are any, are given beside them. An element is shown
where the person did, saw, thought or says what it means; what is denied, wished for, quoted or
promised shows nothing. How sure it must be of that is the matter of `calibration`.

The parts of a story are told by the moments that the network was trained on, the parts of other
forms by their meanings, like elements.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal, NamedTuple

import numpy as np

from speechcoach.content import asked, heads
from speechcoach.content.calibration import Scale, calibration, log_odds
from speechcoach.content.encoder import encode
from speechcoach.content.reading import Floats, Reading, Shown
from speechcoach.content.windows import turns, windows
from speechcoach.content.wording import Wording
from speechcoach.data import NO_PART, Element, Form, OnQuestion, Question

AVOID = "avoid: "  # what stands before the meaning of a thing to avoid, as in training
UNTOLD: tuple[tuple[str, ...], Floats] = ((), np.zeros(0, np.float32))
EXAMPLES = 2  # sentences that show an element, beside its meaning, of a question never learned
LEAST = 2  # words with colour without which a part says nothing: "I asked, I told, I went"


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
    labels = [label for one in looked_for for label in one.labels]
    seen = see(question.text if question else "", labels, wording.said)
    found: dict[str, dict[str, Shown]] = {"element": {}, "avoid": {}, "part": {}}
    for one, odds in zip(looked_for, odds_of(looked_for, seen), strict=True):
        found[one.kind][one.name] = one.scale.shown(odds)
    told, sure = _parts(form, seen.moments, found["element"] | found["part"]) if form else UNTOLD
    return Reading(
        _with_colour(told, wording),
        sure,
        found["element"],
        found["avoid"],
        _on_question(wording, question, others, seen.answered) if question else None,
    )


class Wanted(NamedTuple):
    """A thing that is looked for: an "element", one to "avoid", or a "part" of a form.

    `labels` are what the network is given for it: what it means, and perhaps examples.
    """

    kind: Literal["element", "avoid", "part"]
    name: str
    labels: tuple[str, ...]

    @property
    def scale(self) -> Scale:
        """How its probabilities become such as hold."""
        scale: Scale = getattr(calibration(), self.scaled_as)
        return scale

    @property
    def scaled_as(self) -> str:
        """The name of its scale in `Calibration`."""
        kind = "avoid" if self.kind == "avoid" else "element"
        return kind + "_by_examples" * (len(self.labels) > 1)


def wanted(
    question: Question | None, form: Form | None, examples: int | None = None
) -> list[Wanted]:
    """Return what is looked for in an answer.

    Parameters
    ----------
    examples : int, optional
        How many are given beside each meaning; none to a question that the network learned from.
    """
    if examples is None:
        examples = 0 if question and asked.is_known(question) else EXAMPLES
    elements = question.elements if question else ()
    avoid = question.avoid if question else ()
    parts = _by_meaning(form, {element.id for element in elements})
    return [
        *(Wanted("element", one.id, _labels(one, examples)) for one in elements),
        *(
            Wanted("avoid", one.id, tuple(AVOID + label for label in _labels(one, examples)))
            for one in avoid
        ),
        *(Wanted("part", one.id, _labels(one, examples)) for one in parts),
    ]


def _labels(element: Element, examples: int) -> tuple[str, ...]:
    return (element.meaning, *element.examples[:examples])


def odds_of(looked_for: Sequence[Wanted], seen: Seen) -> Iterator[Floats]:
    """Yield the log odds that each sentence shows each thing, shape (n,).

    The examples of a thing weigh as much as what it means.
    """
    columns = iter(log_odds(seen.shown).T)
    for one in looked_for:
        meaning, *examples = itertools.islice(columns, len(one.labels))
        yield np.mean([meaning, np.mean(examples, axis=0)], axis=0) if examples else meaning


def see(question: str, meanings: Sequence[str], sentences: Sequence[str]) -> Seen:
    """Return what the network says of the sentences of an answer.

    Parameters
    ----------
    question : str
        What was asked, "" if that is not known.
    meanings : sequence of str
        What is looked for, a thing to avoid with `AVOID` before it.
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


def _by_moment(form: Form) -> dict[str, str]:
    """Return the parts of a story that are moments of it, by moment."""
    return {part.moment: part.id for part in form.parts if part.moment and form.story}


def _by_meaning(form: Form | None, elements: AbstractSet[str]) -> list[Element]:
    """Return the parts that are told by their meaning, if that is not looked for anyway."""
    if form is None:
        return []
    others = {*_by_moment(form).values(), *elements}
    return [part for part in form.parts if part.id not in others]


def _parts(
    form: Form, moments: Floats, shown: Mapping[str, Shown]
) -> tuple[tuple[str, ...], Floats]:
    """Return the part of each sentence, and how probably it is that."""
    named = _by_moment(form)
    likely = {named[m]: p for m, p in zip(heads.MOMENTS, moments.T, strict=True) if m in named}
    in_none = 1 - sum(likely.values()) if named else np.zeros(len(moments), np.float32)
    for part in (part for part in form.parts if part.id not in likely):
        found = shown[part.id]
        likely[part.id] = np.where(found.likely >= found.perhaps, found.likely, 0)
    rows = np.array([in_none, *likely.values()]).T
    told = [(NO_PART, *likely)[best] for best in rows.argmax(axis=1)]
    return tuple(told if named else _between(told)), rows.max(axis=1)


def _between(told: Sequence[str]) -> list[str]:
    """Return the parts with what stands between two sentences of one part counted to it."""
    found = list(told)
    known = [i for i, part in enumerate(told) if part != NO_PART]
    for first, last in itertools.pairwise(known):
        if told[first] == told[last]:
            found[first:last] = [told[first]] * (last - first)
    return found


def _with_colour(told: Sequence[str], wording: Wording) -> tuple[str, ...]:
    """Return the parts without those in which hardly a word paints a picture."""
    colour = np.expm1(wording.substance[:, 0])
    empty = {
        part
        for part in set(told)
        if sum(c for c, p in zip(colour, told, strict=True) if p == part) < LEAST
    }
    return tuple(NO_PART if part in empty else part for part in told)


def _on_question(
    wording: Wording, question: Question, others: Sequence[Question], answered: float
) -> OnQuestion:
    rule = calibration().asked
    if not others or wording.words.sum() < rule.fewest:
        return OnQuestion("unsure")
    return asked.verdict(rule, *asked.evidence(wording.said, question, others, answered))
