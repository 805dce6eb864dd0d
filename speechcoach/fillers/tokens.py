"""A transcript as the rules for discourse markers see it: bare words, and marks between them.

Marks (one between two words at most, the first that applies):

``^``  the answer's start or end
``.``  a sentence ends (punctuation, or a sentence start that the transcript knows of)
``~``  hesitation: a filled pause, or a silence of 150 ms or more
``,``  any other punctuation
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

START, STOP, HESITATION, COMMA = "^", ".", "~", ","
MARKS = (START, STOP, HESITATION, COMMA)

_PIECE = re.compile(r"(?P<word>\w(?:[\w'&/%@+-]|[.:](?=\w))*)|(?P<mark>\S)")
_HARD_BREAK = re.compile(r"\.{2,}|--+|[—…]")  # "um...so", "um--so": two words without a space
_ENDS = frozenset(".?!")
_ABBREVIATION = re.compile(r"(?:dr|mr|mrs|ms|st|vs|etc)", re.IGNORECASE)
_STUTTER = re.compile(r"\b(\w{1,3})-(?:\1-)*(?=\1)", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """A bare, lower-case word of the transcript; `word` is its position there.

    `abbreviation`: written in capitals amid others that are not, as ER and UH are.
    """

    text: str
    word: int
    abbreviation: bool = False


@dataclass(frozen=True)
class Tokens:
    """`marks[i]` stands before `words[i]`; the last mark after the last word; "" is no mark."""

    words: tuple[Token, ...]
    marks: tuple[str, ...]

    def before(self, first: int, *, reach: int) -> str:
        """Return up to `reach` words and the marks between them, left of `first`."""
        parts = []
        for i in range(max(0, first - reach), first):
            parts += [self.marks[i], self.words[i].text]
        return _joined([*parts, self.marks[first]])

    def after(self, end: int, *, reach: int) -> str:
        """Return up to `reach` words and the marks between them, from `end` on."""
        parts = [self.marks[end]]
        for i in range(end, min(end + reach, len(self.words))):
            parts += [self.words[i].text, self.marks[i + 1]]
        return _joined(parts)


def _joined(parts: Sequence[str]) -> str:
    return "".join(f"{part} " for part in parts if part)


def tokenize(
    texts: Sequence[str],
    *,
    starts: Collection[int] = (),
    silences: Collection[int] = (),
) -> Tokens:
    """Split written words into bare words and marks.

    Parameters
    ----------
    texts : sequence of str
        The transcript's words as written, punctuation included.
    starts : collection of int
        Positions of words that start a sentence.
    silences : collection of int
        Positions of words with a silence right before them.
    """
    words: list[Token] = []
    marks: list[str] = [START]
    mixed = any(c.islower() for text in texts for c in text)
    for position, text in enumerate(texts):
        if position in starts:
            marks[-1] = _stronger(marks[-1], STOP)
        if position in silences:
            marks[-1] = _stronger(marks[-1], HESITATION)
        for piece, mark in _pieces(text):
            if mark:
                marks[-1] = _stronger(marks[-1], mark)
            else:
                shout = mixed and len(piece) > 1 and piece.isupper()
                words.append(Token(piece.lower(), position, shout))
                marks.append("")
    marks[-1] = START
    return Tokens(tuple(words), tuple(marks))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield ("word", "") and ("", mark) in order."""
    text = _HARD_BREAK.sub(" , ", text.replace("’", "'"))
    for match in _PIECE.finditer(text):
        if word := match["word"]:
            yield _STUTTER.sub("", word).strip("'-/"), ""
        elif match["mark"] in _ENDS and not _ABBREVIATION.fullmatch(text[: match.start()]):
            yield "", STOP
        elif match["mark"] not in "'\"’“”‘*[]":
            yield "", COMMA


def _stronger(one: str, other: str) -> str:
    return min(one, other, key=lambda mark: (*MARKS, "").index(mark))


def without(tokens: Tokens, drop: Callable[[int], bool]) -> Tokens:
    """Return `tokens` with the words for which ``drop(i)`` holds turned into hesitations."""
    words: list[Token] = []
    marks = [tokens.marks[0]]
    for i, token in enumerate(tokens.words):
        after = tokens.marks[i + 1]
        if drop(i):
            marks[-1] = _stronger(marks[-1], _stronger(HESITATION, after))
        else:
            words.append(token)
            marks.append(after)
    return Tokens(tuple(words), tuple(marks))
