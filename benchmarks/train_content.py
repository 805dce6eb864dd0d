#!/usr/bin/env python3
"""Train what content is told by: ``content/likeness.npz``, and ``model.npz`` of the guide.

    train_content.py [ANSWERS.jsonl ...]

Learns from ``data/content_answers.txt`` (our own) and from labelled answers in JSONL (those of the
benchmark): the chains that tell the roles of sentences apart (a conditional random field), and the
logistic regressions that weigh likenesses to a rubric's examples. Runs in about a minute.
``content.py`` imports it to train without the answers that it tests on.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from content_answers import Answer, read_labelled, read_own

from speechcoach.content import likeness, roles
from speechcoach.content.likeness import Line, Sentences
from speechcoach.content.meaning import encode
from speechcoach.content.roles import Chain
from speechcoach.content.wording import worded
from speechcoach.data import Element, Question
from speechcoach.guides import built_in, load_bank

PENALTY = 0.03  # of the chains' weights (L2, a sentence); tried: 0.01 to 0.2
ASTRAY = 3  # other questions that each of our own answers is held against
PRECISION = 1.4  # of a remark that may hurt, against recall: our guess
SENTENCES = 5000  # that a group of weight 1 counts for
LOOSENESS = 1.0  # of the regressions (scikit-learn's C)


@dataclass(frozen=True)
class Learned:
    """Chains by the id of their form, and regressions by what they look for."""

    chains: dict[str, Chain]
    lines: dict[str, Line]


def read(texts: Sequence[str]) -> Sentences:
    """Return sentences with their wording and meaning."""
    wording = worded(texts)
    return Sentences(wording, encode(wording.texts))


def fit_chain(readings: Sequence[Sentences], paths: Sequence[Sequence[int]], labels: int) -> Chain:
    """Return the chain of greatest likelihood, with an L2 penalty."""
    import torch

    torch.manual_seed(0)
    rows = [roles.features(*reading) for reading in readings]
    stacked = np.concatenate(rows)
    mean, spread = stacked.mean(0), stacked.std(0) + 1e-6
    longest = max(map(len, rows))
    x = torch.zeros(len(rows), longest, stacked.shape[1], dtype=torch.float64)
    y = torch.zeros(len(rows), longest, dtype=torch.long)
    there = torch.zeros(len(rows), longest, dtype=torch.bool)
    for i, (row, path) in enumerate(zip(rows, paths, strict=True)):
        x[i, : len(row)] = torch.tensor((row - mean) / spread)
        y[i, : len(row)] = torch.tensor(path)
        there[i, : len(row)] = True
    shapes = [(x.shape[2], labels), (labels,), (labels, labels), (labels,), (labels,)]
    weights, bias, steps, first, last = (
        torch.zeros(shape, dtype=torch.float64, requires_grad=True) for shape in shapes
    )
    end = there.sum(1) - 1
    every = torch.arange(len(rows))

    def loss() -> torch.Tensor:
        scores = x @ weights + bias
        gold = (scores.gather(2, y[..., None])[..., 0] * there).sum(1)
        gold = gold + first[y[:, 0]] + last[y[every, end]]
        gold = gold + (steps[y[:, :-1], y[:, 1:]] * there[:, 1:]).sum(1)
        alpha = scores[:, 0] + first
        for i in range(1, longest):
            reached = torch.logsumexp(alpha[:, :, None] + steps[None], 1) + scores[:, i]
            alpha = torch.where(there[:, i, None], reached, alpha)
        missed = (torch.logsumexp(alpha + last, 1) - gold).sum() / there.sum()
        small = sum((w**2).sum() for w in (steps, first, last)) * 0.005
        return missed + PENALTY / 2 * (weights**2).sum() + small

    search = torch.optim.LBFGS(
        [weights, bias, steps, first, last], max_iter=60, line_search_fn="strong_wolfe"
    )

    def closure() -> torch.Tensor:
        search.zero_grad()
        value = loss()
        value.backward()
        return value

    search.step(closure)
    w, b, t, s, e = (p.detach().numpy() for p in (weights, bias, steps, first, last))
    w = w / spread[:, None]
    return Chain(*(np.asarray(part, np.float32) for part in (w, b - mean @ w, t, s, e)))


CUES = (
    "the situation was;my task was;the action was;the result was;as a result;in the end;first;"
    "then;finally;i decided;i learned;i listened;i communicated;i prioritized;i resolved;"
    "i took action;i took ownership;my responsibility was;my goal was;my role was;"
    "the outcome was;since then;what i learned is;the lesson was;i asked;i told;i called;"
    "when i was;during my;we worked as a team;it was a challenge;the challenge was;"
    "it was a conflict;under pressure;the patient;the attending;on my rotation;the team;empathy;"
    "communication;leadership;teamwork;improved;by fifty percent;successfully;the solution;"
    "responsible;in charge;needed to;had to;from then on;now i always;it turned out;a mistake;"
    "respectfully;i went;i explained;i solved it;i handled it;in private;step by step;ended up;"
    "the problem;afterwards"
).split(";")


def salads(number: int = 30, seed: int = 0) -> list[Answer]:
    """Return answers that are nothing but cue words in any order, all of it labelled none."""
    rng = random.Random(seed)
    found = []
    for i in range(number):
        joint = rng.choice([" ", " and ", ", "])
        texts = tuple(
            joint.join(rng.choices(CUES, k=rng.randint(2, 7))) for _ in range(rng.randint(3, 9))
        )
        star = ("none",) * len(texts)
        found.append(Answer(f"salad-{i}", "x", "weak", texts, star, frozenset(), frozenset(), None))
    return found


def fit_chains(answers: Iterable[Answer]) -> dict[str, Chain]:
    """Return the chains for both forms of an answer."""
    answers = [*answers, *salads()]
    found = {}
    for form in built_in().forms.values():
        names = roles.labels(form)
        told = [(a, getattr(a, form.key)) for a in answers if getattr(a, form.key)]
        readings = [read(a.texts) for a, _ in told]
        paths = [[names.index(role) for role in path] for _, path in told]
        found[form.id] = fit_chain(readings, paths, len(names))
    return found


@dataclass(frozen=True)
class Pair:
    """An answer against one element: features a sentence, labels where they are known."""

    answer: Answer
    element: str
    what: str
    features: np.ndarray
    shown: np.ndarray | None
    covered: bool


def without(element: Element, texts: frozenset[str], *, examples: bool) -> Element:
    """Return the element without those sentences among its examples, or without any."""
    return replace(
        element,
        examples=tuple(t for t in element.examples if t not in texts) if examples else (),
        near_misses=tuple(t for t in element.near_misses if t not in texts) if examples else (),
    )


def rehearsed(bank: dict[str, Question]) -> list[Answer]:
    """Return the bank's own sentences as answers: a sixth of each question's in each.

    Its near misses are the hardest sentences there are, so the regressions learn from them too.
    """
    found = []
    for name, question in bank.items():
        told = [
            (text, shown)
            for element in (*question.elements, *question.avoid)
            for texts, shown in (
                (element.examples, frozenset({element.id})),
                (element.near_misses, frozenset()),
            )
            for text in texts
        ]
        for fold in range(6):
            texts, shown = zip(*told[fold::6], strict=True)
            ids = frozenset().union(*shown)
            found.append(Answer(f"{name}-{fold}", name, "bank", texts, None, ids, ids, shown))
    return found


def pairs(
    answers: Iterable[Answer], bank: dict[str, Question], *, examples: bool, apart: bool = True
) -> list[Pair]:
    """Return every answer against every element of its question.

    With `apart`, an answer's own sentences are not among the examples that it is compared with.
    """
    found = []
    for answer in answers:
        if answer.question not in bank:
            continue
        question = bank[answer.question]
        own = frozenset(answer.texts) if apart else frozenset()
        asked = tuple(
            without(e, own, examples=examples) for e in (*question.elements, *question.avoid)
        )
        reading = read(answer.texts)
        form = built_in().form_of(question)
        story = bool(form and form.story)
        tell = likeness.by_examples if examples else likeness.by_meaning
        known = answer.by_sentence
        for i, target in enumerate(likeness.targets(asked)):
            found.append(
                Pair(
                    answer,
                    target.name,
                    "element" if i < len(question.elements) else "avoid",
                    tell(reading, target, story=story),
                    None if known is None else np.array([target.name in ids for ids in known]),
                    target.name in (answer.elements | answer.avoid),
                )
            )
    return found


def astray(answers: Iterable[Answer], bank: dict[str, Question], seed: int = 1) -> list[Answer]:
    """Return our own answers each as if given to another question, which it doesn't answer.

    A few do touch the other question's elements; on the whole they teach what is off the point.
    """
    rng = random.Random(seed)
    empty: frozenset[str] = frozenset()
    return [
        replace(
            answer,
            question=rng.choice([name for name in bank if name != answer.question]),
            elements=empty,
            avoid=empty,
            by_sentence=(empty,) * len(answer.texts),
        )
        for _ in range(ASTRAY)
        for answer in answers
        if answer.by_sentence is not None and answer.question in bank
    ]


def fit_line(groups: Sequence[tuple[Sequence[Pair], float]]) -> Line:
    """Return the regression of labelled sentences, its cut still in the middle.

    Each group of pairs has a weight as a whole; within it, the sentences that show an element weigh
    as much as those that don't.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    rows, shown, weights = [], [], []
    for group, weight in groups:
        known = [pair for pair in group if pair.shown is not None]
        y = np.concatenate([pair.shown for pair in known])
        balance = np.where(y, 0.5 / y.mean(), 0.5 / (1 - y.mean())) if y.any() else np.ones(len(y))
        rows += [pair.features for pair in known]
        shown.append(y)
        weights.append(balance * weight * SENTENCES / len(y))
    x = np.concatenate(rows)
    scaler = StandardScaler().fit(x)
    fitted = LogisticRegression(C=LOOSENESS, max_iter=2000).fit(
        scaler.transform(x), np.concatenate(shown), sample_weight=np.concatenate(weights)
    )
    slopes = fitted.coef_[0] / scaler.scale_
    return Line(slopes.astype(np.float32), float(fitted.intercept_[0] - scaler.mean_ @ slopes))


def cut(line: Line, told: Sequence[Pair], precision: float) -> Line:
    """Return the line with its cut where whole answers are told best, over a plateau.

    Best is the highest F score in which precision counts so many times as much as recall.
    """
    best = np.array([(pair.features @ line.weights).max() + line.bias for pair in told])
    covered = np.array([pair.covered for pair in told])
    places = np.linspace(-1.0, 5.0, 61)
    good = np.array([_f_score(best > place, covered, precision) for place in places])
    smooth = np.convolve(np.pad(good, 4, mode="edge"), np.full(9, 1 / 9), mode="valid")
    return line._replace(bias=line.bias - float(places[smooth.argmax()]))


def _f_score(said: np.ndarray, true: np.ndarray, precision: float) -> float:
    """Return the F score (van Rijsbergen 1979) with beta = 1 / `precision`."""
    beta2 = precision**-2
    hits = float((said & true).sum())
    return (1 + beta2) * hits / max(1.0, float(said.sum()) + beta2 * float(true.sum()))


def fit_lines(answers: Iterable[Answer], bank: dict[str, Question]) -> dict[str, Line]:
    """Return the regressions with their cuts, for elements and for things to avoid."""
    found = {}
    answers = list(answers)
    others = astray(answers, bank)
    for examples, suffix in ((True, ""), (False, "_by_meaning")):
        told = pairs(answers, bank, examples=examples)
        off = pairs(others, bank, examples=examples)
        bookish = pairs(rehearsed(bank), bank, examples=examples)
        quoted = pairs(rehearsed(bank), bank, examples=examples, apart=False)
        line = fit_line([(told, 1.0), (off, 1.0), (bookish, 0.5), (quoted, 0.1)])
        tried = [*told, *off[:: 2 * ASTRAY]]
        for what, precision in (("element", 1.0), ("avoid", PRECISION)):
            meant = [pair for pair in tried if pair.what == what]
            found[what + suffix] = cut(line, meant, precision)
    return found


def train(answers: Sequence[Answer], bank: dict[str, Question]) -> Learned:
    """Return everything that is learned from these answers."""
    return Learned(fit_chains(answers), fit_lines(answers, bank))


def save(learned: Learned) -> tuple[Path, Path]:
    """Write the learned numbers; return where to."""
    numbers = built_in().folder / "model.npz"
    chains = {
        f"{built_in().forms[form].key}.{field}": getattr(chain, field)
        for form, chain in learned.chains.items()
        for field in Chain._fields
    }
    np.savez(numbers, **chains)
    lines = {}
    for name, line in learned.lines.items():
        lines[f"{name}.weights"] = line.weights
        lines[f"{name}.bias"] = np.float32(line.bias)
    np.savez(likeness.FILE, **lines)
    return numbers, likeness.FILE


def main() -> None:
    """Train on everything and write the model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("answers", type=Path, nargs="*", help="labelled answers (JSONL)")
    chosen = parser.parse_args()
    answers = read_own()
    for path in chosen.answers:
        answers += read_labelled(path)
    for path in save(train(answers, load_bank())):
        print(f"{path}: {path.stat().st_size / 1e3:.0f} kB from {len(answers)} answers")


if __name__ == "__main__":
    main()
