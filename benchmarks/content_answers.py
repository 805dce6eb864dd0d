"""Labelled answers for training and testing content: our own, and those of the benchmark."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

OWN = Path(__file__).resolve().parent / "data" / "content_answers.txt"
ROLE_OF = {"S": "situation", "T": "task", "A": "action", "R": "result", "N": "none"}


@dataclass(frozen=True)
class Answer:
    """A labelled answer; `elements` and `avoid` are a tuple of ids a sentence, where known."""

    id: str
    question: str
    quality: str
    texts: tuple[str, ...]
    star: tuple[str, ...] | None
    elements: frozenset[str]
    avoid: frozenset[str]
    by_sentence: tuple[frozenset[str], ...] | None

    @property
    def timeline(self) -> tuple[str, ...] | None:
        """Present, past, future or none of each sentence, where that is known."""
        if self.by_sentence is None or self.question not in ("tell-me-about-yourself", "x-opener"):
            return None
        return tuple(
            next((part for part in ("present", "past", "future") if part in ids), _goal(ids))
            for ids in self.by_sentence
        )


def _goal(ids: frozenset[str]) -> str:
    return "future" if "us-goal" in ids else "none"


def read_own(path: Path = OWN) -> list[Answer]:
    """Return our own answers."""
    found = []
    for block in path.read_text(encoding="utf-8").split("\n@ ")[1:]:
        head, *lines = block.strip().splitlines()
        question, quality = head.split()
        labels, texts = zip(*(line.split(" ", 1) for line in lines), strict=True)
        elements = [frozenset(re.findall(r"\+([a-z-]+)", label)) for label in labels]
        avoid = [frozenset(re.findall(r"!([a-z-]+)", label)) for label in labels]
        star = None if labels[0][0] == "." else tuple(ROLE_OF[label[0]] for label in labels)
        found.append(
            Answer(
                f"own-{len(found)}",
                question,
                quality,
                texts,
                star,
                frozenset().union(*elements),
                frozenset().union(*avoid),
                tuple(e | a for e, a in zip(elements, avoid, strict=True)),
            )
        )
    return found


def read_labelled(path: Path) -> list[Answer]:
    """Return the answers of a labelled JSONL file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [
        Answer(
            row["id"],
            row["question"],
            row["quality"],
            tuple(s["text"] for s in row["sentences"]),
            tuple(ROLE_OF[s["star"]] for s in row["sentences"])
            if "star" in row["sentences"][0]
            else None,
            frozenset(row["elements"]),
            frozenset(row["avoid"]),
            None,
        )
        for row in rows
    ]
