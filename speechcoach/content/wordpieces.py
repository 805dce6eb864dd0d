"""Text as the numbers that the encoder was trained on: BERT's uncased wordpieces.

The vocabulary is that of BERT base uncased (Devlin et al. 2019; Apache-2.0), which MiniLM shares;
the steps are those of BERT's own tokenizer, so that the encoder meets what it knows.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

FILE = Path(__file__).with_name("wordpieces.txt")
LONGEST = 100  # letters of a word; longer ones are no words (as in BERT's own tokenizer)
UNKNOWN = "[UNK]"

_IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002cea1"
_ALONE = re.compile(f"([{_IDEOGRAPHS}\U0002f800-\U0002fa1f])")


@functools.cache
def vocabulary() -> dict[str, int]:
    """Return the number of each wordpiece."""
    return {piece: i for i, piece in enumerate(FILE.read_text("utf-8").splitlines())}


def numbers(text: str) -> list[int]:
    """Return the wordpieces of a text, none for one without any sign."""
    return [piece for word in _words(text) for piece in pieces(word)]


def _words(text: str) -> list[str]:
    """Return words and signs, in lower case and without accents."""
    spaced = _ALONE.sub(r" \1 ", "".join(map(_plain, text)))
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", spaced.lower()) if _kind(sign) != "Mn"
    )
    return "".join(f" {sign} " if _is_mark(sign) else sign for sign in bare).split()


def _plain(sign: str) -> str:
    """Return a character, a space for any white one, nothing for one that does not show."""
    if sign.isspace():
        return " "
    return "" if sign in "\0\ufffd" or _kind(sign)[0] == "C" else sign


def _is_mark(sign: str) -> bool:
    """Return whether a character stands for itself: punctuation, and what ASCII has like it."""
    return _kind(sign)[0] == "P" or (sign.isascii() and not sign.isalnum() and not sign.isspace())


_kind = functools.lru_cache(maxsize=4096)(unicodedata.category)


@functools.lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[int, ...]:
    """Return the wordpieces of a word, longest first; the unknown one where a part has none."""
    known = vocabulary()
    if len(word) > LONGEST:
        return (known[UNKNOWN],)
    found, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        for end in range(len(word), start, -1):
            piece = known.get(prefix + word[start:end])
            if piece is not None:
                found.append(piece)
                start = end
                break
        else:
            return (known[UNKNOWN],)
    return tuple(found)
