"""PocketSphinx held to one text: which words of a known sequence sound when.

The grammar is a chain, one arc a word and pronunciation; at every node silence, noise and
filled pauses may loop. Words carry no dictionary: their phones name them, so a
decoder starts in milliseconds. Each call is an utterance of its own with its own cepstral mean:
what was decoded before does not matter.
"""

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speechcoach.alignment.pronunciation import Phones, phones

Arc = tuple[int, int, float] | tuple[int, int, float, str]

RATE = 16_000  # Hz, of the acoustic model
FRAME = 0.01  # seconds
HESITATIONS = ("um", "uh", "er", "hmm")  # what may be heard where the text has nothing
# Natural log. PocketSphinx prunes paths this far below the best; wide enough that a chain survives
# a misheard word (at e^-110, its default, a quarter of real windows found no path).
_BEAMS = {False: 1e-80, True: 1e-200}
_SKIP_PROBABILITY = 1e-30  # of a word that is not in the sound; 1e-20 also loses true short words
_HESITATION_PROBABILITY = 1e-5  # of looping rather than going on; 1e-3 finds no more, 1.4x as many
_SCORE_SHIFT = 1 << 10  # PocketSphinx keeps its scores divided by this


@dataclass(frozen=True)
class Piece:
    """A stretch of a decoded sound: the n-th word of the chain, or a hesitation.

    `start` and `end` are seconds from the start of the sound; `score` is the mean natural log of
    the likelihood a frame, relative to the best sound that the grammar allowed there.
    """

    word: int | None
    hesitation: str | None
    start: float
    end: float
    score: float


def decode(
    samples: NDArray[np.float32],
    words: Sequence[Sequence[Phones]],
    *,
    required: int,
    wide: bool = False,
) -> tuple[Piece, ...] | None:
    """Return the words and hesitations of the best path through the sound; None if there is none.

    A word that nobody said may be missing from the path, at a price.

    Parameters
    ----------
    samples : shape (n,), full scale at 1.0, 16 kHz
    words : for each word its pronunciations
    required : how many of the words the path must pass; it may end after any later one
    wide : search with wider beams, about three times as slow
    """
    if samples.size < RATE * FRAME * 6:
        return None
    decoder = _decoder(wide)
    _teach(decoder, words)
    transitions = [*_chain(words, required), *_skips(len(words)), *_loops(len(words))]
    decoder.add_fsg("chain", decoder.create_fsg("chain", 0, len(words) + 1, transitions))
    decoder.activate_search("chain")
    decoder.reinit_feat()  # forgets the noise that it learnt from the sound before
    decoder.start_utt()
    decoder.process_raw(_pcm(samples), full_utt=True)
    decoder.end_utt()
    return tuple(_pieces(decoder.seg(), words)) if decoder.hyp() else None


@functools.cache
def _decoder(wide: bool) -> Any:
    """Return the decoder with the hesitations as its only words so far."""
    from pocketsphinx import Decoder

    beam = _BEAMS[wide]
    decoder = Decoder(
        lm=None, dict=None, loglevel="FATAL", bestpath=False,
        lw=1.0, wip=1.0, beam=beam, pbeam=beam, wbeam=beam,
    )  # fmt: skip
    for name in HESITATIONS:
        decoder.add_word(_hesitation(name), " ".join(phones(name)[0]), False)
    return decoder


def _hesitation(name: str) -> str:
    return f"++{name}++"


def _teach(decoder: Any, words: Sequence[Sequence[Phones]]) -> None:
    """Give a decoder the pronunciations that are new to it."""
    for way in {way for ways in words for way in ways}:
        if decoder.lookup_word(_name(way)) is None:
            decoder.add_word(_name(way), " ".join(way), False)


def _chain(words: Sequence[Sequence[Phones]], required: int) -> list[Arc]:
    """Return the arcs of a chain of words, which may end after `required` of them.

    State n is that after n words; the state after the last one's is final.
    """
    end = len(words)
    spoken = [
        (n, n + 1, 1.0, _name(way)) for n, ways in enumerate(words) for way in dict.fromkeys(ways)
    ]
    return [*spoken, *((n, end + 1, 1.0) for n in range(required, end + 1))]


def _name(way: Phones) -> str:
    return "_".join(way)


def _skips(count: int) -> Iterator[Arc]:
    """Yield the ways around each word: a word that nobody said must not displace its neighbours."""
    for state in range(count):
        yield state, state + 1, _SKIP_PROBABILITY


def _loops(count: int) -> Iterator[Arc]:
    for state in range(count + 1):
        for name in HESITATIONS:
            yield state, state, _HESITATION_PROBABILITY, _hesitation(name)


def _pcm(samples: NDArray[np.float32]) -> bytes:
    """Return samples as the 16-bit integers that PocketSphinx reads."""
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def _pieces(segments: Any, words: Sequence[Sequence[Phones]]) -> Iterator[Piece]:
    """Yield what PocketSphinx found; its null arcs (ends and skips) are left out."""
    names = [{_name(way) for way in ways} for ways in words]
    following = 0
    for segment in segments:
        frames = segment.end_frame - segment.start_frame + 1
        times = segment.start_frame * FRAME, (segment.end_frame + 1) * FRAME
        score = math.log(max(segment.ascore, 1e-300)) * _SCORE_SHIFT / frames
        if segment.word.startswith("++"):
            yield Piece(None, segment.word.strip("+"), *times, score)
        elif segment.word[0] not in "<[(":
            word = next(n for n in range(following, len(names)) if segment.word in names[n])
            following = word + 1
            yield Piece(word, None, *times, score)
