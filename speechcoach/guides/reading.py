"""Reads one bank file; what is wrong with it is collected, so that a user mends it in one go.

::

    [[question]]
    id = "why-radiology"            # kebab-case; file names and --question use it
    category = "foundation"
    text = "Why radiology?"
    kind = "open"                   # star | present-past-future | open
    seconds = [60, 120]             # the window of a well-sized answer
    assesses = ["what the question is really about", ...]      # optional
    tips = ["one concrete tip", ...]                           # optional
    elements = { id = "meaning", ... }                         # optional, also avoid

Where an element brings sentences to be matched by meaning, it is a table of its own, in
``[[question.elements]]`` (and ``[[question.avoid]]``): `id`, `meaning`, `examples` (sentences that
show it) and `near_misses` (sentences on its topic that do not). Lists of sentences may be written
as one text block, a sentence a line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast, get_args

from speechcoach.data import Element, Question, QuestionKind
from speechcoach.errors import ContentError
from speechcoach.files import read_toml
from speechcoach.registry import unknown

T = TypeVar("T", Question, Element)

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KINDS: tuple[str, ...] = get_args(QuestionKind)
DAY = 86_400.0  # seconds; no answer is longer
QUESTION_KEYS = {
    **dict.fromkeys(("id", "category", "text", "kind", "seconds"), True),
    **dict.fromkeys(("assesses", "tips", "elements", "avoid"), False),
}
ELEMENT_KEYS = {"id": True, "meaning": True, "examples": False, "near_misses": False}


def read_bank_file(path: Path, problems: list[str]) -> list[Question]:
    """Return the questions of a bank file; add what is wrong with it to `problems`.

    A question with a problem comes back with stand-ins: use none of them if there are problems.
    """
    file = _Table(_parse(path, problems), str(path), problems)
    if not file.values:
        return []
    file.check_keys({"question": True})
    tables = file.tables("question", "[[question]]")
    questions = [_question(table.named("question", place)) for place, table in enumerate(tables, 1)]
    return file.unique("question", questions)


def _parse(path: Path, problems: list[str]) -> dict[str, object]:
    try:
        found = read_toml(path)
    except ContentError as problem:
        problems.append(str(problem))
        return {}
    if not found:
        problems.append(f"{path}: holds no [[question]].")
    return found


@dataclass(frozen=True)
class _Table:
    """A TOML table, the place it stands at in words, and where complaints about it go."""

    values: Mapping[str, object]
    place: str
    problems: list[str]

    def complain(self, key: str, expected: str) -> None:
        self.problems.append(f"{self.place}: {key}: {expected}.")

    def expect(self, key: str, expected: str) -> None:
        """Complain about a value that is there; a missing one is `check_keys`' business."""
        if key in self.values:
            self.complain(key, f"expected {expected}, found {self.values[key]!r:.80}")

    def named(self, kind: str, position: int) -> "_Table":
        """Return the same table with its id in its place, or its position where it has no id."""
        name = self.values.get("id")
        label = repr(name) if isinstance(name, str) and name else f"number {position}"
        return _Table(self.values, f"{self.place}: {kind} {label}", self.problems)

    def check_keys(self, keys: Mapping[str, bool]) -> None:
        """Complain about required `keys` that are missing and about keys that do not exist."""
        for key, required in keys.items():
            if required and key not in self.values:
                self.complain(key, "is missing")
        for key in self.values.keys() - keys.keys():
            self.problems.append(f"{self.place}: {unknown('key', key, keys)}")

    def text(self, key: str) -> str:
        """Return a text that is not empty, its white space evened out."""
        value = self.values.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        self.expect(key, "a text that is not empty")
        return ""

    def identifier(self) -> str:
        value = self.values.get("id")
        if isinstance(value, str) and KEBAB.fullmatch(value):
            return value
        self.expect("id", "lower-case letters and digits joined by single hyphens, as in my-answer")
        return ""

    def kind(self) -> QuestionKind:
        value = self.values.get("kind")
        if value in KINDS:
            return cast(QuestionKind, value)
        self.expect("kind", f"one of {', '.join(KINDS)}")
        return "open"

    def seconds(self) -> tuple[float, float]:
        value = self.values.get("seconds")
        if isinstance(value, list) and len(value) == 2 and all(map(_is_length, value)):
            low, high = value
            if low < high:
                return float(low), float(high)
        self.expect("seconds", "two rising positive numbers, as in [60, 120]")
        return 0.0, 0.0

    def sentences(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, written as a list or as a block with one a line."""
        value = self.values.get(key, [])
        if isinstance(value, str):
            return tuple(line.strip() for line in value.splitlines() if line.strip())
        if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
            return tuple(" ".join(one.split()) for one in value)
        self.expect(key, "a list of texts, none of them empty")
        return ()

    def tables(self, key: str, header: str) -> "list[_Table]":
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return [_Table(one, self.place, self.problems) for one in value]
        self.expect(key, f"tables that begin with {header}")
        return []

    def elements(self, key: str) -> tuple[Element, ...]:
        """Return the elements under `key`, in the short form (id = meaning) or in the full one."""
        value = self.values.get(key)
        if isinstance(value, dict):
            full = [{"id": name, "meaning": meaning} for name, meaning in value.items()]
            tables = [_Table(one, self.place, self.problems) for one in full]
        else:
            tables = self.tables(key, f"[[question.{key}]]")
        return tuple(
            self.unique(key, [_element(t.named(key, place)) for place, t in enumerate(tables, 1)])
        )

    def unique(self, key: str, things: list[T]) -> list[T]:
        """Complain about ids that come twice; return `things`."""
        seen: set[str] = set()
        for name in (thing.id for thing in things if thing.id):
            if name in seen:
                self.complain(key, f"the id {name!r} comes twice")
            seen.add(name)
        return things


def _is_length(number: object) -> bool:
    real = isinstance(number, int | float) and not isinstance(number, bool)
    return real and 0 < cast(float, number) < DAY  # false for NaN too


def _question(table: _Table) -> Question:
    table.check_keys(QUESTION_KEYS)
    return Question(
        id=table.identifier(),
        category=table.text("category"),
        text=table.text("text"),
        kind=table.kind(),
        seconds=table.seconds(),
        assesses=table.sentences("assesses"),
        elements=table.elements("elements"),
        avoid=table.elements("avoid"),
        tips=table.sentences("tips"),
    )


def _element(table: _Table) -> Element:
    table.check_keys(ELEMENT_KEYS)
    return Element(
        id=table.identifier(),
        meaning=table.text("meaning"),
        examples=table.sentences("examples"),
        near_misses=table.sentences("near_misses"),
    )
