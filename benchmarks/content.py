#!/usr/bin/env python3
"""Figures for structure and content: cross-validated by answer, and end to end.

    content.py ANSWERS.jsonl [--scorer .../score_text.py]

Three ways, and they mean different things:

held out    trained on our own answers only; none of these answers was seen
crossed     trained on our own answers and the other folds of these (5 folds, by answer)
end to end  the command line with the shipped numbers, which were trained on these answers too
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

from content_answers import Answer, read_labelled, read_own
from train_content import Learned, fit_lines, train

from speechcoach.content import assess, likeness, roles, split
from speechcoach.data import Content, Question, Transcript, Word
from speechcoach.guides import built_in, load_bank

FOLDS = 5
ROLES = ("situation", "task", "action", "result", "none")


@contextmanager
def using(learned: Learned) -> Iterable[None]:
    """Let the package judge with other learned numbers."""
    shipped = roles.chain_of, likeness.lines
    roles.chain_of, likeness.lines = lambda form: learned.chains[form.id], lambda: learned.lines
    try:
        yield
    finally:
        roles.chain_of, likeness.lines = shipped


def judge(answer: Answer, question: Question) -> Content:
    """Return what the package says of an answer, a sentence a line."""
    words, breaks = [], set()
    for text in answer.texts:
        breaks.add(len(words))
        words += [Word(word) for word in text.split()]
    sentences = split(words, frozenset(breaks))
    text = " ".join(word.text for word in words)
    transcript = Transcript(text, tuple(words), sentences)
    return assess(transcript, question, built_in().form_of(question))


class Tally:
    """True and false positives and false negatives of one yes-or-no question."""

    def __init__(self) -> None:
        self.hit = self.false = self.missed = 0

    def add(self, true: bool, said: bool) -> None:
        """Count one case."""
        self.hit += true and said
        self.false += said and not true
        self.missed += true and not said

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hit / max(1, 2 * self.hit + self.false + self.missed)


def role_of_sentences(answer: Answer, said: Content) -> list[str]:
    """Return the role that most words of each labelled sentence were given."""
    parts = said.structure.parts
    role = {i: name for name, part in parts.items() for i in part.sentences}
    by_word = [role.get(i, "none") for i, s in enumerate(said.sentences) for _ in range(*s.words)]
    found, at = [], 0
    for text in answer.texts:
        seen = by_word[at : at + len(text.split())]
        at += len(text.split())
        found.append(max(ROLES, key=seen.count))
    return found


def figures(judged: Sequence[tuple[Answer, Question, Content]]) -> dict[str, float]:
    """Return the scorer's figures (its own definitions) for judged answers."""
    roles = {role: Tally() for role in ROLES}
    parts, element, middling, avoid = Tally(), Tally(), Tally(), Tally()
    wrong = 0
    for answer, question, said in judged:
        wrong += (said.structure.form == "star") != (question.kind == "star")
        if answer.star and question.kind == "star":
            for true, got in zip(answer.star, role_of_sentences(answer, said), strict=True):
                for role, tally in roles.items():
                    tally.add(true == role, got == role)
            for name, part in said.structure.parts.items():
                parts.add(name in answer.star, part.covered)
        for name, covered in said.rubric.elements.items():
            element.add(name in answer.elements, covered.covered)
            if answer.quality == "middling":
                middling.add(name in answer.elements, covered.covered)
        for name, flagged in said.rubric.avoid.items():
            avoid.add(name in answer.avoid, flagged.flagged)
    return {
        "star_macro_f1": sum(tally.f1 for tally in roles.values()) / len(roles),
        **{f"  {role}": tally.f1 for role, tally in roles.items()},
        "star_part_f1": parts.f1,
        "star_applies_wrong": wrong,
        "element_f1": element.f1,
        "element_f1_middling": middling.f1,
        "avoid_f1": avoid.f1,
    }


def held_out(answers: Sequence[Answer], bank: dict[str, Question]) -> dict[str, float]:
    """Return the figures of numbers trained on our own answers only."""
    with using(train(read_own(), bank)):
        return figures([(a, bank[a.question], judge(a, bank[a.question])) for a in answers])


def crossed(answers: Sequence[Answer], bank: dict[str, Question]) -> dict[str, float]:
    """Return the figures over folds, each judged by numbers trained on all the others."""
    judged = []
    for fold in range(FOLDS):
        inside = [a for i, a in enumerate(answers) if i % FOLDS == fold]
        rest = [a for i, a in enumerate(answers) if i % FOLDS != fold]
        with using(train([*read_own(), *rest], bank)):
            judged += [(a, bank[a.question], judge(a, bank[a.question])) for a in inside]
    return figures(judged)


def other_questions(answers: Sequence[Answer], bank: dict[str, Question]) -> dict[str, float]:
    """Return the rubric figures of numbers that saw no answer to the question, as in a new bank.

    A quarter of the questions is left out at a time, their own example sentences too.
    """
    judged = []
    for fold in range(4):
        new = list(bank)[fold::4]
        seen = {name: question for name, question in bank.items() if name not in new}
        lines = fit_lines([a for a in read_own() if a.question not in new], seen)
        chains = {form.id: roles.chain_of(form) for form in built_in().forms.values()}
        with using(Learned(chains, lines)):
            judged += [
                (a, bank[a.question], judge(a, bank[a.question]))
                for a in answers
                if a.question in new
            ]
    found = figures(judged)
    return {k: found[k] for k in ("element_f1", "element_f1_middling", "avoid_f1")}


def off_question(answers: Sequence[Answer], bank: dict[str, Question]) -> dict[str, float]:
    """Return which share of elements is found in answers to other questions, five for each."""
    rng = random.Random(0)
    elements = covered = avoid = flagged = 0
    with using(train(read_own(), bank)):
        for answer in answers:
            for name in rng.sample([name for name in bank if name != answer.question], 5):
                found = judge(answer, bank[name]).rubric
                elements += len(found.elements)
                covered += sum(e.covered for e in found.elements.values())
                avoid += len(found.avoid)
                flagged += sum(e.flagged for e in found.avoid.values())
    return {"elements_covered": covered / elements, "avoid_flagged": flagged / avoid}


def meaning_only(answers: Sequence[Answer], bank: dict[str, Question]) -> dict[str, float]:
    """Return the rubric figures where no element has examples."""
    from dataclasses import replace

    def bare(elements: tuple) -> tuple:
        return tuple(replace(e, examples=(), near_misses=()) for e in elements)

    plain = {
        name: replace(q, elements=bare(q.elements), avoid=bare(q.avoid)) for name, q in bank.items()
    }
    with using(train(read_own(), bank)):
        found = figures([(a, plain[a.question], judge(a, plain[a.question])) for a in answers])
    return {k: found[k] for k in ("element_f1", "element_f1_middling", "avoid_f1")}


SPEED = """
import sys, time
import numpy
from speechcoach.data import Transcript, Word
from speechcoach.guides import built_in, load_bank
question = load_bank()[sys.argv[1]]
form = built_in().form_of(question)
words = tuple(Word(w) for w in sys.stdin.read().split())
start = time.process_time()
from speechcoach import content
norms = content.opinions()
def once():
    sentences = content.split(words)
    content.assess(Transcript("", words, sentences), question, form, norms)
once()
first = time.process_time()
for _ in range(20):
    once()
print(first - start, (time.process_time() - first) / 20)
"""


def speed(answers: Sequence[Answer], question: str) -> tuple[float, float]:
    """Return processor seconds to load and score 300 words in a fresh process, and again."""
    text = " ".join(t for a in answers if a.question == question for t in a.texts)
    some = " ".join(text.split()[:300])
    command = [sys.executable, "-c", SPEED, question]
    done = subprocess.run(command, input=some, capture_output=True, text=True, check=True)
    loading, again = map(float, done.stdout.split())
    return loading, again


def show(title: str, found: dict[str, float]) -> None:
    """Print figures under a title."""
    print(f"\n{title}")
    for name, value in found.items():
        print(f"  {name:22s} {value:.3f}" if isinstance(value, float) else f"  {name:22s} {value}")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("answers", type=Path)
    parser.add_argument("--scorer", type=Path, help="score_text.py, for the end-to-end figures")
    parser.add_argument("--quick", action="store_true", help="held out only")
    chosen = parser.parse_args()
    answers, bank = read_labelled(chosen.answers), load_bank()
    start = time.perf_counter()
    show("held out: trained on our own answers only", held_out(answers, bank))
    print(f"  (training and judging took {time.perf_counter() - start:.0f} s)")
    if chosen.quick:
        return
    show(f"crossed: our own and the other folds, {FOLDS} folds by answer", crossed(answers, bank))
    show("held out, and the question unseen in training", other_questions(answers, bank))
    show("held out, elements without any examples", meaning_only(answers, bank))
    show("answers held against questions that they don't answer", off_question(answers, bank))
    for question in ("conflict", "why-our-program"):
        loading, again = speed(answers, question)
        print(
            f"\n300 words of {question}: {loading:.3f} s of processor with loading, "
            f"{again * 1e3:.0f} ms again"
        )
    if chosen.scorer:
        print("\nend to end (the shipped numbers, which have seen these answers)", flush=True)
        command = [sys.executable, "-m", "speechcoach"]
        subprocess.run(
            [sys.executable, chosen.scorer, chosen.answers, "--speechcoach", " ".join(command)],
            check=True,
        )


if __name__ == "__main__":
    main()
