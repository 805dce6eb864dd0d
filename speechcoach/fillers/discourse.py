"""Find the fillers of a transcript, and tell a discourse marker from the same word with content.

Filled pauses are known by their shape. A discourse marker is judged by its neighbours (``rules``)
and, where there is sound, by the silence beside it and its stress (``prosody``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from speechcoach.data import Filler, Frames, Sentence, Word
from speechcoach.fillers import prosody
from speechcoach.fillers.lexicon import Entry, Lexicon, built_in
from speechcoach.fillers.rules import Place, decision_lists
from speechcoach.fillers.tokens import Tokens, broken_at, tokenize, without

COUNTED = 0.5  # a use counts from this probability on
UNDISPUTED = 0.98  # the probability of a shape or word that no rule disputes: our guess
SILENCE_WEIGHT = 0.5  # how far silence moves the log-odds that the words give: our guess
STRESS_WEIGHT = 0.5  # the log-odds that a clearly stressed word loses: our guess


@dataclass(frozen=True)
class _Use:
    """A listed word or phrase at the transcript's words ``[first, end)``, filler or not."""

    entry: Entry
    first: int
    end: int
    probability: float


@dataclass(frozen=True)
class _Sound:
    """The signal beside the words; `broken` are the tokens with silences as marks."""

    words: Sequence[Word]
    frames: Frames
    broken: Tokens

    @classmethod
    def of(cls, words: Sequence[Word], frames: Frames, tokens: Tokens) -> _Sound:
        return cls(words, frames, broken_at(tokens, prosody.silences(words, frames)))


def find(
    words: Sequence[Word],
    sentences: Sequence[Sentence] = (),
    *,
    frames: Frames | None = None,
    lexicon: Lexicon | None = None,
) -> tuple[Filler, ...]:
    """Return every filler use of a transcript, in order; a phrase is one filler.

    Parameters
    ----------
    words : sequence of Word
        The transcript, recovered filled pauses included; with or without times, punctuation and
        capitals.
    sentences : sequence of Sentence
        Where sentences start is evidence, above all where punctuation is missing.
    frames : Frames, optional
        The signal that the words' times belong to.
    lexicon : Lexicon, optional
        What to look for; the built-in list unless given.

    Returns
    -------
    tuple of Filler
        `confidence` is the probability that it is one, from 0.5 to 1; that of a recovered filled
        pause is its word's.
    """
    lexicon = lexicon or built_in()
    tokens = tokenize([w.text for w in words], starts={s.words[0] for s in sentences})
    pauses = _filled_pauses(tokens)
    spoken = without(tokens, pauses)
    sound = _Sound.of(words, frames, spoken) if frames is not None else None
    uses = [use for use in pauses.values() if use.entry in lexicon]
    uses += (use for use in _markers(spoken, lexicon, sound) if use.probability >= COUNTED)
    return tuple(_filler(use, words) for use in sorted(uses, key=lambda use: use.first))


def _filler(use: _Use, words: Sequence[Word]) -> Filler:
    first, last = words[use.first], words[use.end - 1]
    heard = first.confidence if first.recovered else None
    return Filler(
        text=use.entry.text,
        kind=use.entry.kind,
        words=(use.first, use.end),
        start=first.start,
        end=last.end,
        confidence=use.probability if heard is None else heard,
        recovered=first.recovered,
    )


def _filled_pauses(tokens: Tokens) -> Mapping[int, _Use]:
    """Return the filled pauses by token, whether or not the user wants them counted."""
    found = {}
    for i, token in enumerate(tokens.words):
        entry = None if token.abbreviation else built_in().filled_pause(token.text)
        if entry and (p := _probability(entry, tokens, i, i + 1)) >= COUNTED:
            found[i] = _Use(entry, token.word, token.word + 1, p)
    return found


def _markers(tokens: Tokens, lexicon: Lexicon, sound: _Sound | None) -> Iterator[_Use]:
    """Yield every listed word or phrase of `tokens` with its probability."""
    for entry, first, end in _phrases(tokens, lexicon):
        p = _probability(entry, tokens, first, end)
        use = _Use(entry, tokens.words[first].word, tokens.words[end - 1].word + 1, p)
        if sound and not entry.always:
            use = replace(use, probability=_heard(use, first, end, sound))
        yield use


def _phrases(tokens: Tokens, lexicon: Lexicon) -> Iterator[tuple[Entry, int, int]]:
    """Yield (entry, first, end) of every listed phrase, longest first, none inside another."""
    texts = [token.text for token in tokens.words]
    i = 0
    while i < len(texts):
        unbroken = (
            (entry, length)
            for entry, length in lexicon.phrases(texts, i)
            if not any(tokens.marks[i + 1 : i + length])
        )
        entry, length = next(unbroken, (None, 1))
        if entry:
            yield entry, i, i + length
        i += length


def _probability(entry: Entry, tokens: Tokens, first: int, end: int) -> float:
    """Return how likely tokens ``[first, end)`` are a filler by what stands beside them."""
    if entry.always:
        return 1.0
    rules = decision_lists().get(entry.text)
    if rules is None:
        return UNDISPUTED
    return rules.probability(Place(tokens.before(first), tokens.after(end), tokens.bare))


def _heard(use: _Use, first: int, end: int, sound: _Sound) -> float:
    """Return the probability of `use`, tokens ``[first, end)``, with what the sound says."""
    silent = _log_odds(_probability(use.entry, sound.broken, first, end))
    written = _log_odds(use.probability)
    stress = prosody.stress(sound.words, sound.frames, use.first, use.end)
    total = written + SILENCE_WEIGHT * (silent - written) - STRESS_WEIGHT * stress
    return 1 / (1 + math.exp(-total))


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))
