"""One spelling for what is one word: without invisible signs and accents, for comparing only.

What people see and what a report holds stays as it was written.
"""

from __future__ import annotations

import functools
import unicodedata

_UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me"})  # format signs, controls, marks on other letters
_ALSO_UNSEEN = "\u115f\u1160\u3164\uffa0"  # fillers of Hangul, which count as letters
_APOSTROPHES = "’‘ʼ`´ʹ＇"


def plain(text: str) -> str:
    """Return `text` as it is compared with other text.

    Signs without a width (zero-width spaces, soft hyphens, byte order marks, marks of direction,
    controls) are left out, accents too, composed or not; ligatures and wide letters become plain
    ones, apostrophes straight. White space stays as it is, so that words keep their positions.
    """
    if text.isascii() and text.isprintable() and "`" not in text:
        return text
    return "".join(map(_plain, text))


@functools.lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """Return one letter in plain; alone, since a long row of marks takes long to put in order."""
    if letter.isspace():
        return letter
    if letter in _APOSTROPHES:
        return "'"
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in parts if not _unseen(part) and not part.isspace())


def _unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN or letter in _ALSO_UNSEEN
