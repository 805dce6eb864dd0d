"""The embedded recogniser: Moonshine tiny, whose English model comes inside its wheel.

It needs no download and no network. Its own voice activity detection cuts at every short pause,
which costs context and words; it is switched off, and the sound is cut at longer silences instead
(figures in benchmarks/results/recognition.md).
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from speechcoach.checkup import Check, library, version
from speechcoach.data import Audio, EngineInfo, Recognition, Span, Utterance
from speechcoach.engines.display import Display
from speechcoach.engines.engine import Engine, Recogniser, register
from speechcoach.errors import EngineError
from speechcoach.registry import unknown

if TYPE_CHECKING:
    from moonshine_voice.transcriber import Transcriber

MODEL, WHEEL = "tiny-en", "moonshine-voice"

LONGEST = 15.0
"""Seconds that pieces are joined up to."""

OPTIONS = {
    "vad_threshold": "0",  # everything is speech: we cut ourselves
    "vad_max_segment_duration": "120",
    "max_tokens_per_second": "10",  # its 6.5 ends before a speaker of 300 words a minute does
    "return_audio_data": "false",
}

LOOP = 2.4
"""From this compression ratio on, text is a loop, not speech (Radford et al., "Robust speech
recognition via large-scale weak supervision", 2022, section 4.5)."""

LEAST = 2.0
"""Seconds; a piece that is shorter is not cut again to get out of a loop."""


@register
class Moonshine(Engine):
    """The embedded engine, which works wherever speechcoach is installed."""

    name = "moonshine"
    title = "the embedded recogniser (Moonshine tiny)"
    order = 100
    offer = "the embedded Moonshine"
    models = f"{MODEL}, its only one"

    def check(self, model: str | None) -> None:
        """Raise where `model` is another one than the embedded."""
        if model not in (None, MODEL):
            raise unknown("Moonshine model", str(model), [MODEL])

    def settle(self, model: str | None, display: Display) -> str:  # noqa: ARG002 - nothing to fetch
        """Return the only model's name."""
        self.check(model)
        return MODEL

    def identity(self, model: str) -> EngineInfo:
        """Return the model's name and the version of the wheel that it comes in."""
        return EngineInfo(self.name, model, version(WHEEL))

    def open(self, model: str) -> Recogniser:
        """Load the model."""
        self.check(model)
        _transcriber()
        return recognise

    def checkup(self) -> Iterator[Check]:
        """Look for its library."""
        yield library("embedded recogniser", "moonshine_voice", _version)


def _version() -> str:
    return f"{WHEEL} {version(WHEEL)}, its model included"


def recognise(audio: Audio) -> Recognition:
    """Return what Moonshine hears in `audio`, an utterance a piece, where somebody speaks."""
    from speechcoach.sound import cutting

    info = Moonshine().identity(MODEL)
    spoken = (p for p in cutting.pieces(audio, LONGEST) if cutting.has_voice(audio, p))
    return Recognition(info, tuple(u for piece in spoken for u in _utterances(audio, piece)))


def _utterances(audio: Audio, piece: Span) -> Iterator[Utterance]:
    """Yield what is said in `piece`; a piece that sends the model round in circles is halved."""
    from speechcoach.sound import cutting

    text = hear(audio, piece)
    if not is_loop(text):
        if text:
            yield Utterance(text, piece.start, piece.end)
    elif piece.duration > LEAST:
        for half in cutting.halves(audio, piece):
            yield from _utterances(audio, half)


def is_loop(text: str) -> bool:
    """Tell whether `text` says the same over and over, as a recogniser does that lost its way."""
    written = text.encode()
    return len(written) > LOOP * len(zlib.compress(written))


def hear(audio: Audio, piece: Span) -> str:
    """Return the words in `piece` of `audio`, as the model writes them."""
    samples = audio.between(piece.start, piece.end).tolist()  # ctypes takes a list faster
    lines = _transcriber().transcribe_without_streaming(samples, audio.rate).lines
    return " ".join(line.text.strip() for line in lines).strip()


@functools.cache
def _transcriber() -> Transcriber:
    """Load the model, once per process."""
    try:
        from moonshine_voice.moonshine_api import ModelArch
        from moonshine_voice.transcriber import Transcriber
        from moonshine_voice.utils import get_model_path

        return Transcriber(get_model_path(MODEL), ModelArch.TINY, options=OPTIONS)
    except Exception as error:
        raise EngineError(
            f"The embedded recogniser does not load ({error}): "
            "reinstall it with `pip install --force-reinstall moonshine-voice==0.1.0`."
        ) from error
