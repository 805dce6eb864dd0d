"""Which stretch of sound is searched for which words next.

The times of the utterances are an engine's: off by some tenths of a second, sometimes overlapping,
sometimes missing. A window takes whole utterances while they fit; an utterance longer than a
window is taken in strides whose words are those that the sound turns out to hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from speechcoach.alignment.pronunciation import Phones
from speechcoach.data import Span, Utterance

LONGEST = 20.0  # seconds of sound in one window
_STRIDE = 15.0  # seconds: how far a window goes into an utterance that is too long for one
_DENSEST = 6.0  # words a second that nobody exceeds for so long
_MARGIN = 0.7  # seconds after an utterance's end where its last word may still be
_LEAD = 1.0  # seconds before an utterance's start where its first word may already be
_AHEAD = 4  # words of the next utterance that may be heard in the margin


@dataclass(frozen=True)
class Token:
    """A word as written; `ways` are its pronunciations, none where nothing is sayable."""

    text: str
    utterance: int
    ways: tuple[Phones, ...]


@dataclass(frozen=True)
class Window:
    """The sound of `span` holds the tokens from `first` to before `own`, all of them.

    It may also hold those up to `ahead`, which belong to a later window. Where the utterance is
    too long for one window, `stride` is true: then `own` is open, and the sound decides.
    """

    span: Span
    first: int
    own: int
    ahead: int
    stride: bool


def ordered(utterances: Sequence[Utterance], duration: float) -> list[Span]:
    """Return the utterances' times within the recording, none before the one before it."""
    spans: list[Span] = []
    floor = 0.0
    for utterance in utterances:
        start = min(max(utterance.start, floor), duration)
        spans.append(Span(start, min(max(utterance.end, start), duration)))
        floor = start
    return spans


def following(
    tokens: Sequence[Token], spans: Sequence[Span], first: int, time: float, duration: float
) -> Window:
    """Return the window of the token at `first`, where everything before `time` is accounted for.

    Parameters
    ----------
    tokens : all of them
    spans : by utterance, as `ordered` returns them
    """
    own = first
    while own < len(tokens) and (own == first or _fits(spans, tokens[own].utterance, time)):
        own = _past(tokens, own)
    last = spans[tokens[own - 1].utterance]
    start = max(time, min(spans[tokens[first].utterance].start - _LEAD, duration))
    end = min(last.end + _MARGIN, duration)
    stride = end - start > LONGEST + _MARGIN
    if stride:
        end = start + _STRIDE
        ahead = min(own, first + int(_STRIDE * _DENSEST))
    else:
        ahead = min(len(tokens), own + _AHEAD)
    return Window(Span(start, end), first, own, ahead, stride)


def _fits(spans: Sequence[Span], utterance: int, time: float) -> bool:
    return spans[utterance].end - time <= LONGEST


def _past(tokens: Sequence[Token], token: int) -> int:
    """Return the first token of the next utterance that has any."""
    utterance = tokens[token].utterance
    while token < len(tokens) and tokens[token].utterance == utterance:
        token += 1
    return token
