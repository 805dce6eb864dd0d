"""Which words and phrases may be fillers: the built-in list and the user's own.

The user's list is a TOML file, ``$SPEECHCOACH_HOME/fillers.toml`` or ``--fillers FILE``::

    add = ["at the end of the day", "anyway"]     # counted wherever they occur
    leave_out = ["so"]                            # never counted
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import msgspec

from speechcoach.data import FillerKind
from speechcoach.errors import ContentError
from speechcoach.files import read_toml
from speechcoach.paths import data_dir, shown
from speechcoach.registry import unknown
from speechcoach.spelling import plain

FILE_NAME = "fillers.toml"
_KEYS = ("add", "leave_out")


@dataclass(frozen=True)
class Entry:
    """A filler: how it is listed, and how it is spotted.

    `shape` is a regular expression on the lower-case word; `variants` are other spellings;
    `always` marks one that the user wants counted whatever its place.
    """

    text: str
    kind: FillerKind
    shape: str = ""
    variants: tuple[str, ...] = ()
    always: bool = False


@dataclass(frozen=True)
class Lexicon:
    """The fillers to look for."""

    entries: tuple[Entry, ...]

    @functools.cached_property
    def _phrases(self) -> Mapping[str, tuple[tuple[tuple[str, ...], Entry], ...]]:
        """Spellings as words, by their first word; longest first, then the user's own."""
        found: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        for entry in self.entries:
            for spelling in (entry.text, *entry.variants) if not entry.shape else ():
                words = tuple(plain(spelling).split())
                found.setdefault(words[0], []).append((words, entry))
        for group in found.values():
            group.sort(key=lambda phrase: (-len(phrase[0]), not phrase[1].always))
        return {word: tuple(group) for word, group in found.items()}

    @functools.cached_property
    def _shapes(self) -> tuple[tuple[re.Pattern[str], Entry], ...]:
        return tuple((re.compile(e.shape), e) for e in self.entries if e.shape)

    def filled_pause(self, word: str) -> Entry | None:
        """Return the filled pause that the bare, lower-case `word` is in shape."""
        shapes = (entry for shape, entry in self._shapes if shape.fullmatch(word))
        return next(shapes, None)

    def phrases(self, words: Sequence[str], at: int) -> Iterator[tuple[Entry, int]]:
        """Yield the listed phrases that start at ``words[at]`` and their lengths, longest first."""
        for phrase, entry in self._phrases.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                yield entry, len(phrase)

    def __contains__(self, entry: Entry) -> bool:
        """Tell whether a filler of that name is listed."""
        return entry.text in self._texts

    @functools.cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(entry.text for entry in self.entries)


@functools.cache
def built_in() -> Lexicon:
    """Return the built-in list."""
    text = resources.files(__package__).joinpath(FILE_NAME).read_text("utf-8")
    return Lexicon(tuple(msgspec.convert(tomllib.loads(text)["filler"], list[Entry])))


def load_lexicon(path: Path | None = None) -> Lexicon:
    """Return the built-in list changed by the user's own.

    Parameters
    ----------
    path : Path, optional
        The user's list; without it ``fillers.toml`` in the data folder, if there is one.

    Raises
    ------
    ContentError
        If the file cannot be read or has faults; every fault is listed.
    """
    if path is None:
        path = data_dir() / FILE_NAME
        if not path.is_file():
            return built_in()
    lists = read_toml(path)
    if problems := list(_problems(lists)):
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise ContentError(f"The filler list {shown(path)} has faults:\n{listed}")
    return _changed(built_in(), _strings(lists.get("add")), _strings(lists.get("leave_out")))


def _problems(lists: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with the user's list, a phrase each."""
    for key in sorted(lists.keys() - set(_KEYS)):
        yield str(unknown("list", key, _KEYS))
    for key in _KEYS:
        yield from _list_problems(key, lists.get(key, []))
    known = {entry.text for entry in built_in().entries}
    left_out = set(_strings(lists.get("leave_out")))
    for text in sorted(left_out & set(_strings(lists.get("add")))):
        yield f"{text!r} is both in add and in leave_out: keep one."
    for text in sorted(left_out - known):
        yield f"leave_out: {unknown('filler', text, known)}"


def _list_problems(key: str, value: object) -> Iterator[str]:
    if not isinstance(value, list):
        yield f'{key} must be a list of words or phrases, as in {key} = ["so"].'
        return
    for item in value:
        if not isinstance(item, str):
            yield f"{key}: {item!r} is not a word: put it in quotation marks."
        elif not re.fullmatch(r"[\w'-]+(?: [\w'-]+)*", " ".join(plain(item).split())):
            yield f"{key}: {item!r} is not a word or phrase: use letters, digits, ' and - only."


def _strings(value: object) -> list[str]:
    """Return the texts of a list, in lower case, their white space evened out."""
    items = value if isinstance(value, list) else []
    return [" ".join(item.lower().split()) for item in items if isinstance(item, str)]


def _changed(lexicon: Lexicon, added: list[str], left_out: list[str]) -> Lexicon:
    kept = {entry.text: entry for entry in lexicon.entries if entry.text not in left_out}
    for text in added:
        kept[text] = replace(kept.get(text, Entry(text, "discourse")), always=True)
    return Lexicon(tuple(kept.values()))
