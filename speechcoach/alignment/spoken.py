"""How a written token is read aloud: numbers, units, acronyms, hyphens, stutters.

A token is what whitespace separates in a transcript. Its readings are sequences of plain words
(lower case letters and apostrophes); single letters of an acronym are written ``"x."``.
"""

import functools
import re
from itertools import product

from speechcoach.spelling import plain

_SYMBOLS = {"&": "and", "+": "plus", "=": "equals", "%": "percent", "@": "at", "#": "number",
            "°": "degrees", "€": "euros", "£": "pounds", "$": "dollars", "×": "times"}  # fmt: skip
_UNITS = {"mm": "millimeters", "cm": "centimeters", "mg": "milligrams", "kg": "kilograms",
          "ml": "milliliters", "hr": "hour", "hrs": "hours", "min": "minutes", "k": "thousand",
          "m": "million", "am": "a. m.", "pm": "p. m.", "s": "s", "x": "times",
          "km": "kilometers"}  # fmt: skip
# Written one way, said another; the acronyms are those of the residency match.
_SAID = {"dr": "doctor", "vs": "versus", "mr": "mister", "mrs": "missus", "ms": "miz",
         "usmle": "u. s. m. l. e.", "pgy": "p. g. y.", "img": "i. m. g.", "covid": "covid",
         "comlex": "comlex", "nrmp": "n. r. m. p.", "ecfmg": "e. c. f. m. g."}  # fmt: skip
_PLAIN = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "th", "þ": "th"}
# The order matters: money before numbers, ordinals and decades before a number and its unit.
_PIECE = re.compile(
    r"(?P<money>[$€£]\d[\d,]*(?:\.\d+)?)"
    r"|(?P<clock>\b\d{1,2}:\d{2}\b)"
    r"|(?P<decade>\d*\d0'?s\b)"
    r"|(?P<ordinal>\d+(?:st|nd|rd|th)\b)"
    r"|(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"|(?P<dotted>\b(?:[A-Za-z]\.){2,})"
    r"|(?P<word>[A-Za-z]+(?:'[A-Za-z]+)*'?)"
    r"|(?P<symbol>[&+=%@#°€£$×])",
    re.IGNORECASE,
)
_MOST_READINGS = 4
_MOST_DIGITS = 9  # a longer number is read digit by digit
LONGEST = 100
_Reading = tuple[str, ...]


@functools.lru_cache(maxsize=20_000)
def readings(token: str) -> tuple[_Reading, ...]:
    """Return the ways to read `token` aloud, the likeliest first; at most four.

    Of a token that is longer than any word its beginning, `LONGEST` characters, is read.

    Nothing sayable (``"..."``, a dash, a script that is not Latin) gives no reading.

    >>> readings("follow-up,")
    (('follow', 'up'),)
    >>> readings("$5")
    (('five', 'dollars'),)
    >>> readings("...")
    ()
    """
    options = [_piece(match) for match in _PIECE.finditer(_latin(token[:LONGEST])[:LONGEST])]
    whole = [tuple(word for part in choice for word in part) for choice in _few(options)]
    return tuple(dict.fromkeys(filter(None, whole)))


def _few(options: list[tuple[_Reading, ...]]) -> list[tuple[_Reading, ...]]:
    """Return the first combinations of one option a piece, without walking through them all."""
    combinations: list[tuple[_Reading, ...]] = [()]
    for choices in options:
        combinations = [(*left, right) for left, right in product(combinations, choices)]
        combinations = combinations[:_MOST_READINGS]
    return combinations


def _latin(token: str) -> str:
    """Return `token` in its plain spelling, with letters that are no plain ones spelt out."""
    return plain("".join(_PLAIN.get(letter, letter) for letter in token))


def _piece(match: re.Match[str]) -> tuple[_Reading, ...]:
    """Return the readings of one piece of a token."""
    text = match.group()
    match match.lastgroup:
        case "money":
            return tuple((*words, _SYMBOLS[text[0]]) for words in _number(text[1:]))
        case "clock":
            return (_clock(text),)
        case "decade":
            return (_decade(text.rstrip("s'S")),)
        case "ordinal":
            return (_ordinal(text[:-2]),)
        case "number":
            return _number(text)
        case "dotted":
            return (_letters(text.replace(".", "")),)
        case "symbol":
            return ((_SYMBOLS[text],),)
        case _:
            return _word(text, after_number=match.string[: match.start()][-1:].isdigit())


def _letters(text: str) -> _Reading:
    return tuple(f"{letter}." for letter in text.lower())


def _word(text: str, *, after_number: bool) -> tuple[_Reading, ...]:
    """Return the readings of a run of letters: a unit, an acronym or a word."""
    low = text.lower().strip("'")
    if after_number and low in _UNITS:
        return (tuple(_UNITS[low].split()),)
    if low in _SAID:
        return (tuple(_SAID[low].split()),)
    acronym = re.fullmatch(r"([A-Z]{2,6})('?s)?", text)
    unsayable = re.fullmatch(r"[b-df-hj-np-tv-xz]{2,5}", low) and len(set(low)) > 1
    if acronym and not (acronym[2] and len(acronym[1]) < 2):
        letters = _letters(acronym[1])
        if acronym[2]:
            letters = (*letters[:-1], letters[-1] + "'s")
        return (letters, (low,)) if len(acronym[1]) < 4 else ((low,), letters)
    return ((low,), _letters(low)) if unsayable else ((low,),)


def _clock(text: str) -> _Reading:
    hour, minute = map(int, text.split(":"))
    if minute == 0:
        return (*_say(hour), "o'clock")
    zero = ("oh",) if minute < 10 else ()
    return (*_say(hour), *zero, *_say(minute))


def _number(text: str) -> tuple[_Reading, ...]:
    """Return the readings of digits: a quantity, a year, or digit by digit."""
    whole, _, fraction = text.replace(",", "").partition(".")
    if fraction:
        return ((*_number(whole)[0], "point", *_digits(fraction)),)
    if len(whole) > _MOST_DIGITS or (whole[0] == "0" and len(whole) > 1):
        return (_digits(whole),)
    quantity = _say(int(whole))
    if len(whole) == 4 and "," not in text and whole[1:] != "000":
        return (_say(int(whole), "year"), quantity)
    return (quantity, _digits(whole)) if len(whole) == 3 else (quantity,)


def _ordinal(digits: str) -> _Reading:
    if len(digits) <= _MOST_DIGITS:
        return _say(int(digits), "ordinal")
    return (*_digits(digits[:-1]), *_say(int(digits[-1]), "ordinal"))


def _decade(text: str) -> _Reading:
    """Return "1990" as "nineteen nineties"."""
    *words, last = _number(text)[0]
    return (*words, last.removesuffix("y") + "ies" if last.endswith("y") else last + "s")


def _digits(text: str) -> _Reading:
    return tuple(word for digit in text for word in _say(int(digit)))


def _say(number: int, form: str = "cardinal") -> _Reading:
    """Return `number` in words, American: without "and"."""
    from num2words import num2words  # ~30 ms, and most answers name few numbers

    words = re.findall(r"[a-z]+", num2words(number, to=form))
    return tuple(word for word in words if word != "and")
