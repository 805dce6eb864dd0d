"""What counts as a filled pause: the opinions of filled_pauses.toml, as data."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources

import msgspec

FILE_NAME = "filled_pauses.toml"


@dataclass(frozen=True)
class Candidate:
    """Which stretches of the head's evidence are looked at; log-odds and seconds."""

    peak: float
    clear: float
    edge: float
    shortest: float
    longest: float
    merge: float


@dataclass(frozen=True)
class Weights:
    """What each sign says for (or, if negative, against) a filled pause; log-odds a unit."""

    bias: float
    peak: float
    mean: float
    faint: float
    voiced: float
    unsteady: float
    covered: float


@dataclass(frozen=True)
class Criteria:
    """All of them; `sure` and `possible` are probabilities."""

    sure: float
    possible: float
    stand_ins: frozenset[str]
    candidate: Candidate
    weights: Weights


@functools.cache
def load_criteria() -> Criteria:
    """Return the criteria that come with the package."""
    text = resources.files(__package__).joinpath(FILE_NAME).read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Criteria)
