"""Data files of ours with somebody's changes laid over them, checked.

Tables are changed key by key. In a list of tables, one that names the same thing (by `metric` or
`id`) changes it and any other is added. To a list of texts the new ones are added. Everything else
takes the place of what was there.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from speechcoach.errors import ContentError
from speechcoach.files import read_toml
from speechcoach.paths import shown
from speechcoach.registry import unknown

T = TypeVar("T")

NAMES = ("metric", "id")


def overlaid(ours: Path, changes: Path | None, shape: type[T]) -> T:
    """Return our file as a `shape`, with the changes of another file where there is one.

    Raises
    ------
    ContentError
        If the changes do not read, or do not fit.
    """
    plain = tomllib.loads(ours.read_text(encoding="utf-8"))
    if changes is None:
        return msgspec.convert(plain, shape)
    changed = _merged(plain, read_toml(changes))
    try:
        found = msgspec.convert(changed, shape)
    except msgspec.ValidationError as error:
        raise ContentError(f"{shown(changes)} does not fit {ours.name}: {error}.") from error
    _refuse_strays(changed, msgspec.to_builtins(found), shown(changes))
    return found


def _merged(ours: Any, theirs: Any) -> Any:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours | {key: _merged(ours.get(key), value) for key, value in theirs.items()}
    if _is_list_of(dict, ours) and _is_list_of(dict, theirs):
        return _merged_tables(ours, theirs)
    if _is_list_of(str, ours) and _is_list_of(str, theirs):
        return [*ours, *theirs]
    return theirs


def _is_list_of(kind: type, value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, kind) for one in value)


def _merged_tables(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[Any]:
    found = {_name(table): table for table in ours}
    for table in theirs:
        found[_name(table)] = _merged(found.get(_name(table), {}), table)
    return list(found.values())


def _name(table: dict[str, Any]) -> object:
    return next((table[key] for key in NAMES if key in table), None)


def _refuse_strays(given: Any, kept: Any, place: str) -> None:
    """Raise the first key that was given and means nothing, as one misspelt does."""
    if isinstance(given, dict):
        for key, value in given.items():
            if key not in kept:
                raise ContentError(f"{place}: {unknown('key', key, kept)}")
            _refuse_strays(value, kept[key], f"{place}: {key}")
    elif isinstance(given, list):
        for one, same in zip(given, kept, strict=True):
            _refuse_strays(one, same, place)
