"""Decision lists: how likely a word is a filler, told from its neighbours.

Each marker has its list in ``discourse.toml``: patterns of neighbouring words and marks in order,
each with the probability that the word is a filler there; the first that fits decides. The method
is Yarowsky's (1994, "Decision lists for lexical ambiguity resolution"); which evidence helps is
known from Popescu-Belis & Zufferey (2011): collocations first, then pauses and position.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from speechcoach.fillers.tokens import MARKS


@dataclass(frozen=True)
class Place:
    """What stands left and right of a word; `bare`: see ``Tokens``."""

    left: str
    right: str
    bare: bool = False


@dataclass(frozen=True)
class Rule:
    """A pattern and how likely (`filler`, 0..1) a word is a filler where the pattern fits.

    `left` and `right` are the regular expressions that the sides of `when` stand for.
    """

    when: str
    filler: float
    bare: bool
    example: str
    left: str
    right: str

    def fits(self, place: Place) -> bool:
        """Tell whether `place` is one that the rule speaks about."""
        return (
            (place.bare or not self.bare)
            and self._left.search(place.left) is not None
            and self._right.match(place.right) is not None
        )

    # Compiled when first asked for: all of them take 100 ms, and most are never reached.

    @functools.cached_property
    def _left(self) -> re.Pattern[str]:
        return re.compile(rf"(?:^|(?<= )){self.left}$")

    @functools.cached_property
    def _right(self) -> re.Pattern[str]:
        return re.compile(self.right)


@dataclass(frozen=True)
class DecisionList:
    """The rules of one marker, in order, and the probability where none fits."""

    rules: tuple[Rule, ...]
    otherwise: float

    def rule(self, place: Place) -> Rule | None:
        """Return the rule that decides in `place`, None where none fits."""
        return next((rule for rule in self.rules if rule.fits(place)), None)

    def probability(self, place: Place) -> float:
        """Return how likely the word in `place` is a filler, 0..1."""
        rule = self.rule(place)
        return self.otherwise if rule is None else rule.filler


@functools.cache
def decision_lists() -> Mapping[str, DecisionList]:
    """Return the list of every marker that has one, by the marker's text."""
    text = resources.files(__package__).joinpath("discourse.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return {
        marker: DecisionList(
            tuple(_rule(rule, data["classes"]) for rule in body["rules"]), body["otherwise"]
        )
        for marker, body in data["marker"].items()
    }


def _rule(rule: Mapping[str, Any], classes: Mapping[str, str]) -> Rule:
    left, _, right = f" {rule['when']} ".partition(" _ ")
    before, after = (
        "".join(_element(element, classes) for element in side.split()) for side in (left, right)
    )
    return Rule(
        rule["when"],
        rule["filler"],
        rule.get("bare", False),
        rule["example"],
        before,
        after,
    )


def _element(element: str, classes: Mapping[str, str]) -> str:
    """Return the regular expression for one element of a pattern, its closing space included."""
    if element.startswith("("):
        return f"(?:{_element(element[1:-1], classes)})?"
    if element.startswith("!"):
        return rf"(?!{_element(element[1:], classes)})\S+ "
    options = (_option(option, classes) for option in element.split("|"))
    return f"(?:{'|'.join(options)}) "


def _option(option: str, classes: Mapping[str, str]) -> str:
    if option.startswith("{"):
        return "|".join(_option(word, classes) for word in classes[option[1:-1]].split())
    if option == "#":
        return r"\$?\d\S*"
    if option in MARKS:
        return re.escape(option)
    return re.escape(option).replace(r"\*", r"\w[\w'-]*" if option == "*" else r"[\w'-]*")
