"""A report as plain values and JSON: the contract between processes, the history and files.

A report says its `schema`. One that was written by an earlier version is brought up to date when
it is read: see `MIGRATIONS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from speechcoach.data import NO_PART, Report
from speechcoach.errors import ContentError
from speechcoach.files import open_answer
from speechcoach.paths import file_name, shown, to_text
from speechcoach.plausible import flaw, misplaced
from speechcoach.strict_json import encode

LARGEST = 64_000_000  # bytes of a report that is read; four hours of speech are about 10 MB
DECIMALS = 4  # of every number in a file: 0.1 ms in time, far below what any of them knows

OLDER_FORMS = {
    "star": ("situation", "task", "action", "result"),
    "timeline": ("present", "past", "future"),
}
"""The forms that have a key of their own in a report, with their parts."""

Plain = dict[str, Any]


class NoReportError(ContentError):
    """Something that is no report of ours; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"It is not a report of speechcoach ({self.reason}): 'analyze --format json' makes one."
        )


def to_dict(report: Report) -> Plain:
    """Return the report as plain values: the JSON contract, `SCHEMA`.

    What a report says of the form of an answer is under `structure`, whatever the guide's forms
    are. Two forms had keys of their own before guides had forms, and keep them for whoever reads
    these files: `star` (beside it each sentence's role) and `timeline`. So does `covered`, which
    elements had before their verdict could be "perhaps".
    """
    plain = _rounded(msgspec.to_builtins(report))
    plain["structure"] = {"applies": report.structure.applies, **plain["structure"]}
    for element in plain["rubric"]["elements"].values():
        element["covered"] = element["verdict"] == "yes"
    plain |= {key: _as_older(plain["structure"], parts) for key, parts in OLDER_FORMS.items()}
    roles = {i: name for name, p in plain["star"]["parts"].items() for i in p["sentences"]}
    for i, sentence in enumerate(plain["transcript"]["sentences"]):
        sentence["star"] = roles.get(i, NO_PART) if plain["star"]["applies"] else None
    return {"schema": plain.pop("schema"), **plain}


def _as_older(structure: Plain, parts: Sequence[str]) -> Plain:
    applies = tuple(structure["parts"]) == parts
    return {"applies": applies, "parts": structure["parts"] if applies else {}}


def from_dict(plain: Plain) -> Report:
    """Return the report that `to_dict` made `plain` from, today or in an earlier version.

    Raises
    ------
    ContentError
        If a newer version made it, or it is no report.
    """
    try:
        report = msgspec.convert(upgraded(plain), Report)
    except msgspec.ValidationError as error:
        raise NoReportError(str(error)) from error
    if reason := misplaced(report):
        raise NoReportError(reason)
    return report


def read(path: Path) -> Report:
    """Return the report that was written to `path` as JSON.

    Raises
    ------
    AudioError
        If there is no such file, or it may not be read.
    ContentError
        If there is no report in it, or one of a newer version.
    """
    try:
        return from_dict(parsed(_text(path)))
    except ContentError as error:
        raise ContentError(f"The report {shown(path)} cannot be read. {error}") from error


def _text(path: Path) -> str:
    with open_answer(path) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise NoReportError(f"it has more than {LARGEST:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoReportError("it is not UTF-8") from error


def parsed(text: str) -> Plain:
    """Return the plain values that `to_json` made `text` of, in whatever version.

    Raises
    ------
    ContentError
        If it is no JSON, or no report could hold what is in it.
    """
    try:
        plain: Plain = json.loads(text)
    except (ValueError, RecursionError) as error:  # also a nesting beyond all bounds
        raise NoReportError(str(error)) from error
    if reason := flaw(plain):
        raise NoReportError(reason)
    return plain


def to_json(report: Report, *, indent: int | None = None) -> str:
    """Return the report as strict JSON on one line, or indented."""
    return encode(to_dict(report), indent=indent)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value


def upgraded(plain: Plain) -> Plain:
    """Return a report in plain values as today's schema has it; `plain` itself stays as it is.

    Raises
    ------
    ContentError
        If a newer version made it, or it does not say its schema.
    """
    version = plain.get("schema") if isinstance(plain, dict) else None
    if type(version) is not int or version < 1:
        raise NoReportError("it says no schema")
    if version > SCHEMA:
        raise ContentError(
            f"The report was made by a newer speechcoach (schema {version}, this one knows up to "
            f"{SCHEMA}): upgrade speechcoach."
        )
    try:
        for number, step in enumerate(MIGRATIONS[version - 1 :], start=version + 1):
            plain = {**step(plain), "schema": number}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NoReportError(f"schema {version} has other fields") from error
    return plain


def place_in_1(path: str) -> tuple[str | None, str]:
    """Return the path and the name of what schema 1 had as a path.

    That was text to show. Where it was relative, to a folder that nobody knows any more, or had
    lost bytes that are no text, no file can be found by it: it stays as the name.
    """
    old = Path(path)
    if not old.is_absolute() or "\ufffd" in path:
        return None, path
    return to_text(old), file_name(old)


def _from_1(plain: Plain) -> Plain:
    """Tell a recording's place from its name, and the recogniser's model by its digest."""
    recording, engine = plain["recording"], plain["engine"]
    path, called = place_in_1(recording["path"])
    if engine is not None:
        engine = {**engine, "digest": "" if engine["name"] == "moonshine" else None}
    return {**plain, "recording": {**recording, "path": path, "name": called}, "engine": engine}


def _from_2(plain: Plain) -> Plain:
    """Give the form of the answer a key of its own, whatever form it is."""
    forms = {"star": "star", "timeline": "present-past-future"}
    structure: Plain = {"form": None, "parts": {}}
    for key in (key for key in forms if plain[key]["applies"]):
        structure = {"form": forms[key], "parts": plain[key]["parts"]}
    return {**plain, "structure": {"applies": structure["form"] is not None, **structure}}


def _from_3(plain: Plain) -> Plain:
    """Give elements a verdict and parts their best sentence, the first.

    Nobody asked then whether the question was answered.
    """
    elements = {
        name: {"verdict": "yes" if found["covered"] else "no", **found}
        for name, found in plain["rubric"]["elements"].items()
    }
    parts = {
        name: {**part, "best": next(iter(part["sentences"]), None)}
        for name, part in plain["structure"]["parts"].items()
    }
    return {
        **plain,
        "structure": {**plain["structure"], "parts": parts},
        "rubric": {**plain["rubric"], "elements": elements},
        "on_question": None,
    }


MIGRATIONS: tuple[Callable[[Plain], Plain], ...] = (_from_1, _from_2, _from_3)
"""The steps of the schema, from n to n + 1, in order: append one, never edit one."""

SCHEMA = 1 + len(MIGRATIONS)
