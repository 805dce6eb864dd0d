"""Measure how well fillers are found in written answers, and compare rules with learning.

    python benchmarks/discourse.py ANSWERS.jsonl [--learn]

An answer a line: ``sentences``, each with ``text`` and ``fillers`` [[phrase, position of its first
word], ...]. Scored as the position of a filler's first word, and as sentences with the right count.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from speechcoach.data import Filler, Sentence, Word
from speechcoach.fillers import Lexicon, find
from speechcoach.fillers.lexicon import built_in

FOLDS = 11
Finder = Callable[["Answer"], dict[int, str]]


@dataclass(frozen=True)
class Answer:
    """An answer's words and sentences, and its fillers by the position of their first word."""

    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    fillers: dict[int, str]

    def stripped(self) -> Answer:
        """Return the answer without punctuation and capitals."""
        texts = (re.sub(r"[^\w'&%-]", "", word.text.lower()) for word in self.words)
        return replace(self, words=tuple(map(Word, texts)))


def read(line: str) -> Answer:
    """Read one labelled answer."""
    words: list[Word] = []
    sentences: list[Sentence] = []
    fillers: dict[int, str] = {}
    for sentence in json.loads(line)["sentences"]:
        first = len(words)
        words += map(Word, sentence["text"].split())
        sentences.append(Sentence((first, len(words)), None, None, sentence["text"]))
        fillers |= {first + position: phrase for phrase, position in sentence["fillers"]}
    return Answer(tuple(words), tuple(sentences), fillers)


def by_rules(answer: Answer) -> dict[int, str]:
    """Find fillers as the product does."""
    return {use.words[0]: use.text for use in find(answer.words, answer.sentences)}


def without_starts(answer: Answer) -> dict[int, str]:
    """Find fillers where not even the starts of sentences are known."""
    return {use.words[0]: use.text for use in find(answer.words)}


@dataclass(frozen=True)
class Score:
    """True positives, false positives and false negatives by word; exact sentences of all."""

    by_word: dict[str, list[int]]
    exact: float

    def __str__(self) -> str:
        hits, extra, missed = (sum(counts[i] for counts in self.by_word.values()) for i in range(3))
        return (
            f"F1 {f1(hits, extra, missed):.3f}  precision {hits / (hits + extra):.3f}  "
            f"recall {hits / (hits + missed):.3f}  exact sentences {self.exact:.3f}"
        )


def f1(hits: int, extra: int, missed: int) -> float:
    """Return the F1 of counts."""
    return 2 * hits / (2 * hits + extra + missed)


def score(answers: Iterable[Answer], finder: Finder) -> Score:
    """Score `finder` on `answers`."""
    by_word: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    exact = []
    for answer in answers:
        found, true = finder(answer), answer.fillers
        for position in found.keys() | true.keys():
            hit, told = position in true, position in found
            word = true.get(position) or found[position]
            by_word[word][0 if hit and told else 1 if told else 2] += 1
        for sentence in answer.sentences:
            inside = range(*sentence.words)
            exact.append(sum(p in found for p in inside) == sum(p in true for p in inside))
    return Score(dict(by_word), sum(exact) / len(exact))


# The comparison: a logistic regression on neighbouring words, alone and with the rules' verdict.


def occurrences(answer: Answer) -> tuple[Filler, ...]:
    """Return every place where a listed discourse marker stands, filler or not."""
    entries = built_in().entries
    everywhere = Lexicon(tuple(replace(e, always=e.kind == "discourse") for e in entries))
    return find(answer.words, answer.sentences, lexicon=everywhere)


def features(answer: Answer, use: Filler, rules: dict[int, float] | None) -> dict[str, float]:
    """Return what a learner sees of one occurrence."""
    starts = {sentence.words[0] for sentence in answer.sentences}
    texts = [word.text.lower() for word in answer.words]
    first, end = use.words
    seen = {"kind": use.text, "start": str(first in starts), "last": texts[end - 1][-1]}
    for step in (1, 2):
        seen[f"left {step}"] = texts[first - step] if first >= step else "^"
        seen[f"right {step}"] = texts[end + step - 1] if end + step <= len(texts) else "^"
    table = {f"{k}={v}": 1.0 for k, v in seen.items()}
    table |= {f"{use.text} {k}={v}": 1.0 for k, v in seen.items()}
    if rules is not None:
        table["rules"] = 4 * rules.get(first, 0.0) - 2
    return table


def learned(answers: list[Answer], *, with_rules: bool) -> Finder:
    """Return a finder that judges each answer by what the other folds taught."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    tables, labels = {}, {}
    for i, answer in enumerate(answers):
        found = {use.words[0]: use.confidence for use in find(answer.words, answer.sentences)}
        uses = [use for use in occurrences(answer) if use.kind == "discourse"]
        tables[i] = [(u, features(answer, u, found if with_rules else None)) for u in uses]
        labels[i] = [u.words[0] in answer.fillers for u in uses]
    verdicts: dict[int, dict[int, str]] = {}
    for fold in range(FOLDS):
        taught = [i for i in tables if i % FOLDS != fold]
        model = make_pipeline(DictVectorizer(), LogisticRegression(C=1.0, max_iter=2000))
        model.fit(
            [table for i in taught for _, table in tables[i]],
            [label for i in taught for label in labels[i]],
        )
        for i in tables.keys() - set(taught):
            says = model.predict([table for _, table in tables[i]]) if tables[i] else []
            kept = [use for (use, _), filler in zip(tables[i], says, strict=True) if filler]
            sounds = [use for use in find(answers[i].words) if use.kind == "filled_pause"]
            verdicts[i] = {use.words[0]: use.text for use in (*kept, *sounds)}
    place = {id(answer): i for i, answer in enumerate(answers)}
    return lambda answer: verdicts[place[id(answer)]]


def milliseconds(answers: list[Answer], length: int = 300) -> float:
    """Return the median time to search `length` words."""
    words = [word for answer in answers for word in answer.words][:length]
    times = []
    for _ in range(20):
        start = time.perf_counter()
        find(words)
        times.append(time.perf_counter() - start)
    return 1000 * sorted(times)[len(times) // 2]


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("answers", type=Path)
    parser.add_argument("--learn", action="store_true", help="also cross-validate a learner")
    options = parser.parse_args()
    answers = [read(line) for line in options.answers.read_text("utf-8").splitlines()]
    stripped = [answer.stripped() for answer in answers]
    written = score(answers, by_rules)
    print(f"as written                  {written}")
    print(f"no punctuation, no capitals {score(stripped, by_rules)}")
    print(f"... and no sentence starts  {score(stripped, without_starts)}")
    if options.learn:
        for name, texts in (("as written", answers), ("stripped", stripped)):
            for with_rules in (False, True):
                kind = "words and rules" if with_rules else "words"
                result = score(texts, learned(texts, with_rules=with_rules))
                print(f"learned from {kind}, {name}: {result}")
    print(f"300 words take {milliseconds(answers):.1f} ms")
    for word, counts in sorted(written.by_word.items(), key=lambda item: -sum(item[1])):
        print(f"  {word:13s} F1 {f1(*counts):.2f}  (of {counts[0] + counts[2]})")


if __name__ == "__main__":
    main()
