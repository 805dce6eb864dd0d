"""Names to things: the whole plug-in system."""

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from speechcoach.errors import UnknownNameError

T = TypeVar("T")


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
    """Return the error for a name that does not exist, with the nearest ones that do."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(names)}."
    return UnknownNameError(f"There is no {kind} called {name!r}: {hint}")


def import_all(package: str) -> None:
    """Import every module of `package`, so that whatever registers itself there is registered."""
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        importlib.import_module(f"{package}.{module.name}")


class Registry(dict[str, T], Generic[T]):
    """A dict that refuses duplicates and suggests near names.

    Parameters
    ----------
    kind : str
        What the things are called in an error: "engine", "analyzer", "report format".
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def add(self, name: str) -> Callable[[T], T]:
        """Return a decorator that registers what it decorates under `name`."""

        def decorate(thing: T) -> T:
            if name in self:
                raise ValueError(f"{self.kind} {name!r} is registered twice")
            self[name] = thing
            return thing

        return decorate

    def __missing__(self, name: str) -> T:
        raise unknown(self.kind, name, self)
