"""A transcript as the rules for discourse markers see it: bare words, and marks between them.

Between two words stands one mark at most, the first of these that applies:

``^``  the answer's start or end
``.``  the end of a sentence: punctuation, or a sentence start that the transcript knows of
``~``  hesitation: a filled pause
``,``  any other punctuation
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from speechcoach.fillers.lexicon import built_in
from speechcoach.punctuation import ends_sentence
from speechcoach.spelling import plain

EDGE, STOP, HESITATION, COMMA = "^", ".", "~", ","
MARKS = (EDGE, STOP, HESITATION, COMMA)
REACH = 5  # words on either side that a rule may look at

_PIECE = re.compile(r"(?P<word>\w(?:[\w'&/%@+-]|[.:](?=\w))*)|(?P<mark>\S)")
_DASH = re.compile(r"\.{2,}|--+|—")  # "um...so": two words without a space
_SENTENCE_ENDS = frozenset(".?!")
_QUOTES = frozenset("'\"‘“”*[]")
_JOINTS = re.compile(r"[/&+-]")
_MEANT = frozenset(  # yes and no
    "uh-uh mm-mm mm-hm mm-hmm hm-hm hmm-hmm uh-hm uh-hmm um-hm um-hmm".split()
)
# "um-um", "a-a-actually"; but "uh-uh" means no
_STUTTER = re.compile(r"\b(?!uh-uh\b|mm-mm\b)(\w{1,3})-(?:\1-)*(?=\1)", re.IGNORECASE)
_WORDS_PER_COMMA = 60  # written speech has a comma every ten words or so
_ENOUGH = 30  # words; a shorter text may lack a comma by chance


@dataclass(frozen=True)
class Token:
    """A bare, lower-case word; `word` is its position in the transcript.

    `abbreviation`: in capitals, in a transcript that has others (ER, UH).
    """

    text: str
    word: int
    abbreviation: bool = False


@dataclass(frozen=True)
class Tokens:
    """Words and the marks around them: ``marks[i]`` stands before ``words[i]``, "" is no mark.

    `bare`: the transcript has no commas to speak of, so that a missing one says nothing.
    """

    words: tuple[Token, ...]
    marks: tuple[str, ...]
    bare: bool = False

    def before(self, first: int) -> str:
        """Return the last words and marks left of word `first`, a space after each."""
        places = range(max(0, first - REACH), first)
        parts = [part for i in places for part in (self.marks[i], self.words[i].text)]
        return _spaced([*parts, self.marks[first]])

    def after(self, end: int) -> str:
        """Return the first words and marks from word `end` on, a space after each."""
        places = range(end, min(end + REACH, len(self.words)))
        parts = [part for i in places for part in (self.words[i].text, self.marks[i + 1])]
        return _spaced([self.marks[end], *parts])


def _spaced(parts: Sequence[str]) -> str:
    return "".join(f"{part} " for part in parts if part)


def tokenize(texts: Sequence[str], *, starts: Collection[int] = ()) -> Tokens:
    """Split a transcript's words, as written, into bare words and marks.

    `starts` are the positions of words that start a sentence.
    """
    words: list[Token] = []
    marks = [EDGE]
    mixed = any(letter.islower() for text in texts for letter in text)
    for position, text in enumerate(texts):
        if position in starts:
            marks[-1] = _stronger(marks[-1], STOP)
        following = texts[position + 1] if position + 1 < len(texts) else ""
        for piece in _pieces(text, ends=ends_sentence(text, following)):
            if piece in MARKS:
                marks[-1] = _stronger(marks[-1], piece)
            else:
                words.append(Token(piece.lower(), position, mixed and _in_capitals(piece)))
                marks.append("")
    marks[-1] = EDGE
    return Tokens(tuple(words), tuple(marks), _bare(texts))


def _pieces(text: str, *, ends: bool) -> Iterator[str]:
    """Yield the bare words and marks of a written word; `ends`: a sentence ends with it."""
    text = _DASH.sub(" , ", plain(text))
    for match in _PIECE.finditer(text):
        if word := match["word"]:
            yield _hesitation(word) or _STUTTER.sub("", word.rstrip("'-/"))
        elif match["mark"] in _SENTENCE_ENDS:
            if ends or match["mark"] != ".":
                yield STOP
        elif match["mark"] not in _QUOTES:
            yield COMMA


def _hesitation(word: str) -> str:
    """Return the first of several filled pauses that are written as one word ("um/uh"), else ""."""
    first, *others = _JOINTS.split(word.lower())
    if not others or word.lower() in _MEANT:
        return ""
    hesitates = built_in().filled_pause
    return first if all(part and hesitates(part) for part in (first, *others)) else ""


def _in_capitals(piece: str) -> bool:
    return len(piece) > 1 and piece.isupper()


def _stronger(one: str, other: str) -> str:
    return min(one, other, key=(*MARKS, "").index)


def _bare(texts: Sequence[str]) -> bool:
    """Tell whether commas are missing; a short text must lack sentence ends too."""
    commas = sum("," in text for text in texts)
    if commas * _WORDS_PER_COMMA > len(texts):
        return False
    return len(texts) >= _ENOUGH or not any(text[-1:] in _SENTENCE_ENDS for text in texts)


def without(tokens: Tokens, hesitations: Collection[int]) -> Tokens:
    """Return `tokens` with those at the given positions turned into hesitation marks."""
    words: list[Token] = []
    marks = [tokens.marks[0]]
    for i, token in enumerate(tokens.words):
        after = tokens.marks[i + 1]
        if i in hesitations:
            marks[-1] = _stronger(marks[-1], _stronger(HESITATION, after))
        else:
            words.append(token)
            marks.append(after)
    return replace(tokens, words=tuple(words), marks=tuple(marks))


def broken_at(tokens: Tokens, silences: Collection[int]) -> Tokens:
    """Return `tokens` with a comma before each transcript word in `silences` that has no mark."""
    marks = [
        mark or (COMMA if token.word in silences else "")
        for mark, token in zip(tokens.marks, tokens.words, strict=False)
    ]
    return replace(tokens, marks=(*marks, tokens.marks[-1]))
