"""The formats that something is shown in: a file each, found by name, imported when it is used."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import TypeVar

from speechcoach.registry import unknown

Render = TypeVar("Render")


class Formats(Mapping[str, Render]):
    """From a format's name to the function ``render`` of the module of that name in `package`.

    Listing the names imports none of them, so that options can tell them at no cost.

    Parameters
    ----------
    package : str
        Holds a module a format and nothing else.
    kind : str
        What a format is called in an error: "report format".
    """

    def __init__(self, package: str, kind: str) -> None:
        self.package, self.kind = package, kind

    @functools.cached_property
    def _names(self) -> tuple[str, ...]:
        folder = importlib.import_module(self.package).__path__
        return tuple(module.name for module in pkgutil.iter_modules(folder))

    def __getitem__(self, name: str) -> Render:
        if name not in self:
            raise unknown(self.kind, name, self)
        render: Render = importlib.import_module(f"{self.package}.{name}").render
        return render

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
