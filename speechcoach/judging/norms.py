"""The product's opinions as data: thresholds, weights and advice, read from ``norms.toml``."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import speechcoach
from speechcoach import __version__
from speechcoach.overlay import overlaid

Band = tuple[float, float]
Score = Literal["length", "fillers", "pace", "delivery", "structure", "content"]

FILE = Path(__file__).with_name("norms.toml")
DATA = (".toml", ".json", ".txt", ".npz", ".onnx")
"""The endings of files that hold rules: opinions, word lists, trained numbers."""


@dataclass(frozen=True)
class Norm:
    """How one measurement is judged; see the head of ``norms.toml`` for the fields."""

    metric: str
    label: str
    score: Score
    weight: float
    good: Band
    watch: Band
    source: str
    low: str = ""
    high: str = ""
    where_low: str = ""
    where_high: str = ""
    needed: bool = False

    def __post_init__(self) -> None:
        low, high = self.watch
        if not low <= self.good[0] < self.good[1] <= high:
            raise ValueError(
                f"the good band {list(self.good)} of {self.metric} is none, or the watch band "
                f"{list(self.watch)} does not hold it"
            )


@dataclass(frozen=True)
class LengthNorm:
    """How the length of an answer is judged against its question's window, in seconds."""

    window: Band
    below: float
    above: float
    low: str
    high: str
    source: str

    def __post_init__(self) -> None:
        first, last = self.window
        if not (0 < first < last and 0 <= self.below <= 1 <= self.above):
            raise ValueError(
                f"a window rises, as [60, 120] does, and its watch band is around it: found "
                f"{list(self.window)}, below {self.below:g}, above {self.above:g}"
            )


@dataclass(frozen=True)
class QualityLimit:
    """A limit beyond which a recording's numbers deserve a warning."""

    metric: str
    text: str
    source: str
    above: float = float("inf")
    below: float = float("-inf")

    def __post_init__(self) -> None:
        try:
            self.said_of(0.0)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"the text {self.text!r} takes a number as %(value).1f or %(percent).1f%%"
            ) from error

    def said_of(self, value: float) -> str:
        """Return the warning about a measured value."""
        return self.text % {"value": value, "percent": 100 * value}


@dataclass(frozen=True)
class Overall:
    """How the scores combine into one."""

    formula: str
    source: str
    weights: Mapping[Score, float]


@dataclass(frozen=True)
class Norms:
    """Everything in ``norms.toml``."""

    overall: Overall
    length: LengthNorm
    norm: tuple[Norm, ...]
    warning: tuple[QualityLimit, ...]

    @property
    def metrics(self) -> frozenset[str]:
        """The measurements that they speak of."""
        normed = {name for n in self.norm for name in (n.metric, n.where_low, n.where_high) if name}
        return frozenset(normed | {limit.metric for limit in self.warning})


def load_norms(changes: Path | None = None) -> Norms:
    """Return the norms of this version, with a guide's `changes` where it has any.

    Raises
    ------
    ContentError
        If the changes do not read.
    """
    return overlaid(FILE, changes, Norms)


def rules_version(*own: str) -> str:
    """Return what identifies the rules in force: the version and a digest of every data file.

    Guides are no part of it: the one in use is the caller's to add.

    A changed threshold, question, word list or weight gives another name, so a trend over time can
    tell reports that may be compared from those that may not.

    Parameters
    ----------
    *own : str
        The digest of the guide, and what the user has changed of the rules, such as a question of
        their own.
    """
    digest = hashlib.sha256(of_data_files())
    for change in own:
        digest.update(b"\0own\0" + change.encode())
    return f"{__version__}+{digest.hexdigest()[:8]}"


@functools.cache
def of_data_files() -> bytes:
    """Return the digest of the package's data files, those of guides aside; read once."""
    root = Path(speechcoach.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in DATA):
        if root / "guides" not in path.parents:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()
