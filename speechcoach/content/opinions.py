"""What the product thinks about content: everything in ``content.toml``, read once."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from speechcoach.data import Level

FILE = Path(__file__).with_name("content.toml")


@dataclass(frozen=True)
class PartNorm:
    """How a part of a structured answer is judged; `usual` is its usual share, from and to."""

    weight: float
    usual: tuple[float, float]
    missing: str
    long: str
    short: str
    level: Level


@dataclass(frozen=True)
class Form:
    """The parts of a form, by name in its order."""

    source: str
    parts: Mapping[str, PartNorm]


@dataclass(frozen=True)
class Remark:
    """A piece of advice and where it comes from."""

    advice: str
    source: str


@dataclass(frozen=True)
class Story:
    """When a story is none, or is told by or about somebody else; shares of 0..1."""

    set_up_most: float
    hypothetical: float
    we: float
    set_up: Remark
    order: Remark
    team: Remark
    outcome: Remark
    imagined: Remark


@dataclass(frozen=True)
class RubricNorm:
    """How rubric coverage becomes points and advice; `vague` stands in for near misses."""

    covered: float
    avoided: float
    source: str
    missing: str
    avoid: str
    rubric_source: str
    vague: tuple[str, ...]


@dataclass(frozen=True)
class Rambling:
    """From how many words on a sentence is too long to follow."""

    words: int
    level: Level
    advice: str
    source: str


@dataclass(frozen=True)
class Hedging:
    """How many softening words a minute are worth a look; `fewest` in the whole answer."""

    watch: float
    work: float
    fewest: int
    advice: str
    source: str
    words_per_minute: float
    pattern: str


@dataclass(frozen=True)
class Opening:
    """How late a story may begin, in words and as a share of the answer."""

    words: int
    share: float
    advice: str
    source: str


@dataclass(frozen=True)
class Wording:
    """Turns of phrase that are worth a remark, and where in the answer they are looked for."""

    id: str
    says: str
    level: Level
    where: Literal["any", "first", "last"]
    fewest: int
    patterns: tuple[str, ...]
    advice: str
    source: str
    case: bool = False

    @functools.cached_property
    def expressions(self) -> tuple[re.Pattern[str], ...]:
        """The patterns, ready to search."""
        return tuple(re.compile(p, 0 if self.case else re.IGNORECASE) for p in self.patterns)


@dataclass(frozen=True)
class Opinions:
    """Everything in ``content.toml``."""

    form: Mapping[Literal["star", "timeline"], Form]
    story: Story
    rubric: RubricNorm
    rambling: Rambling
    hedging: Hedging
    opening: Opening
    wording: tuple[Wording, ...]


@functools.cache
def opinions() -> Opinions:
    """Return the opinions of this version."""
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), Opinions)
