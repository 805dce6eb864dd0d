"""The text of a transcript as lines: stamps, cues' names and labels apart from what was said.

Forms that are read: SubRip, WebVTT, Whisper's ``[00:00.000 --> 00:04.000]  text``, stamps at the
starts of lines or on lines of their own, ``Speaker 1  0:03`` above a paragraph (Otter, Word, Zoom's
``[Jane Doe] 10:01:22``), a name on a line and a stamp on the next, ``Speaker 1 (00:03): text``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from speechcoach.spelling import plain
from speechcoach.transcripts import captions, labels, stamps
from speechcoach.transcripts.line import Line
from speechcoach.transcripts.stamps import Stamp

_BETWEEN = " \t\u00a0-–—|:>•,"
_DIGIT = re.compile(r"[\[(]?[0-9]")
_ENDS = re.compile(r"transcribed by https?://\S+", re.IGNORECASE)
_LONGEST_LABEL = 60  # characters before a stamp that may be a label


@dataclass(frozen=True)
class Head:
    """A stamp at the head of a line, the label before it if there is one, and the text behind."""

    stamp: Stamp
    label: str
    text: str


def lines(text: str) -> list[Line]:
    """Return the lines of a transcript, labels still in their text but for those beside a stamp."""
    raw = [line.strip() for line in text.splitlines()]
    if any(map(captions.is_timing, map(_seen, raw))):
        raw = captions.unwrapped([_seen(line) for line in raw])
    heads = [_head(_seen(line)) for line in raw]
    if not _stamped(heads, sum(map(bool, raw))):
        heads = [head if head and head.stamp.sure else None for head in heads]
    stamped = any(heads) or sum(len(stamps.inside(line)) for line in raw) > 1
    found = _lines(raw, heads, stamped=stamped)
    return _named_above(found) if stamped else found


def _seen(line: str) -> str:
    """Return a line without signs that nobody sees at its start, where they would hide a stamp."""
    first = next((i for i, letter in enumerate(line) if plain(letter).strip()), len(line))
    return line[first:]


def _head(line: str) -> Head | None:
    """Return what a line begins with if that may be a stamp."""
    stamp = stamps.read(line)
    if stamp is not None:
        return Head(stamp, "", line[stamp.stop :].lstrip(_BETWEEN))
    for place in _DIGIT.finditer(line, 1, _LONGEST_LABEL):
        if line[place.start() - 1] in " \t\u00a0([:,|•" and (
            stamp := stamps.read(line, place.start())
        ):
            return _labelled(line, place.start(), stamp)
    return None


def _labelled(line: str, at: int, stamp: Stamp) -> Head | None:
    """Return the head of a line whose stamp stands behind a name, None where it is no name."""
    label, text = line[:at].rstrip(_BETWEEN), line[stamp.stop :].lstrip(_BETWEEN)
    bare = re.sub(r"[\[\]]", "", label).strip()
    fits = labels.is_role(bare) or labels.is_name(bare)
    if not fits or (text and not stamp.sure and line[at] != "("):
        return None
    return Head(stamp, bare, text)


def _stamped(heads: Sequence[Head | None], count: int) -> bool:
    """Tell whether bare times at heads of lines are stamps in this text of so many lines."""
    found = [head for head in heads if head]
    times = [head.stamp.start for head in found if head.stamp.start is not None]
    walls = sum(head.stamp.start is None and bool(head.label) for head in found)
    alone = len(found) == 1 and times[:1] == [0.0]
    named = any(labels.is_role(head.label) for head in found if head.label)
    return stamps.credible(times, count) or walls > 1 or alone or (named and len(found) == 1)


def _lines(raw: Sequence[str], heads: Sequence[Head | None], *, stamped: bool) -> list[Line]:
    paragraphs = any(raw[i] and not raw[i - 1] for i in range(1, len(raw)))
    found: list[Line] = []
    blank = True
    for line, head in zip(raw, heads, strict=True):
        if not line:
            blank = True
        elif head:
            stamp = head.stamp
            found.append(Line(head.text, stamp.start, stamp.end, head.label or None, stamped=True))
            blank = False
        elif not _ENDS.fullmatch(line):
            opens = blank if paragraphs and not stamped else not stamped
            found += _split(Line(line, opens=opens), stamped=stamped)
            blank = False
    return found


def _split(line: Line, *, stamped: bool) -> list[Line]:
    """Return a line cut where stamps in brackets stand in it, in a text that has stamps."""
    cuts = stamps.inside(line.text) if stamped else []
    pieces = [replace(line, text=line.text[: cuts[0][0]].strip())] if cuts else [line]
    for i, (first, end) in enumerate(cuts):
        stamp = stamps.read(line.text, first)
        until = cuts[i + 1][0] if i + 1 < len(cuts) else len(line.text)
        start = stamp.start if stamp else None
        pieces.append(Line(line.text[end:until].strip(), start, stamped=True))
    return [piece for piece in pieces if piece.text or piece.stamped]


def _named_above(found: Sequence[Line]) -> list[Line]:
    """Return the lines with names that stand alone beside stamps as speakers.

    Either right above the stamp's line, from the first one on, or as all that stands behind it.
    """
    stamps_at = [i for i, line in enumerate(found) if line.stamped and line.end is None]
    if not stamps_at:
        return list(found)
    behind = [i for i in stamps_at if _is_behind(found, i)]
    kept = list(found)
    if 2 * len(behind) >= len(stamps_at) and _are_names([found[i].text for i in behind]):
        for i in behind:
            kept[i] = replace(found[i], speaker=found[i].text, text="")
        return kept
    first = stamps_at[0]
    above = [i for i in stamps_at if first and _is_above(found, i, first)]
    if above[:1] == [first] and _are_names([found[i - 1].text for i in above]):
        for i in above:
            kept[i] = replace(found[i], speaker=found[i - 1].text)
        kept = [line for i, line in enumerate(kept) if i + 1 not in above]
    return kept


def _is_behind(found: Sequence[Line], i: int) -> bool:
    """Tell whether all that stands behind stamp `i` may be a name, with text on the next line."""
    line, below = found[i], found[i + 1 : i + 2]
    text = replace(line, stamped=False)
    return not line.speaker and _is_lone(text) and bool(below) and not below[0].stamped


def _is_above(found: Sequence[Line], i: int, first: int) -> bool:
    """Tell whether the line above stamp `i` may be a name, with text above that."""
    alone = not found[i].text and not found[i].speaker and _is_lone(found[i - 1])
    return alone and (i == first or not found[i - 2].stamped)


def _is_lone(line: Line) -> bool:
    return not line.stamped and labels.is_heading(line) and labels.is_name(line.text)


def _are_names(texts: Sequence[str]) -> bool:
    """Tell whether texts are names: one of a role is among them, or one comes again."""
    return any(map(labels.is_role, texts)) or len(set(texts)) < len(texts)
