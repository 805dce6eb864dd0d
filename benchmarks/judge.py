#!/usr/bin/env python3
"""How well the judge of what is said does, on voices that it never learned from.

    judge.py [--swaps N]

Runs the package's own reading over the held-out voices of data/voices, a sentence a line, as a
``.txt`` answer is read. Intervals are 95 %, by bootstrap over answers. An element that the labels
call thin counts neither as found nor as missed; "yes" and "perhaps" are right by a label's share (a
thin one by half). --swaps holds each answer against N other questions (all: 21).
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import voices

from speechcoach.content import assess, split
from speechcoach.data import Content, Element, Question, Transcript, Word
from speechcoach.guides import built_in

NAMES = dict(zip(voices.ROLES, ("situation", "task", "action", "result", "none"), strict=True))
NOTHING = ("negated", "hypothetical", "quoted", "claims", "off-question", "off-topic", "salad")
ROUNDS = 1000
SECONDS = (60.0, 120.0)


@dataclass(frozen=True)
class Judged:
    """An answer, what the package says of it, and whether its question is in the bank."""

    told: voices.Told
    content: Content
    known: bool


def own(plain: dict[str, object]) -> Question:
    """Return a question that is in no bank, with meanings and no examples."""
    parts = {
        name: tuple(Element(key, meaning) for key, meaning in dict(plain.get(name, {})).items())
        for name in ("elements", "avoid")
    }
    return Question(
        str(plain["id"]), "own", str(plain["text"]), str(plain["kind"]), SECONDS, (), **parts
    )


def read(texts: Iterable[str], question: Question) -> Content:
    """Return what the package says of an answer to a question."""
    words: list[Word] = []
    breaks = set()
    for text in texts:
        breaks.add(len(words))
        words += [Word(word) for word in text.split()]
    said = Transcript(
        " ".join(word.text for word in words), tuple(words), split(words, frozenset(breaks))
    )
    guide = built_in()
    return assess(said, question, guide.form_of(question), others=guide.questions)


def f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Return F1 of (found, there) pairs."""
    right = sum(a and b for a, b in pairs)
    return 2 * right / max(1, sum(a for a, _ in pairs) + sum(b for _, b in pairs))


def elements(some: Iterable[Judged], *, avoid: bool = False) -> list[tuple[bool, bool]]:
    """Return (found, there) of every element, or thing to avoid, that is not thin."""
    pairs = []
    for one in some:
        rubric = one.content.rubric
        whole = one.told.whole
        if avoid:
            found = {f"!{name}": item.flagged for name, item in rubric.avoid.items()}
        else:
            found = {name: item.covered for name, item in rubric.elements.items()}
        pairs += [
            (there, whole.get(name, 0.0) == 1.0)
            for name, there in found.items()
            if whole.get(name) != 0.5
        ]
    return pairs


def macro(some: Iterable[Judged]) -> float:
    """Return the macro-F1 of roles, where the package's sentences are the labelled ones."""
    pairs = [pair for one in some for pair in roles(one)]
    return statistics.fmean(
        f1([(told == name, right == name) for told, right in pairs]) for name in NAMES.values()
    )


def roles(one: Judged) -> list[tuple[str, str]]:
    """Return (told, labelled) of the sentences of a story."""
    lengths = [len(text.split()) for text in one.told.texts]
    ends = {sum(lengths[: i + 1]): i for i in range(len(lengths))}
    found = one.content.structure.parts.items()
    role = {i: name for name, part in found for i in part.sentences}
    return [
        (role.get(i, "none"), NAMES[one.told.roles[label][0]])
        for i, sentence in enumerate(one.content.sentences)
        if (label := ends.get(sentence.words[1])) is not None
    ]


def parts(some: Iterable[Judged]) -> list[tuple[bool, bool]]:
    """Return (found, there) of the parts of stories."""
    pairs = []
    for one in some:
        labelled = {NAMES[roles[0]] for roles in one.told.roles}
        for name, part in one.content.structure.parts.items():
            pairs.append((part.covered, name in labelled))
    return pairs


def told(name: str, some: Sequence[Judged], measure: Callable[[Sequence[Judged]], float]) -> None:
    """Print a figure with its interval."""
    chance = random.Random(0)
    again = sorted(measure(chance.choices(some, k=len(some))) for _ in range(ROUNDS))
    low, high = again[int(0.025 * ROUNDS)], again[int(0.975 * ROUNDS)]
    print(f"| {name} | {measure(some):.3f} | {low:.2f} to {high:.2f} | {len(some)} answers |")


def precision(some: Iterable[Judged], verdict: str) -> list[float]:
    """Return how right each verdict of that kind is."""
    return [
        one.told.whole.get(name, 0.0)
        for one in some
        for name, found in one.content.rubric.elements.items()
        if found.verdict == verdict
    ]


def off_question(some: Sequence[Judged], swaps: int) -> None:
    """Print how often an answer to another question is told, and how often falsely."""
    chance, questions = random.Random(0), built_in().questions
    alarms = [one.content.off_question for one in some if one.told.on_question and one.known]
    found, named = [], []
    for one in some:
        if not (one.told.on_question and one.known):
            continue
        others = [q for q in questions if q.id != one.told.question]
        for question in chance.sample(others, min(swaps, len(others))):
            said = read(one.told.texts, question)
            found.append(said.off_question)
            if said.off_question and said.on_question and said.on_question.nearest:
                named.append(said.on_question.nearest == one.told.question)
    print(f"\nanswers to the question taken for others: {sum(alarms)} of {len(alarms)}")
    if found:
        print(f"answers held against another question, told: {sum(found)} of {len(found)}")
        print(f"of the questions then named right: {sum(named)} of {len(named)}")
    labelled = [one.content.off_question for one in some if not one.told.on_question and one.known]
    print(f"answers written off the question, told: {sum(labelled)} of {len(labelled)}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--swaps", type=int, default=3)
    given = parser.parse_args()
    known = {question.id: question for question in built_in().questions}
    others = {str(plain["id"]): own(plain) for plain in voices.questions()}
    some = [
        Judged(one, read(one.texts, (known | others)[one.question]), one.question in known)
        for path in voices.paths(held_out=True)
        for one in voices.answers(path)
    ]
    middling = [one for one in some if one.told.quality == "middling"]
    stories = [one for one in some if one.told.roles]
    print("| figure | | 95 % | of |")
    print("|---|---|---|---|")
    told("element F1", some, lambda s: f1(elements(s)))
    told("element F1, middling answers", middling, lambda s: f1(elements(s)))
    strangers = [one for one in some if not one.known]
    told("element F1, questions in no bank", strangers, lambda s: f1(elements(s)))
    told("avoid F1", some, lambda s: f1(elements(s, avoid=True)))
    told("STAR role macro-F1", stories, macro)
    told("STAR part F1", stories, lambda s: f1(parts(s)))
    for verdict in ("yes", "perhaps"):
        rights = precision(some, verdict)
        print(
            f"| {verdict!r} is right | {statistics.fmean(rights):.3f} | | {len(rights)} verdicts |"
        )
    print("\n| manner | answers | element F1 | false elements | perhaps |\n|---|---|---|---|---|")
    by_manner = defaultdict(list)
    for one in some:
        by_manner[one.told.manner.partition(":")[0]].append(one)
    for manner, group in sorted(by_manner.items()):
        pairs = elements(group)
        false = sum(found and not there for found, there in pairs)
        perhaps = len(precision(group, "perhaps"))
        print(f"| {manner} | {len(group)} | {f1(pairs):.2f} | {false} | {perhaps} |")
    nothing = [one for one in some if one.told.manner.partition(":")[0] in NOTHING]
    false = sum(found and not there for found, there in elements(nothing))
    print(f"\nfalse elements in {len(nothing)} answers that show nothing: {false}")
    rejected = elements(by_manner["rejected"], avoid=True)
    flagged = sum(found and not there for found, there in rejected)
    print(f"rejected things to avoid flagged: {flagged} of {sum(not t for _, t in rejected)}")
    off_question(some, given.swaps)


if __name__ == "__main__":
    main()
