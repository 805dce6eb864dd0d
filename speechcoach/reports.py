"""A report as plain values and JSON: the contract between processes, the history and files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from speechcoach.data import Report
from speechcoach.errors import ContentError

DECIMALS = 4  # of every number in a file: 0.1 ms in time, far below what any of them knows


def to_dict(report: Report) -> dict[str, Any]:
    """Return the report as plain values: the JSON contract, schema 1."""
    plain = _rounded(msgspec.to_builtins(report))
    return {"schema": plain.pop("schema"), **plain}


def from_dict(plain: dict[str, Any]) -> Report:
    """Return the report that `to_dict` made `plain` from."""
    return msgspec.convert(plain, Report)


def read(path: Path) -> Report:
    """Return the report that was written to `path` as JSON.

    Raises
    ------
    ContentError
        If there is no such file, or no report in it.
    """
    try:
        return from_dict(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ContentError(f"The report {path} cannot be read ({error.strerror}).") from error
    except (ValueError, msgspec.ValidationError) as error:
        raise ContentError(
            f"{path} is not a report of speechcoach ({error}): 'analyze --format json' makes one."
        ) from error


def to_json(report: Report, *, indent: int | None = None) -> str:
    """Return the report as strict JSON on one line, or indented."""
    return encode(to_dict(report), indent=indent)


def encode(plain: Mapping[str, Any], *, indent: int | None = None) -> str:
    """Return a report's plain values as strict JSON."""
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=indent)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
