#!/usr/bin/env python3
"""Take a trained network into the package, and find out how sure it must be: ``judge.toml``.

    calibrate_judge.py [FOLDER]

FOLDER holds ``judge.onnx`` and ``judge.npz`` as ``train_judge.py export`` writes them; without it
the package's own network stays. The places of the built-in questions are stored with it. Then each
answer of the voices that are held out, people whom the network never learned from, is held against
its own question and some others. What comes out: how the network's probabilities become such as
hold, from where on a thing counts as shown or perhaps shown, and how an answer to another question
is told.
"""

from __future__ import annotations

import argparse
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import voices
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from voices import Told

from speechcoach.content import asked, examples, heads, judge
from speechcoach.content.calibration import FILE, UNLEARNED, log_odds
from speechcoach.content.encoder import FILE as ENCODER
from speechcoach.content.encoder import encode
from speechcoach.content.windows import described
from speechcoach.data import Element, Question
from speechcoach.guides import built_in

Floats = NDArray[np.float64]

PRECISION = {"element": 0.90, "avoid": 0.85}  # of what is called shown
PERHAPS = 0.50  # of what is called perhaps shown is; a thin case counts half, here and above
ALARMS = 0.02  # of the answers to the question that may be called answers to something else
SURE = 0.25  # of them that need not be called surely answers to it
NAMED = 0.80  # of the other questions named that are the right one
ELSEWHERE = 5  # other questions that each answer is held against
FEWEST = 12  # words, fillers left out, of an answer that can be told from one to another question
LOOSENESS = 1.0  # of the regression (scikit-learn's C)
NOTE = """\
# How sure the reader must be, found by benchmarks/calibrate_judge.py on {answers} answers of
# {voices} people whom the network never learned from. What the numbers mean: calibration.py.
"""


def install(folder: Path) -> None:
    """Put a network into the package, with the places of the built-in questions."""
    if folder != ENCODER.parent:
        shutil.copyfile(folder / ENCODER.name, ENCODER)
    with np.load(folder / heads.FILE.name) as stored:
        layers = {name: stored[name] for name in stored.files if not name.startswith("places")}
    np.savez_compressed(heads.FILE, **layers)
    rows = [
        described(one.text, [element.meaning for element in one.elements])
        for one in built_in().questions
    ]
    np.savez_compressed(
        heads.FILE,
        **layers,
        **{
            "places": np.array([heads.placed(encode(row)) for row in rows], np.float32),
            "places.of": np.array([list(asked.digest(row)) for row in rows], np.uint8),
        },
    )
    heads.weights.cache_clear()


@dataclass(frozen=True)
class Held:
    """An answer held against a question: what tells whether it is one, and whether it is."""

    evidence: Floats
    answers: bool
    weight: float
    nearest: str
    margin: float
    right: str


def hold(told: Told, question: Question, answered: float, weight: float) -> Held:
    """Return an answer as held against a question."""
    evident, like = asked.evidence(told.texts, question, built_in().questions, answered)
    first, second = sorted(like, key=lambda name: -like[name])[:2]
    answers = told.on_question and question.id == told.question
    own = told.question if told.on_question else told.manner.partition(":")[2]
    return Held(evident, answers, weight, first, like[first] - like[second], own)


@dataclass(frozen=True)
class Sentences:
    """The sentences of an answer as one thing is looked for: `rows` is what tells it (n, f)."""

    rows: Floats
    shown: Floats
    whole: float


def hold_each(answers: Sequence[Told]) -> list[Held]:
    """Return each answer as held against its own question and some others."""
    questions = {one.id: one for one in built_in().questions}
    held, chance = [], random.Random(0)
    for told in answers:
        own = questions[told.question]
        rest = [one for one in questions.values() if one is not own]
        swapped = chance.sample(rest, ELSEWHERE) if told.on_question else []
        for question in (own, *swapped):
            labels = [one.label for one in judge.wanted(question, None)]
            seen = judge.see(question.text, labels, told.texts)
            weight = 1.0 / ELSEWHERE if question is not own else 1.0
            held.append(hold(told, question, seen.answered, weight))
    return held


def look(answers: Sequence[Told], *, learned: bool) -> dict[str, list[Sentences]]:
    """Return the sentences of all answers by what is looked for: "element" or "avoid".

    Where `learned` is false the network is given a word or two for each thing instead of the
    meaning that it knows: so it is surprised as by somebody's own question.
    """
    questions = {one.id: one for one in built_in().questions}
    found: dict[str, list[Sentences]] = {"element": [], "avoid": []}
    for told in answers:
        question = questions[told.question]
        wanted = judge.wanted(question, None)
        if not learned:
            wanted = [one._replace(thing=_terse(one.thing)) for one in wanted]
        seen = judge.see(question.text, [one.label for one in wanted], told.texts)
        odds = log_odds(seen.shown)
        own, rival = examples.likeness(told.texts, [one.thing for one in wanted])
        for i, one in enumerate(wanted):
            key = "!" * (one.kind == "avoid") + one.thing.id
            said = odds[:, i] if learned else np.clip(odds[:, i], -UNLEARNED, UNLEARNED)
            rows = np.column_stack([said, own[:, i], rival[:, i]])
            shown = np.array([sentence.get(key, 0.0) for sentence in told.shown])
            found[one.kind].append(Sentences(rows, shown, told.whole.get(key, 0.0)))
    return found


def _terse(thing: Element) -> Element:
    return replace(thing, meaning=thing.id.replace("-", " "))


def weigh(found: Sequence[Sentences]) -> dict[str, float]:
    """Return how much network, examples and rivals count for a sentence."""
    rows = np.concatenate([one.rows for one in found])
    shown = np.concatenate([one.shown for one in found])
    sure = shown != 0.5  # thin ones teach neither
    line = LogisticRegression(C=LOOSENESS, max_iter=1000).fit(rows[sure], shown[sure] > 0.5)
    return dict(zip(("network", "own", "rival"), line.coef_[0], strict=True))


def scale(name: str, found: Sequence[Sentences], weights: Sequence[float]) -> dict[str, float]:
    """Return how probabilities are mended, and where they are cut.

    A thing to avoid is flagged or not: whoever is not sure does not blame.
    """
    truth = np.array([one.whole for one in found])
    odds = np.array([[(one.rows @ np.array(weights)).max()] for one in found])
    line = LogisticRegression(C=1e6).fit(
        np.concatenate([odds, odds]),
        np.repeat([1, 0], len(odds)),
        sample_weight=np.concatenate([truth, 1 - truth]),
    )
    mended = line.predict_proba(odds)[:, 1]
    kind = name.partition("_")[0]
    yes = perhaps = lowest(mended, truth, PRECISION[kind])
    below = mended < yes
    if kind == "element":
        perhaps = lowest(mended[below], truth[below], PERHAPS)
    for verdict, some in (("yes", ~below), ("perhaps", below & (mended >= perhaps))):
        right = truth[some].sum() / max(1, some.sum())
        print(f"{name}: {verdict} {some.sum()} times, right {right:.2f}")
    return {
        "slope": line.coef_[0, 0],
        "offset": line.intercept_[0],
        "yes": yes,
        "perhaps": perhaps,
    }


def lowest(said: Floats, truth: Floats, precision: float) -> float:
    """Return the lowest cut from which on so many are right; above all if there is none."""
    order = np.argsort(-said, kind="stable")
    right = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(right >= precision)
    return float(said[order][enough[-1]]) if enough.size else float(said.max()) + 1


def rule(held: Sequence[Held]) -> dict[str, float]:
    """Return the regression that tells answers to the question, and its cuts."""
    rows = np.array([one.evidence for one in held], np.float64)
    answers = np.array([one.answers for one in held])
    weight = np.array([one.weight for one in held])
    weight[answers] *= weight[~answers].sum() / weight[answers].sum()
    line = LogisticRegression(C=LOOSENESS, max_iter=1000).fit(rows, answers, sample_weight=weight)
    sure = line.predict_proba(rows)[:, 1]
    no, yes = np.quantile(sure[answers], [ALARMS, SURE])
    named = [one for one, p in zip(held, sure, strict=True) if not one.answers and p < no]
    margins = np.array([one.margin for one in named])
    right = np.array([float(one.nearest == one.right) for one in named])
    print(f"answers to something else that are found: {(sure[~answers] < no).mean():.2f}")
    return {
        "bias": line.intercept_[0],
        **dict(zip(("likeness", "gap", "together"), line.coef_[0], strict=True)),
        "no": no,
        "yes": yes,
        "named": lowest(margins, right, NAMED),
        "fewest": FEWEST,
    }


def order() -> list[list[float]]:
    """Return how much likelier each role is after each other than anywhere, in logarithms."""
    counts = np.ones((len(voices.ROLES), len(voices.ROLES)))
    for path in voices.paths(held_out=False):
        for told in voices.answers(path):
            roles = [voices.ROLES.index(role[0]) for role in told.roles]
            np.add.at(counts, (roles[:-1], roles[1:]), 1)
    after = counts / counts.sum(axis=1, keepdims=True)
    return np.log(after / (counts.sum(axis=0) / counts.sum())).tolist()


def main() -> None:
    """Write ``judge.toml``."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=ENCODER.parent)
    install(parser.parse_args().folder)
    known = {one.id for one in built_in().questions}
    told = [told for path in voices.paths(held_out=True) for told in voices.answers(path)]
    answers = [one for one in told if one.question in known]
    learned, unlearned = look(answers, learned=True), look(answers, learned=False)
    weights = weigh([*unlearned["element"], *unlearned["avoid"]])
    tables = {kind: scale(kind, some, (1, 0, 0)) for kind, some in learned.items()}
    for kind, some in unlearned.items():
        name = f"{kind}_by_examples"
        tables[name] = scale(name, some, list(weights.values()))
    tables |= {"examples": weights, "asked": rule(hold_each(answers))}
    lines = [NOTE.format(answers=len(answers), voices=len(voices.HELD_OUT))]
    for name, table in tables.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {round(float(value), 4):g}" for key, value in table.items()]
        lines.append("")
    rows = (f"    {[round(value, 2) for value in row]}," for row in order())
    lines += ["[moments]", "after = [", *rows, "]", ""]
    FILE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
