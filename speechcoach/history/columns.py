"""What the tables of the history hold of a report beside the report itself, and how it is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from speechcoach.plausible import LONGEST
from speechcoach.reports import Plain

YEARS = (1900, 9000)
"""A moment outside of them was never written: further out, clocks of other zones have no day."""

KEPT = "id, made, path, name, sha256, kind, duration, question, engine, model, digest, rules"

TABLES = {
    "takes": f"{KEPT}, report",
    "measurements": "take, name, value, unit",
    "notes": "name, text",
}
"""The columns that are used of every table."""


@dataclass(frozen=True)
class Kept:
    """A kept take without its report: what lists and trends need; fields in the order of `KEPT`.

    `made` is when the answer was given, as far as its file tells, in UTC. For `path` and `name` see
    `speechcoach.data.Recording`, for `digest` see `EngineInfo`.
    """

    id: int
    made: datetime
    path: str | None
    name: str
    sha256: str
    kind: str
    duration: float | None
    question: str | None
    engine: str | None
    model: str | None
    digest: str | None
    rules: str


@dataclass(frozen=True)
class Key:
    """What makes two analyses the same: content, question, recogniser and rules.

    The same bytes read as sound and read as text (`kind`) are not the same content. A `model` of
    None stands for the engine's only one; `digest` is that of its file (see `EngineInfo`), since
    two files may have one name. Where no recogniser was needed (a written answer, a recording
    without speech), any recogniser would have given the same report.

    Reports from before digests were kept do not tell theirs (None). Which file of that name it was
    nobody knows, so such a report is never given out as the analysis by a certain file: the
    recording is analysed once more. What comes of that takes its place, since for all that is
    known it is the same analysis, made better; beside it, the take would be there twice.
    """

    sha256: str
    question: str | None
    engine: str | None
    model: str | None
    rules: str
    kind: str = "audio"
    digest: str | None = ""


_SAME = (
    "sha256 = :sha256 AND rules = :rules AND kind = :kind AND question IS :question "
    "AND (engine IS NULL OR (engine = :engine AND model = coalesce(:model, model) AND {digest}))"
)
SAME = _SAME.format(digest="digest = :digest")  # NULL equals nothing, not even NULL
"""SQL: the takes that are surely the analysis of a `Key`."""

PERHAPS_SAME = _SAME.format(digest="coalesce(digest = :digest, 1)")
"""SQL: those too of which that is not known, for want of a digest."""


UNITS = """
WITH RECURSIVE names (name) AS (
    SELECT min(name) FROM measurements
    UNION ALL
    SELECT (SELECT min(name) FROM measurements WHERE name > names.name) FROM names
    WHERE name IS NOT NULL
)
SELECT name, (SELECT unit FROM measurements AS one WHERE one.name = names.name
              ORDER BY take DESC LIMIT 1)
FROM names WHERE name IS NOT NULL
"""
"""SQL: the unit of every measurement, as the latest take that has it gives it. From name to name
by the index: a plain GROUP BY reads every row of a long history."""


def key_of(report: Plain) -> Key:
    """Return the key of a report in plain values."""
    recording = report["recording"]
    engine = report["engine"] or {"name": None, "model": None, "digest": None}
    return Key(
        recording["sha256"],
        report["question"],
        engine["name"],
        engine["model"],
        report["rules"],
        recording["kind"],
        engine["digest"],
    )


def columns_of(report: Plain, text: str) -> dict[str, Any]:
    """Return the row of a report, whose JSON is `text`, without its number and time."""
    recording = report["recording"]
    own = {name: recording[name] for name in ("path", "name", "duration")}
    return {**vars(key_of(report)), **own, "report": text}


def numbers_of(report: Plain) -> list[tuple[str, float | None, str]]:
    """Return name, value and unit of every measurement of a report, and of its scores."""
    measured = [
        (name, fact["value"], fact["unit"]) for name, fact in report["measurements"].items()
    ]
    scores = [(f"score.{name}", score, "points") for name, score in report["scores"].items()]
    return [*measured, *scores]


def kept(row: tuple[Any, ...]) -> Kept:
    """Return what a row of the columns `KEPT` says.

    Raises
    ------
    ValueError
        If that is nothing that we wrote.
    """
    number, made, *rest = row
    found = Kept(number, moment(made), *rest)
    if found.duration is not None and not 0 <= found.duration <= LONGEST:
        raise ValueError(f"its length is {found.duration} s")
    return found


def moment(text: str) -> datetime:
    """Return the moment that `time_text` made `text` of.

    Raises
    ------
    ValueError
        If it is no time, has no zone, or lies where no clock ever was.
    """
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError(f"its date is {text!r:.40}") from None
    if found.tzinfo is None:
        raise ValueError(f"its date {text!r:.40} has no time zone")
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise ValueError(f"its year is {found.year}")
    return found


def time_text(moment: datetime) -> str:
    """Return a moment as the column ``made`` holds it: in UTC, so that text sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
