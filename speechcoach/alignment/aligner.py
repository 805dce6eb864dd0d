"""Every word of a recogniser's text on the time line, whichever engine wrote it.

Forced alignment (`decoder`) in windows of up to about 20 seconds, one after another: each starts
where the last word of the one before it ended, and looks a few words beyond its own end, so that
an engine's rough segment times need not be right. Between the words the decoder may hear filled
pauses that the text lacks: they are returned apart, as candidates for the filler detector.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from speechcoach.alignment.decoder import RATE, Piece, decode
from speechcoach.alignment.pronunciation import Phones, phones, syllables
from speechcoach.alignment.windows import LONGEST, Token, Window, following, ordered
from speechcoach.data import Audio, Span, Utterance, Word

_UNSURE_TAIL = 2.0  # seconds at the end of a stride whose words are searched again
_SHORTEST_GAP = 0.15  # seconds of sound without text that are worth listening to

_DOUBTFUL = 4.0  # minus the log-likelihood a frame at which a word's place is as good as not
_DOUBT_WIDTH = 0.8


@dataclass(frozen=True)
class Insertion:
    """A filled pause that the decoder heard between words; a candidate, not a finding.

    `after` is the position of the word that it follows in ``Alignment.words``, -1 at the start.
    """

    start: float
    end: float
    text: str
    after: int


@dataclass(frozen=True)
class Alignment:
    """The words of all utterances with their times, in order, without overlap.

    Words that could not be found in the sound are spread where their engine heard them, with
    confidence 0; what cannot be said aloud (a dash) has none. `exact` tells for each utterance
    whether at least half of its words were found. `insertions` are in order of time.
    """

    words: tuple[Word, ...]
    insertions: tuple[Insertion, ...]
    exact: tuple[bool, ...]
    warnings: tuple[str, ...] = ()


@dataclass
class _Progress:
    """How far the alignment has come (a time and a token), and what was found up to there."""

    time: float = 0.0
    token: int = 0
    placed: dict[int, tuple[Span, float]] = field(default_factory=dict)
    insertions: list[Insertion] = field(default_factory=list)


def align(utterances: Sequence[Utterance], audio: Audio) -> Alignment:
    """Return every whitespace-separated token of `utterances` with its time in `audio`.

    Parameters
    ----------
    utterances : in order of time; their times may be off by about half a second
    audio : 16 kHz

    Raises
    ------
    ValueError
        If the audio is not at 16 kHz.
    """
    if audio.rate != RATE:
        raise ValueError(f"alignment needs sound at {RATE} Hz, not {audio.rate}")
    tokens = [
        Token(text, position, phones(text))
        for position, utterance in enumerate(utterances)
        for text in utterance.text.split()
    ]
    spans = ordered(utterances, audio.duration)
    progress = _Progress()
    while progress.token < len(tokens):
        window = following(tokens, spans, progress.token, progress.time, audio.duration)
        _listen(progress, audio, window.span.start)
        _advance(progress, tokens, window, audio)
    _listen(progress, audio, audio.duration)
    return _collected(progress, tokens, spans, audio.duration)


def _advance(progress: _Progress, tokens: Sequence[Token], window: Window, audio: Audio) -> None:
    """Place the tokens of `window`, or give them up, and move on past them."""
    sayable = [n for n in range(window.first, window.ahead) if tokens[n].ways]
    own = sum(n < window.own for n in sayable)
    sound = audio.between(window.span.start, window.span.end)
    pieces = _decoded(sound, [tokens[n].ways for n in sayable], own, window)
    if window.stride:
        own = _sure(pieces, window)
    _accept(progress, pieces, sayable, own, window.span.start)
    if not window.stride:
        progress.token = window.own
    elif own:
        progress.token = sayable[own - 1] + 1
    else:
        _listen(progress, audio, window.span.end - _UNSURE_TAIL)


def _decoded(
    sound: NDArray[np.float32], words: Sequence[Sequence[Phones]], own: int, window: Window
) -> tuple[Piece, ...]:
    """Return what the sound holds of `words`, searched more widely if need be; maybe nothing."""
    required = 0 if window.stride else own
    for wide in (False, True):
        if (pieces := decode(sound, words, required=required, wide=wide)) is not None:
            return pieces
    return ()


def _sure(pieces: Sequence[Piece], window: Window) -> int:
    """Return how many words of a stride reach to its last trusted one before the unsure tail."""
    limit = window.span.duration - _UNSURE_TAIL
    trusted = [piece for piece in pieces if piece.end <= limit and piece.score > -_DOUBTFUL]
    sure = [piece.word for piece in trusted if piece.word is not None]
    return sure[-1] + 1 if sure else 0


def _accept(
    progress: _Progress, pieces: Sequence[Piece], sayable: Sequence[int], own: int, offset: float
) -> None:
    """Take the first `own` words, and the hesitations up to the last of them, into `progress`."""
    after = sayable[0] - 1 if sayable else progress.token - 1
    for piece in pieces:
        span = _shifted(piece, offset)
        if piece.word is not None:
            if piece.word >= own:
                break
            after = sayable[piece.word]
            progress.placed[after] = span, _confidence(piece)
            progress.time = span.end
        elif piece.hesitation:
            progress.insertions.append(Insertion(span.start, span.end, piece.hesitation, after))
    progress.insertions = [i for i in progress.insertions if i.end <= progress.time]


def _listen(progress: _Progress, audio: Audio, end: float) -> None:
    """Look for hesitations between the last word and `end`, where no text claims the sound."""
    while end - progress.time > _SHORTEST_GAP:
        span = Span(progress.time, min(end, progress.time + LONGEST))
        for piece in decode(audio.between(span.start, span.end), (), required=0) or ():
            if piece.hesitation:
                heard = _shifted(piece, span.start)
                found = Insertion(heard.start, heard.end, piece.hesitation, progress.token - 1)
                progress.insertions.append(found)
        progress.time = span.end


def _shifted(piece: Piece, offset: float) -> Span:
    return Span(round(offset + piece.start, 3), round(offset + piece.end, 3))


def _confidence(piece: Piece) -> float:
    """Return 0..1 from the mean log-likelihood a frame.

    Fitted by eye on synthetic answers with true, swapped and inserted words: true ones lie about
    -1.5, words that nobody said below -4.5.
    """
    return 1 / (1 + math.exp(-(piece.score + _DOUBTFUL) / _DOUBT_WIDTH))


def _collected(
    progress: _Progress, tokens: Sequence[Token], spans: Sequence[Span], duration: float
) -> Alignment:
    """Return the alignment, with the tokens that found no place spread between those that did."""
    words: list[Word] = []
    for first, last in _runs(progress.placed, len(tokens)):
        if first in progress.placed:
            span, confidence = progress.placed[first]
            words.append(Word(tokens[first].text, span.start, span.end, confidence))
            continue
        floor = progress.placed[first - 1][0].end if first else 0.0
        ceiling = progress.placed[last][0].start if last < len(tokens) else duration
        words += _spread(tokens[first:last], spans, floor, ceiling)
    found = [n in progress.placed for n, token in enumerate(tokens) if token.ways]
    return Alignment(
        tuple(words),
        tuple(sorted(progress.insertions, key=lambda insertion: insertion.start)),
        _exact(progress, tokens, len(spans)),
        () if all(found) else (_warning(found.count(False), len(tokens)),),
    )


def _exact(progress: _Progress, tokens: Sequence[Token], count: int) -> tuple[bool, ...]:
    """Return for each utterance whether at least half of its words were found."""
    balance = [0] * count
    for position, token in enumerate(tokens):
        if token.ways:
            balance[token.utterance] += 1 if position in progress.placed else -1
    return tuple(value >= 0 for value in balance)


def _runs(placed: dict[int, tuple[Span, float]], count: int) -> Iterator[tuple[int, int]]:
    """Yield each placed token alone and each run of tokens without a place, as ranges."""
    first = 0
    while first < count:
        last = first + 1
        while first not in placed and last < count and last not in placed:
            last += 1
        yield first, last
        first = last


def _spread(
    tokens: Sequence[Token], spans: Sequence[Span], floor: float, ceiling: float
) -> list[Word]:
    """Return tokens without a place, over their utterances' time, in proportion to syllables.

    All of it happens between `floor` and `ceiling`, their neighbours' times.
    """
    if not any(token.ways for token in tokens):
        return [Word(token.text, floor, floor) for token in tokens]
    start = min(max(spans[tokens[0].utterance].start, floor), ceiling)
    end = min(max(spans[tokens[-1].utterance].end, start), ceiling)
    sizes = [syllables(token.text) for token in tokens]
    shares = [size / sum(sizes) for size in accumulate(sizes, initial=0)]
    edges = [min(start + (end - start) * share, end) for share in shares]
    return [
        Word(token.text, left, right, 0.0 if token.ways else None)
        for token, (left, right) in zip(tokens, pairwise(edges), strict=True)
    ]


def _warning(rough: int, count: int) -> str:
    doubt = " Perhaps the words are of another recording." if 2 * rough > count else ""
    return (
        f"{rough} of {count} words could not be found in the sound; "
        f"their times are only roughly those where the recogniser heard them.{doubt}"
    )
