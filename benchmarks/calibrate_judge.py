#!/usr/bin/env python3
"""Take a trained network into the package, and find out how sure it must be: ``judge.toml``.

    calibrate_judge.py [--encoder FILE.onnx --heads FILE.npz] HELD_OUT_VOICE.txt ...

The voices are labelled answers of people whom the network never learned from. Each answer is held
against its own question and some others. What comes out: how the network's probabilities become
such as hold, from where on a thing counts as shown or perhaps shown, and how an answer to another
question is told. With a network given, the package's is replaced first, and the places of the
built-in questions are stored with it.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from speechcoach.content import asked, heads, judge
from speechcoach.content.calibration import FILE
from speechcoach.content.encoder import FILE as ENCODER
from speechcoach.content.encoder import encode
from speechcoach.content.windows import described
from speechcoach.data import Question
from speechcoach.guides import built_in

Floats = NDArray[np.float64]

PRECISION = {  # of what is called shown
    "element": 0.90,
    "avoid": 0.85,
    "element_by_examples": 0.90,
    "avoid_by_examples": 0.85,
}
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


@dataclass(frozen=True)
class Told:
    """A labelled answer: `labels` are what it shows (1), shows thinly (0.5) or does not (0)."""

    question: str
    manner: str
    texts: tuple[str, ...]
    labels: dict[str, float]

    @property
    def on_question(self) -> bool:
        """Whether it is an answer to its question."""
        return not self.manner.startswith(("off-", "salad"))


def read(path: Path) -> Iterator[Told]:
    """Yield the answers of a voice; its minimal sets are for training and are left out."""
    for block in re.split(r"\n(?=[@=] )", path.read_text(encoding="utf-8")):
        head, *lines = block.strip().splitlines()
        if not head.startswith("@ "):
            continue
        question, _, manner = head[2:].split()
        found: dict[str, float] = {}
        texts = []
        for line in filter(None, lines):
            label, text = line.split(None, 1)
            texts.append(text)
            for sign, name in re.findall(r"([+~!])([a-z-]+)", label):
                key = "!" + name if sign == "!" else name
                found[key] = max(found.get(key, 0.0), 0.5 if sign == "~" else 1.0)
        yield Told(question, manner, tuple(texts), found)


def install(encoder: Path, weights: Path) -> None:
    """Put a network into the package, with the places of the built-in questions."""
    shutil.copyfile(encoder, ENCODER)
    with np.load(weights) as stored:
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


Pairs = list[tuple[float, float]]


def gather(answers: Sequence[Told]) -> tuple[dict[str, Pairs], list[Held]]:
    """Return (log odds, label) by scale, and each answer as held against several questions."""
    questions = {one.id: one for one in built_in().questions}
    pairs: dict[str, Pairs] = {name: [] for name in PRECISION}
    held, chance = [], random.Random(0)
    for told in answers:
        if told.question not in questions:
            continue
        own = questions[told.question]
        rest = [one for one in questions.values() if one is not own]
        swapped = chance.sample(rest, ELSEWHERE) if told.on_question else []
        for question in (own, *swapped):
            labels = [one.labels[0] for one in judge.wanted(question, None, 0)]
            seen = judge.see(question.text, labels, told.texts)
            weight = 1.0 / ELSEWHERE if question is not own else 1.0
            held.append(hold(told, question, seen.answered, weight))
        for examples in (0, judge.EXAMPLES):
            wanted = judge.wanted(own, None, examples)
            labels = [label for one in wanted for label in one.labels]
            found = judge.odds_of(wanted, judge.see(own.text, labels, told.texts))
            for one, odds in zip(wanted, found, strict=True):
                label = told.labels.get("!" * (one.kind == "avoid") + one.name, 0.0)
                pairs[one.scaled_as].append((float(odds.max()), label))
    return pairs, held


def scale(pairs: Sequence[tuple[float, float]], precision: float) -> dict[str, float]:
    """Return how probabilities are mended, and where they are cut."""
    said, truth = np.array(pairs).T
    odds = said[:, None]
    line = LogisticRegression(C=1e6).fit(
        np.concatenate([odds, odds]),
        np.repeat([1, 0], len(odds)),
        sample_weight=np.concatenate([truth, 1 - truth]),
    )
    mended = line.predict_proba(odds)[:, 1]
    yes = lowest(mended, truth, precision)
    below = mended < yes
    perhaps = lowest(mended[below], truth[below], PERHAPS)
    return {
        "slope": line.coef_[0, 0],
        "offset": line.intercept_[0],
        "yes": yes,
        "perhaps": perhaps,
    }


def lowest(said: Floats, truth: Floats, precision: float) -> float:
    """Return the lowest cut from which on so many are right."""
    order = np.argsort(-said, kind="stable")
    right = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(right >= precision)
    if not enough.size:
        raise SystemExit("the network is never sure enough: train it longer")
    return float(said[order][enough[-1]])


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


def main() -> None:
    """Write ``judge.toml``."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("voices", type=Path, nargs="+")
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--heads", type=Path)
    given = parser.parse_args()
    if given.encoder and given.heads:
        install(given.encoder, given.heads)
    answers = [told for path in given.voices for told in read(path)]
    pairs, held = gather(answers)
    tables = {kind: scale(pairs[kind], PRECISION[kind]) for kind in pairs} | {"asked": rule(held)}
    lines = [NOTE.format(answers=len(answers), voices=len(given.voices))]
    for name, table in tables.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {round(float(value), 4):g}" for key, value in table.items()]
        lines.append("")
    FILE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
