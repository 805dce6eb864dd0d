"""Labelled text for the filler tests: fillers [in brackets], " | " between sentences."""

import re
from dataclasses import dataclass
from pathlib import Path

from speechcoach.data import Filler, Sentence, Word
from speechcoach.fillers import find

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Labelled:
    """An answer's words and sentences, and where its fillers start."""

    marked: str
    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    fillers: frozenset[int]

    def found(self) -> frozenset[int]:
        return frozenset(use.words[0] for use in find(self.words, self.sentences))

    def without_punctuation(self) -> "Labelled":
        words = (re.sub(r"[^\w'-]", "", word.text.lower()) for word in self.words)
        return Labelled(self.marked, tuple(map(Word, words)), self.sentences, self.fillers)


def parse(marked: str) -> Labelled:
    """Read one line of labelled text."""
    words: list[str] = []
    fillers, sentences = set(), []
    for sentence in marked.split(" | "):
        first = len(words)
        for piece in re.findall(r"\[[^\]]*\]\S*|\S+", sentence):
            if piece.startswith("["):
                fillers.add(len(words))
            words += piece.replace("[", "").replace("]", "").split()
        sentences.append(Sentence((first, len(words)), None, None, sentence))
    return Labelled(marked, tuple(map(Word, words)), tuple(sentences), frozenset(fillers))


def labelled(name: str) -> list[Labelled]:
    """Return the answers of a file in tests/data."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [parse(line) for line in lines if line and not line.startswith("#")]


def uses(text: str, **options: object) -> list[str]:
    """Return the texts of the fillers found in one sentence."""
    return [use.text for use in fillers(text, **options)]


def fillers(text: str, **options: object) -> tuple[Filler, ...]:
    """Return the fillers found in one sentence."""
    return find([Word(word) for word in text.split()], **options)


def f1(answers: list[Labelled]) -> float:
    """Return the F1 of the fillers' first words."""
    found = [(answer.found(), answer.fillers) for answer in answers]
    hits = sum(len(ours & theirs) for ours, theirs in found)
    return 2 * hits / sum(len(ours) + len(theirs) for ours, theirs in found)
