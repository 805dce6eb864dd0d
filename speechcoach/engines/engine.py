"""What a recogniser is: one object in one file of this package, and the registry of them all.

To import such a file must cost nothing, since ``--help`` does it: whatever is heavy is imported
by the function that needs it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from speechcoach.registry import Registry

if TYPE_CHECKING:
    from speechcoach.checkup import Check
    from speechcoach.data import Audio, EngineInfo, Recognition
    from speechcoach.engines.display import Display

Recogniser = Callable[["Audio"], "Recognition"]
"""A model that is loaded: sound in, text and rough times out. `speechcoach.alignment` puts the
words on the time line."""


class Engine(ABC):
    """A recogniser that can be asked for by name; a subclass registers itself with `register`.

    A *model* is what the user wrote after ``--model``, None where they did not. A *settled* one is
    what `settle` made of it: plain text that goes to other processes and means the same there.

    Attributes
    ----------
    name : str
        What ``--engine`` takes.
    title : str
        What a sentence calls it.
    order : int, optional
        Its place in "auto", which tries the lowest first; None: only where it is asked for. The
        one with the highest must need nothing fetched: "auto" falls back on it.
    offer : str
        What "auto" takes, and when: "Whisper if its checkpoint is there", for ``--help``.
    models : str
        Which models there are, for ``--help``.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    order: ClassVar[int | None] = None
    offer: ClassVar[str] = ""
    models: ClassVar[str]

    @property
    def available(self) -> bool:
        """Whether "auto" should try it: False where an optional library is not installed."""
        return True

    def is_file(self, model: str) -> bool:
        """Tell whether `model` means a file of the user's, which no other engine replaces."""
        return Path(model).name != model

    @abstractmethod
    def check(self, model: str | None) -> None:
        """Raise now what a wrong name would raise later; load and fetch nothing.

        Raises
        ------
        UnknownNameError
            With the nearest names.
        EngineError
            If it is not installed.
        """

    @abstractmethod
    def settle(self, model: str | None, display: Display) -> str:
        """Decide which model it is, and fetch it if need be; what is settled stays as it is.

        Raises
        ------
        UnknownNameError, ModelError, EngineError
        """

    @abstractmethod
    def identity(self, model: str) -> EngineInfo:
        """Return what tells the words of this settled model from any other's, without loading it.

        Raises
        ------
        ModelError, EngineError
        """

    @abstractmethod
    def open(self, model: str) -> Recogniser:
        """Return the settled model, loaded once per process.

        Raises
        ------
        ModelError, EngineError
        """

    @abstractmethod
    def checkup(self) -> Iterable[Check]:
        """Look at what it needs on this machine, and name the next step where that is missing."""


ENGINES: Registry[Engine] = Registry("engine")

Kind = TypeVar("Kind", bound=type[Engine])


def register(kind: Kind) -> Kind:
    """Enter an engine in the registry, under its name; a class decorator."""
    ENGINES.add(kind.name)(kind())
    return kind
