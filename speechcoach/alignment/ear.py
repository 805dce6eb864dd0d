"""A closer listen to short stretches: how well words explain one, and which phones are in it.

For verifying candidates. Both questions cost about 0.04 s of work a second of sound: ask them
about places, not about recordings. The cepstral mean, which stands for voice and microphone, is
taken from the ten seconds around a place: a short stretch has none worth the name.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from speechcoach.alignment.decoder import FRAME, RATE, SCORE_SHIFT, arcs, pcm, teach
from speechcoach.alignment.pronunciation import phones
from speechcoach.data import Audio

_CONTEXT = 10.0  # seconds that share a cepstral mean
_SHORTEST = 6 * FRAME  # less has no dynamics to decode
_BEAM = 1e-200  # a forced path must be found however badly it fits
_PHONE_BEAM = 1e-20
_PHONE_WEIGHT = 2.0  # of the phone bigrams; PocketSphinx's value for free phone decoding


@dataclass(frozen=True)
class Phone:
    """A phone that was heard (ARPAbet, or SIL, +NSN+, +SPN+), in seconds of the recording.

    `score` is the mean natural log-likelihood a frame relative to the best of all sounds, at
    most 0.
    """

    name: str
    start: float
    end: float
    score: float


class Ear:
    """Listens to stretches of one recording; keeps nothing but its cepstral means.

    Parameters
    ----------
    audio : 16 kHz
    """

    def __init__(self, audio: Audio) -> None:
        if audio.rate != RATE:
            raise ValueError(f"the ear needs sound at {RATE} Hz, not {audio.rate}")
        self._audio = audio
        self._means: dict[int, str] = {}

    def score(self, start: float, end: float, words: Sequence[str]) -> float | None:
        """Return the log-likelihood of a stretch if exactly `words` are said in it.

        The sum over its frames of the natural log-likelihood relative to the best of all sounds
        in each frame, so at most 0, and comparable between any two readings of one stretch: the
        gain of "uh" at a place is ``score(a, b, ["so", "uh", "we"]) - score(a, b, ["so", "we"])``.
        Silence and noise may stand between the words; no words asks for silence or noise alone.
        None where the words do not fit into the stretch.
        """
        start, end = self._within(start, end)
        if end - start < _SHORTEST:
            return None
        ways = [ways for word in words if (ways := phones(word))]
        decoder = _words_decoder()
        teach(decoder, ways)
        decoder.add_fsg("said", decoder.create_fsg("said", 0, len(ways) + 1, arcs(ways)))
        decoder.activate_search("said")
        self._run(decoder, start, end)
        if not decoder.hyp():
            return None
        return sum((_log(segment) for segment in decoder.seg()), start=0.0)

    def phones(self, start: float, end: float) -> tuple[Phone, ...]:
        """Return the phones heard in a stretch by free phone decoding, in order."""
        start, end = self._within(start, end)
        if end - start < _SHORTEST:
            return ()
        decoder = _phones_decoder()
        self._run(decoder, start, end)
        if not decoder.hyp():
            return ()
        return tuple(
            Phone(
                segment.word,
                start + segment.start_frame * FRAME,
                start + (segment.end_frame + 1) * FRAME,
                _log(segment) / (segment.end_frame - segment.start_frame + 1),
            )
            for segment in decoder.seg()
        )

    def _within(self, start: float, end: float) -> tuple[float, float]:
        return max(start, 0.0), min(end, self._audio.duration)

    def _run(self, decoder: Any, start: float, end: float) -> None:
        """Decode a stretch with the mean of its surroundings."""
        decoder.reinit_feat()  # forgets the noise that it learnt from the sound before
        decoder.set_cmn(self._mean((start + end) / 2))
        decoder.start_utt()
        decoder.process_raw(pcm(self._audio.between(start, end)))
        decoder.end_utt()

    def _mean(self, time: float) -> str:
        """Return the cepstral mean around `time`, as PocketSphinx writes it."""
        block = int(time / _CONTEXT)
        if block not in self._means:
            first = round((block - 0.5) * _CONTEXT * RATE)
            last = first + round(2 * _CONTEXT * RATE)
            self._means[block] = _cepstral_mean(pcm(self._audio.samples[max(0, first) : last]))
        return self._means[block]


def _log(segment: Any) -> float:
    return math.log(max(segment.ascore, 1e-300)) * SCORE_SHIFT


def _cepstral_mean(sound: bytes) -> str:
    decoder = _mean_decoder()
    decoder.reinit_feat()
    decoder.start_utt()
    decoder.process_raw(sound, no_search=True, full_utt=True)
    decoder.end_utt()
    return str(decoder.get_cmn(False))


@functools.cache
def _words_decoder() -> Any:
    from pocketsphinx import Decoder

    return _live(
        Decoder(
            lm=None, dict=None, loglevel="FATAL", bestpath=False, lw=1.0, wip=1.0,
            compallsen=True, beam=_BEAM, pbeam=_BEAM, wbeam=_BEAM,
        )
    )  # fmt: skip


@functools.cache
def _phones_decoder() -> Any:
    from pocketsphinx import Decoder, get_model_path

    return _live(
        Decoder(
            lm=None, dict=None, allphone=get_model_path("en-us/en-us-phone.lm.bin"),
            loglevel="FATAL", lw=_PHONE_WEIGHT, beam=_PHONE_BEAM, pbeam=_PHONE_BEAM,
        )
    )  # fmt: skip


@functools.cache
def _mean_decoder() -> Any:
    """Return a decoder for its front end alone; it normalises over all that it is given."""
    from pocketsphinx import Decoder

    decoder = Decoder(lm=None, dict=None, loglevel="FATAL")
    decoder.add_fsg("nothing", decoder.create_fsg("nothing", 0, 1, [(0, 1, 1.0)]))
    decoder.activate_search("nothing")
    return decoder


def _live(decoder: Any) -> Any:
    """Make a decoder normalise by the mean that it is told instead of the stretch's own."""
    decoder.config["cmn"] = "live"  # the model's own settings override it in the constructor
    return decoder
