"""Tables of a user's TOML file, checked; problems are collected, so that they are mended in one go.

A value with a problem comes back as a stand-in: use nothing of a file that has any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar, cast

from speechcoach.errors import ContentError
from speechcoach.files import read_toml
from speechcoach.paths import shown
from speechcoach.registry import unknown


class Named(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """Its name among its like."""


T = TypeVar("T", bound=Named)
Choice = TypeVar("Choice", bound=str)

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read(path: Path, problems: list[str], *, holds: str) -> Table:
    """Return a file as a table, without values if it does not read; one that `holds` is missing."""
    try:
        found = read_toml(path)
    except ContentError as problem:
        problems.append(str(problem))
        return Table({}, shown(path), problems)
    if not found:
        problems.append(f"{shown(path)}: holds no {holds}.")
    return Table(found, shown(path), problems)


def raise_all(what: str, problems: Sequence[str]) -> None:
    """Raise the problems of `what`, if there are any, as one `ContentError`."""
    if problems:
        found = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "\n  ".join(problems)
        raise ContentError(f"{what} has {found} to mend first:\n  {lines}")


@dataclass(frozen=True)
class Table:
    """A TOML table, the place it stands at in words, and where complaints about it go."""

    values: Mapping[str, object]
    place: str
    problems: list[str]

    def complain(self, key: str, expected: str) -> None:
        """Add a problem with the value of `key`."""
        self.problems.append(f"{self.place}: {key}: {expected}.")

    def expect(self, key: str, expected: str) -> None:
        """Complain about a value that is there; a missing one is `check_keys`' business."""
        if key in self.values:
            self.complain(key, f"expected {expected}, found {self.values[key]!r:.80}")

    def named(self, kind: str, position: int) -> Table:
        """Return the same table with its id in its place, or its position where it has no id."""
        name = self.values.get("id")
        label = repr(name) if isinstance(name, str) and name else f"number {position}"
        return Table(self.values, f"{self.place}: {kind} {label}", self.problems)

    def check_keys(self, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        """Complain about `required` keys that are missing and about keys that do not exist."""
        known = dict.fromkeys((*required, *optional))
        for key in required:
            if key not in self.values:
                self.complain(key, "is missing")
        for key in self.values.keys() - known.keys():
            self.problems.append(f"{self.place}: {unknown('key', key, known)}")

    def text(self, key: str, default: str = "") -> str:
        """Return a text that is not empty, its white space evened out."""
        value = self.values.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        self.expect(key, "a text that is not empty")
        return default

    def identifier(self) -> str:
        """Return the table's id."""
        value = self.values.get("id")
        if isinstance(value, str) and KEBAB.fullmatch(value):
            return value
        self.expect("id", "lower-case letters and digits joined by single hyphens, as in my-answer")
        return ""

    def choice(self, key: str, known: Sequence[Choice]) -> Choice:
        """Return a text that is one of the `known`; their last one stands in."""
        value = self.values.get(key)
        if value in known:
            return cast(Choice, value)
        self.expect(key, f"one of {', '.join(known)}")
        return known[-1]

    def number(self, key: str, default: float, most: float) -> float:
        """Return a number above 0 and below `most`."""
        value = self.values.get(key)
        if is_between(value, 0, most) and value != 0:
            return float(cast(float, value))
        self.expect(key, f"a number above 0 and below {most:g}")
        return default

    def span(self, key: str, expected: str, low: float, high: float) -> tuple[float, float] | None:
        """Return two rising numbers from `low` to `high`, None where there are none."""
        value = self.values.get(key)
        if isinstance(value, list) and len(value) == 2:
            first, last = value
            if is_between(first, low, high) and is_between(last, low, high) and first < last:
                return float(first), float(last)
        self.expect(key, expected)
        return None

    def sentences(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, written as a list or as a block with one a line."""
        value = self.values.get(key, [])
        if isinstance(value, str):
            return tuple(line.strip() for line in value.splitlines() if line.strip())
        if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
            return tuple(" ".join(one.split()) for one in value)
        self.expect(key, "a list of texts, none of them empty")
        return ()

    def tables(self, key: str, header: str, kind: str) -> list[Table]:
        """Return the tables under `key`, each with its id or position in its place."""
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            found = (Table(one, self.place, self.problems) for one in value)
            return [table.named(kind, place) for place, table in enumerate(found, 1)]
        self.expect(key, f"tables that begin with {header}")
        return []

    def unique(self, key: str, things: Sequence[T]) -> tuple[T, ...]:
        """Complain about ids that come twice; return `things`."""
        seen: set[str] = set()
        for name in (thing.id for thing in things if thing.id):
            if name in seen:
                self.complain(key, f"the id {name!r} comes twice")
            seen.add(name)
        return tuple(things)


def is_between(number: object, low: float, high: float) -> bool:
    """Return whether a value is a number from `low` to `high`; NaN and true are none."""
    real = isinstance(number, int | float) and not isinstance(number, bool)
    return real and low <= cast(float, number) <= high
