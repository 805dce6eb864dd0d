"""The labelled voices: what 24 people say, sentence by sentence; see data/voices/README.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "data" / "voices"
HELD_OUT = ("v05", "v10", "v15", "v20", "v24")
"""The voices that nothing is ever trained on."""

ROLES = "STARN"
SHOWN_IN = ("done", "shown")  # the kinds of a minimal set's lines that show the element

Shown = dict[str, float]
"""What a sentence or answer shows by id, a thing to avoid behind "!": 1 fully, 0.5 thinly."""


@dataclass(frozen=True)
class Told:
    """A labelled answer; `roles` holds per sentence the roles that annotators gave, () if moot."""

    id: str
    question: str
    quality: str
    manner: str
    texts: tuple[str, ...]
    roles: tuple[str, ...]
    shown: tuple[Shown, ...]

    @property
    def voice(self) -> str:
        """Whose answer it is."""
        return self.id.partition("-")[0]

    @property
    def on_question(self) -> bool:
        """Whether it is an answer to its question."""
        return not self.manner.startswith(("off-", "salad"))

    @property
    def whole(self) -> Shown:
        """What the answer shows anywhere."""
        found: Shown = {}
        for sentence in self.shown:
            for name, much in sentence.items():
                found[name] = max(found.get(name, 0.0), much)
        return found


@dataclass(frozen=True)
class MinimalSet:
    """The same sentence done, denied, imagined and so on, for one element or thing to avoid."""

    question: str
    element: str
    lines: tuple[tuple[str, str], ...]


def paths(*, held_out: bool) -> list[Path]:
    """Return the files of the voices that are held out, or of the others."""
    return [p for p in sorted(FOLDER.glob("v*.txt")) if (p.stem in HELD_OUT) == held_out]


def questions() -> list[dict[str, Any]]:
    """Return the questions that are in no bank, as their file has them."""
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / "questions.toml").read_text("utf-8"))[
        "question"
    ]
    return found


def _blocks(path: Path) -> Iterator[tuple[str, list[str]]]:
    text = path.read_text(encoding="utf-8")
    for block in re.split(r"\n(?=[@=] )", text):
        head, *lines = (line for line in block.splitlines() if line.strip())
        yield head, lines


def labels(label: str) -> Shown:
    """Return what a label such as ``A+empathy~lesson!blame`` says is shown."""
    found: Shown = {}
    for sign, name in re.findall(r"([+~!])([a-z-]+)", label):
        key = f"!{name}" if sign == "!" else name
        found[key] = max(found.get(key, 0.0), 0.5 if sign == "~" else 1.0)
    return found


def answers(path: Path) -> Iterator[Told]:
    """Yield the answers of a voice, their roles by both annotators where the second is there."""
    second = _second(FOLDER / "second" / path.name)
    number = 0
    for head, lines in _blocks(path):
        if not head.startswith("@ "):
            continue
        question, quality, manner = head[2:].split()
        name = f"{path.stem}-{number}"
        number += 1
        marks, texts = zip(*(line.split(" ", 1) for line in lines), strict=True)
        roles = () if marks[0][0] == "." else tuple(mark[0] for mark in marks)
        again = second.get(name, {})
        yield Told(
            name,
            question,
            quality,
            manner,
            texts,
            tuple(role + again.get(i, role) for i, role in enumerate(roles)),
            tuple(map(labels, marks)),
        )


def _second(path: Path) -> dict[str, dict[int, str]]:
    """Return the second annotator's roles, by answer and sentence."""
    found: dict[str, dict[int, str]] = {}
    if not path.exists():
        return found
    for block in re.split(r"\n(?=[@=] )", path.read_text(encoding="utf-8")):
        head, *lines = block.splitlines()
        if head.startswith("@ "):
            rows = (line.split() for line in lines if line[:1].isdigit())
            found[head[2:].strip()] = {int(n): mark[0] for n, mark in rows if mark[0] in ROLES}
    return found


def minimal_sets(path: Path) -> Iterator[MinimalSet]:
    """Yield the minimal sets of a voice."""
    for head, lines in _blocks(path):
        if head.startswith("= "):
            question, element = head[2:].split()
            rows = tuple((kind, text) for kind, text in (line.split(None, 1) for line in lines))
            yield MinimalSet(question, element, rows)
