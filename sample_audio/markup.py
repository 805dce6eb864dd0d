"""The light marks in scripts.toml, read into what a voice is to do, in order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(
    r"\[(?P<silence>[\d.]+)\] | <(?P<filler>\w+)> | \{(?P<marker>[^}]+)\} | (?P<word>[^\s{<[]+)",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Word:
    """A word as written, punctuation included; `marker` numbers the discourse marker it is in."""

    text: str
    marker: int | None = None


@dataclass(frozen=True)
class Phrase:
    """Words without a break between them."""

    words: tuple[Word, ...]


@dataclass(frozen=True)
class Silence:
    """A silence of `seconds`; None where the line only asks for a short break."""

    seconds: float | None = None


@dataclass(frozen=True)
class Filler:
    """A filled pause: ``um`` or ``uh``."""

    text: str


Event = Phrase | Silence | Filler


def parse(line: str) -> tuple[Event, ...]:
    """Read a line of a script; a break beside a silence gives way to it."""
    events: list[Event] = []
    for event in _grouped(line):
        if isinstance(event, Silence) and events and events[-1] == Silence():
            events.pop()
        events.append(event)
    return tuple(events)


def _grouped(line: str) -> Iterator[Event]:
    """Join neighbouring words into phrases; a comma closes one."""
    words: list[Word] = []
    for item in _items(line):
        if isinstance(item, Word):
            words.append(item)
            if not item.text.endswith(","):
                continue
        if words:
            yield Phrase(tuple(words))
            words = []
        yield Silence() if isinstance(item, Word) else item
    if words:
        yield Phrase(tuple(words))


def _items(line: str) -> Iterator[Word | Silence | Filler]:
    line = re.sub(r"\}([,.])", r"\1}", line)  # a marker's comma belongs to its last word
    for number, match in enumerate(_MARK.finditer(line)):
        if match["silence"]:
            yield Silence(float(match["silence"]))
        elif match["filler"]:
            yield Filler(match["filler"])
        elif match["marker"]:
            yield from (Word(text, number) for text in match["marker"].split())
        elif match["word"] in (",", "."):
            yield Silence()
        else:
            yield Word(match["word"])
