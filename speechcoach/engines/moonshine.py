"""The embedded recogniser: Moonshine tiny, whose English model comes inside its wheel.

It needs no download and no network. Its own voice activity detection cuts at every short pause,
which costs context and words; it is switched off, and the sound is cut at longer silences instead
(figures in benchmarks/results/recognition.md).
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterator
from importlib import metadata
from typing import TYPE_CHECKING

from speechcoach.data import Audio, EngineInfo, Recognition, Span, Utterance
from speechcoach.engines import ENGINES, Engine, cutting
from speechcoach.engines.fetching import Watch, unwatched
from speechcoach.errors import EngineError
from speechcoach.registry import unknown

if TYPE_CHECKING:
    from moonshine_voice.transcriber import Transcriber

MODEL = "tiny-en"

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


@ENGINES.add("moonshine")
def moonshine(model: str | None = None, _: Watch = unwatched) -> Engine:
    """Return the embedded engine; its only model is ``tiny-en``."""
    if model not in (None, MODEL):
        raise unknown("Moonshine model", str(model), [MODEL])
    _transcriber()
    return recognise


def recognise(audio: Audio) -> Recognition:
    """Return what Moonshine hears in `audio`, an utterance a piece, where somebody speaks."""
    info = EngineInfo("moonshine", MODEL, metadata.version("moonshine-voice"))
    spoken = (p for p in cutting.pieces(audio, LONGEST) if cutting.has_voice(audio, p))
    return Recognition(info, tuple(u for piece in spoken for u in _utterances(audio, piece)))


def _utterances(audio: Audio, piece: Span) -> Iterator[Utterance]:
    """Yield what is said in `piece`; a piece that sends the model round in circles is halved."""
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
