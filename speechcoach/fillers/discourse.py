"""Find fillers in a transcript, and tell a discourse marker from the same word with content.

Each marker has its decision list in ``discourse.toml``: ordered patterns of neighbouring words and
marks, each with the probability that the word is a filler there (the method: Yarowsky 1994,
"Decision lists for lexical ambiguity resolution"; which evidence helps: Popescu-Belis & Zufferey
2011, collocations first, then pauses and position). The first pattern that fits decides.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from speechcoach.data import Filler, Frames, Sentence, Word
from speechcoach.fillers.lexicon import Entry, Lexicon, built_in
from speechcoach.fillers.tokens import MARKS, Tokens, tokenize, without

REACH = 5  # words on either side that a pattern may look at
"""How far patterns see, in words."""


@dataclass(frozen=True)
class Rule:
    """Where `before` ends the left context and `after` begins the right, `filler` is likely."""

    filler: float
    before: re.Pattern[str]
    after: re.Pattern[str]
    when: str
    example: str

    def fits(self, left: str, right: str) -> bool:
        """Tell whether the neighbourhood is the rule's."""
        return bool(self.before.search(left) and self.after.match(right))


@dataclass(frozen=True)
class DecisionList:
    """The rules of one marker, in order, and what holds where none fits."""

    rules: tuple[Rule, ...]
    otherwise: float

    def decide(self, left: str, right: str) -> float:
        """Return the probability that the word between `left` and `right` is a filler."""
        fitting = (rule.filler for rule in self.rules if rule.fits(left, right))
        return next(fitting, self.otherwise)


def find(
    words: Sequence[Word],
    sentences: Sequence[Sentence] = (),
    *,
    frames: Frames | None = None,
    lexicon: Lexicon | None = None,
) -> tuple[Filler, ...]:
    """Return every filler use of a transcript, in order.

    Parameters
    ----------
    words : sequence of Word
        The transcript, recovered filled pauses included.
    sentences : sequence of Sentence
        Where sentences start is evidence where punctuation is missing.
    frames : Frames, optional
        The signal: silence and stress around a word are evidence too.
    lexicon : Lexicon, optional
        What to look for; the built-in list unless given.

    Returns
    -------
    tuple of Filler
        A phrase is one filler; `confidence` is the probability, 0.5..1, that it is one.
    """
    lexicon = lexicon or built_in()
    tokens = tokenize([w.text for w in words], starts={s.words[0] for s in sentences})
    found = [
        _filler(words, entry, first, end, probability)
        for entry, first, end, probability in _candidates(tokens, lexicon)
        if probability >= 0.5
    ]
    return tuple(found)


def _filler(
    words: Sequence[Word], entry: Entry, first: int, end: int, probability: float
) -> Filler:
    head = words[first]
    heard = head.confidence if head.recovered and head.confidence is not None else probability
    return Filler(
        entry.text, entry.kind, (first, end), head.start, words[end - 1].end, heard, head.recovered
    )


def _candidates(tokens: Tokens, lexicon: Lexicon) -> Iterator[tuple[Entry, int, int, float]]:
    """Yield (entry, first word, end word, probability) of all that may be a filler, in order."""
    sounds = {}
    for i, token in enumerate(tokens.words):
        entry = None if token.abbreviation else lexicon.filled_pause(token.text)
        if entry and (p := probability(entry, tokens, i, i + 1)) >= 0.5:
            sounds[i] = (entry, token.word, token.word + 1, p)
    found = list(sounds.values())
    bare = without(tokens, sounds.__contains__)
    found += _phrases(bare, lexicon)
    return iter(sorted(found, key=lambda c: c[1:3]))


def _phrases(tokens: Tokens, lexicon: Lexicon) -> Iterator[tuple[Entry, int, int, float]]:
    i = 0
    while i < len(tokens.words):
        ahead = tuple(t.text for t in tokens.words[i : i + lexicon.longest])
        entry, length = lexicon.phrase(ahead) or (None, 1)
        if entry and not any(tokens.marks[i + 1 : i + length]):
            p = probability(entry, tokens, i, i + length)
            yield entry, tokens.words[i].word, tokens.words[i + length - 1].word + 1, p
        i += length


def probability(entry: Entry, tokens: Tokens, first: int, end: int) -> float:
    """Return the probability that tokens ``[first, end)`` are a filler in their place."""
    if entry.always:
        return 1.0
    rules = decision_lists().get(entry.text)
    if rules is None:
        return 0.98
    return rules.decide(tokens.before(first, reach=REACH), tokens.after(end, reach=REACH))


@functools.cache
def decision_lists() -> Mapping[str, DecisionList]:
    """Return the rules of every marker, read once."""
    text = resources.files(__package__).joinpath("discourse.toml").read_text("utf-8")
    data = tomllib.loads(text)
    classes = data["classes"]
    return {
        marker: DecisionList(
            tuple(_rule(rule, classes) for rule in body.get("rules", ())), body["otherwise"]
        )
        for marker, body in data["marker"].items()
    }


def _rule(rule: Mapping[str, object], classes: Mapping[str, str]) -> Rule:
    when = str(rule["when"])
    before, _, after = f" {when} ".partition(" _ ")
    left = "".join(_element(e, classes) for e in before.split())
    right = "".join(_element(e, classes) for e in after.split())
    return Rule(
        float(str(rule["filler"])),
        re.compile(rf"(?:^|(?<= )){left}$"),
        re.compile(right),
        when,
        str(rule.get("example", "")),
    )


def _element(element: str, classes: Mapping[str, str]) -> str:
    """Return the regular expression of one element of a pattern, its trailing space included."""
    if element.startswith("(") and element.endswith(")"):
        return f"(?:{_element(element[1:-1], classes)})?"
    if element.startswith("!"):
        return rf"(?!{_element(element[1:], classes)})\S+ "
    options = (_alternatives(option, classes) for option in element.split("|"))
    return f"(?:{'|'.join(options)}) "


def _alternatives(element: str, classes: Mapping[str, str]) -> str:
    if element.startswith("{"):
        return "|".join(_alternatives(word, classes) for word in classes[element[1:-1]].split())
    return _glob(element)


def _glob(word: str) -> str:
    if word == "#":
        return r"\$?\d[^\s]*"
    if word in MARKS:
        return re.escape(word)
    return re.escape(word).replace(r"\*", r"\w[\w'-]*" if word == "*" else r"[\w'-]*")
