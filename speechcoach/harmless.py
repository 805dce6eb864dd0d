"""Text that does nothing but be read, wherever it is shown.

Names of files and transcripts may hold anything. What would steer a terminal, turn the direction
of the line around, or cannot be written as UTF-8 is left out here, in one place for all formats;
in JSON, which loses nothing, it is escaped.
"""

from __future__ import annotations

import re

_CONTROLS = (*range(10), *range(11, 32), *range(127, 160))  # of terminals; a line break stays
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))  # they reorder what stands beside
_BREAKS = {0x2028: "\n", 0x2029: "\n"}
_MEANT = dict.fromkeys((*_CONTROLS, *_DIRECTIONS)) | _BREAKS

_STEERING = re.compile(f"[{''.join(map(chr, set(_MEANT) - set(range(32))))}\ud800-\udfff]")
_PAINT = re.compile("(\x1b\\[[0-9;]*m)")


def harmless(text: str) -> str:
    """Return `text` with line breaks as its only controls; half a surrogate pair becomes ``?``."""
    return text.translate(_MEANT).encode("utf-8", "replace").decode()


def harmless_line(text: str) -> str:
    """Return `text` as `harmless` does, line breaks being spaces."""
    return harmless(text).replace("\n", " ")


def harmless_but_for_colours(text: str) -> str:
    """Return `text` as `harmless` does, with the colours and styles that a view has given it."""
    pieces = _PAINT.split(text)  # text, paint, text ...
    return "".join(piece if i % 2 else harmless(piece) for i, piece in enumerate(pieces))


def escaped(json: str) -> str:
    r"""Return JSON in which what `harmless` leaves out is written ``\u009b``."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", json)
