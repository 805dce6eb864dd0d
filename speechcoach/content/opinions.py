"""What the product thinks about content: everything in ``content.toml``, read once."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from speechcoach.data import Level
from speechcoach.overlay import overlaid

FILE = Path(__file__).with_name("content.toml")


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression ({error})") from error


@dataclass(frozen=True)
class Remark:
    """A piece of advice and where it comes from."""

    advice: str
    source: str


@dataclass(frozen=True)
class StoryNorm:
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
    """How rubric coverage becomes points and advice."""

    covered: float
    perhaps: float
    avoided: float
    source: str
    missing: str
    perhaps_meant: str
    avoid: str
    rubric_source: str


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

    def __post_init__(self) -> None:
        _check_pattern(self.pattern)


@dataclass(frozen=True)
class Opening:
    """How late a story may begin, in words and as a share of the answer."""

    words: int
    share: float
    advice: str
    source: str


@dataclass(frozen=True)
class Phrasing:
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

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            _check_pattern(pattern)

    @functools.cached_property
    def expressions(self) -> tuple[re.Pattern[str], ...]:
        """The patterns, ready to search."""
        return tuple(re.compile(p, 0 if self.case else re.IGNORECASE) for p in self.patterns)


@dataclass(frozen=True)
class Opinions:
    """Everything in ``content.toml``."""

    off_question: Remark
    story: StoryNorm
    rubric: RubricNorm
    rambling: Rambling
    hedging: Hedging
    opening: Opening
    phrasing: tuple[Phrasing, ...]


def opinions(changes: Path | None = None) -> Opinions:
    """Return the opinions of this version, with a guide's `changes` where it has any.

    Raises
    ------
    ContentError
        If the changes do not read.
    """
    return overlaid(FILE, changes, Opinions)
