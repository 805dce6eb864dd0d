"""How a written word sounds: phones and syllables.

Phones are ARPAbet without stress, from the 134,000 words of the CMU Pronouncing Dictionary (BSD)
that PocketSphinx carries; words outside it are taken apart into known ones, else sounded out by
rule (``letters``).
"""

import functools
import re
from itertools import product

from speechcoach.alignment.letters import sound_out
from speechcoach.alignment.spoken import readings

Phones = tuple[str, ...]
_MOST_PRONUNCIATIONS = 8
_HESITATIONS = {"um": "AH M", "umm": "AH M", "uhm": "AH M", "erm": "ER M", "uh": "AH", "er": "ER",
                "hmm": "HH M", "hm": "HH M", "mm": "M", "mhm": "AH M HH AH M", "ah": "AA",
                "eh": "EH", "huh": "HH AH"}  # fmt: skip
_VOICELESS = {"P", "T", "K", "F", "TH"}
_HISSING = {"S", "Z", "SH", "ZH", "CH", "JH"}
_SHORTEST_PART = 4  # letters; shorter dictionary words turn up inside unrelated ones


def phones(word: str) -> tuple[Phones, ...]:
    """Return the pronunciations of a written token, the likeliest first; at most eight.

    Nothing sayable (``"..."``, a dash) gives ``()``.

    >>> phones("uh,")
    (('AH',),)
    """
    ways = sorted(readings(word), key=_guessed)
    each = _MOST_PRONUNCIATIONS // max(len(ways), 1)
    return tuple(dict.fromkeys(way for reading in ways for way in _joined(reading)[:each]))


def syllables(word: str) -> int:
    """Return the number of syllables of a written token: the vowels of its first pronunciation.

    A sayable token has at least one (``"hmm"``); nothing sayable has 0.
    """
    ways = phones(word)
    return max(1, sum(is_vowel(phone) for phone in ways[0])) if ways else 0


def is_vowel(phone: str) -> bool:
    """Tell whether an ARPAbet phone is a vowel: they, and only they, begin with a vowel letter."""
    return phone[0] in "AEIOU"


def _guessed(reading: tuple[str, ...]) -> bool:
    """Tell whether any word of a reading has to be sounded out."""
    return not all(_known(word) or word[1:2] == "." for word in reading)


def _joined(reading: tuple[str, ...]) -> list[Phones]:
    """Return the pronunciations of a sequence of plain words, said without a break."""
    ways: list[Phones] = [()]
    for word in reading:
        pairs = product(ways, _pronunciations(word))
        ways = [left + right for left, right in pairs][:_MOST_PRONUNCIATIONS]
    return ways


@functools.cache
def _dictionary() -> dict[str, str]:
    """Return the dictionary's lines by word; a second pronunciation is at ``word(2)``."""
    from pocketsphinx import get_model_path  # a compiled extension: only where it is needed

    with open(get_model_path("en-us/cmudict-en-us.dict"), encoding="utf-8") as lines:
        return dict(line.rstrip("\n").split(" ", 1) for line in lines)


def _known(word: str) -> list[Phones]:
    """Return the dictionary's pronunciations of `word`; none if it is not there."""
    lines = _dictionary()
    keys = [word, *(f"{word}({n})" for n in range(2, 6))]
    return [tuple(lines[key].split()) for key in keys if key in lines]


@functools.lru_cache(maxsize=20_000)
def _pronunciations(word: str) -> list[Phones]:
    """Return the pronunciations of one plain word; at least one."""
    if word in _HESITATIONS:
        return [tuple(_HESITATIONS[word].split())]
    if re.fullmatch(r"\w\.('s)?", word):
        letter = _known(word[:2])[:1] or _known(word[0])[:1]
        return [_plural(letter[0])] if word[2:] else letter
    bare = word.strip("'")
    return _known(word) or _known(bare) or _squeezed(bare) or _inflected(bare) or [_derived(bare)]


def _squeezed(word: str) -> list[Phones]:
    """Return the pronunciations of a drawn-out word ("sooo", "ummmm"); none if it is not one."""
    for kept in (r"\1\1", r"\1"):
        short = re.sub(r"(\w)\1{2,}", kept, word)
        if short != word and (short in _HESITATIONS or _known(short)):
            return _pronunciations(short)
    return []


def _inflected(word: str) -> list[Phones]:
    """Return the pronunciations by a known stem and its ending; none if there is no such stem."""
    for ending, ended in (("'s", _plural), ("s", _plural), ("ed", _past), ("ing", _progressive)):
        stem = word.removesuffix(ending)
        if stem != word and (ways := _known(stem) or _known(stem + "e")):
            return [ended(way) for way in ways]
    return []


def _plural(stem: Phones) -> Phones:
    if stem[-1] in _HISSING:
        return (*stem, "IH", "Z")
    return (*stem, "S" if stem[-1] in _VOICELESS else "Z")


def _past(stem: Phones) -> Phones:
    if stem[-1] in {"T", "D"}:
        return (*stem, "IH", "D")
    return (*stem, "T" if stem[-1] in _VOICELESS | _HISSING - {"Z", "ZH", "JH"} else "D")


def _progressive(stem: Phones) -> Phones:
    return (*stem, "IH", "NG")


def _derived(word: str) -> Phones:
    """Return the pronunciation of an unknown word: known parts where it has them, else by rule.

    "teleradiology" is "tele" sounded out and the known "radiology".
    """
    letters = re.sub("[^a-z]", "", word)
    for cut in range(2, len(letters) - _SHORTEST_PART + 1):
        if tail := _known(letters[cut:]):
            head = (_known(letters[:cut]) if cut >= _SHORTEST_PART else []) or [
                sound_out(letters[:cut])
            ]
            return head[0] + tail[0]
    return sound_out(letters) or ("AH",)
