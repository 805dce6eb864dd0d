"""A letter-to-sound rule for words that no dictionary has: good enough to align, not to teach.

Phones are ARPAbet without stress, as in the CMU Pronouncing Dictionary.
"""

import re

# The longest spelling that fits wins; "" is silent. English spelling after Elovitz et al. (1976),
# "Letter-to-Sound Rules for Automatic Translation of English Text to Phonetics", cut down to what
# names and Graeco-Latin medical words need.
_SPELLINGS = {
    "augh": "AO", "ough": "OW", "eigh": "EY", "tion": "SH AH N", "sion": "ZH AH N",
    "cian": "SH AH N", "tial": "SH AH L", "cial": "SH AH L", "cious": "SH AH S",
    "tious": "SH AH S", "ture": "CH ER", "sch": "S K", "tch": "CH", "dge": "JH", "igh": "AY",
    "eau": "OW", "ous": "AH S", "rrh": "R",
    "ai": "EY", "ay": "EY", "au": "AO", "aw": "AO", "ae": "IY", "ee": "IY", "ea": "IY", "ei": "AY",
    "ey": "IY", "eu": "Y UW", "ew": "Y UW", "ie": "IY", "oa": "OW", "oe": "IY", "oi": "OY",
    "oy": "OY", "oo": "UW", "ou": "AW", "ow": "OW", "ue": "UW", "ui": "UW", "ia": "IY AH",
    "io": "IY OW", "ya": "Y AH", "yo": "Y OW", "yu": "Y UW",
    "ar": "AA R", "er": "ER", "ir": "ER", "ur": "ER", "or": "AO R", "yr": "IH R",
    "ch": "CH", "ck": "K", "cc": "K", "ph": "F", "sh": "SH", "th": "TH", "wh": "W", "gh": "G",
    "rh": "R", "kn": "N", "gn": "N", "wr": "R", "mb": "M", "ng": "NG", "nk": "NG K", "qu": "K W",
    "dg": "JH", "sc": "S K", "ts": "T S", "x": "K S", "tz": "T S", "zh": "ZH", "kh": "K",
    "bh": "B", "dh": "D",
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH",
    "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R",
    "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "y": "IH", "z": "Z",
}  # fmt: skip
_OPENINGS = {"x": "Z", "ps": "S", "pn": "N", "pt": "T", "mn": "N", "gh": "G", "y": "Y", "rh": "R"}
_ENDINGS = {"y": "IY", "i": "IY", "o": "OW", "a": "AH", "es": "Z", "ed": "D", "le": "AH L",
            "ism": "IH Z AH M", "gue": "G", "que": "K", "e": ""}  # fmt: skip
_LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "Y UW"}
_LONGEST = max(map(len, _SPELLINGS))


def sound_out(letters: str) -> tuple[str, ...]:
    """Return the phones of `letters` (a-z, lower case) by rule; empty for no letters.

    Doubled consonants sound once, ``c`` and ``g`` soften before e, i and y, a vowel before a
    consonant and a final ``e`` is long.
    """
    letters = re.sub(r"([b-df-hj-np-tv-z])\1", r"\1", letters)
    found: list[str] = []
    position = 0
    while position < len(letters):
        sounds, taken = _at(letters, position)
        found += sounds.split()
        position += taken
    return tuple(found)


def _at(letters: str, position: int) -> tuple[str, int]:
    """Return the sound of the spelling that starts at `position`, and its length."""
    rest = letters[position:]
    if position == 0:
        for opening, sounds in _OPENINGS.items():
            if rest.startswith(opening) and len(rest) > len(opening):
                return sounds, len(opening)
    elif rest in _ENDINGS and re.search("[aeiouy]", letters[:position]):
        return _ENDINGS[rest], len(rest)
    if re.fullmatch("[aeiou][b-df-hj-mp-tvz]e", rest) and position:
        return _LONG[rest[0]], 1
    if re.match("[cg][eiy]", rest):
        return ("S" if rest[0] == "c" else "JH"), 1
    length = next(n for n in range(_LONGEST, 0, -1) if rest[:n] in _SPELLINGS)
    return _SPELLINGS[rest[:length]], length
