"""The embedded recogniser: Moonshine tiny, whose English model comes inside its wheel.

It needs no download and no network. Its own voice activity detection cuts at every short pause,
which costs context and words; it is switched off, and the sound is cut at longer silences instead
(figures in benchmarks/results/recognition.md).
"""

from __future__ import annotations

import functools
from importlib import metadata
from typing import TYPE_CHECKING

from speechcoach import models
from speechcoach.data import Audio, EngineInfo, Recognition, Span, Utterance
from speechcoach.errors import EngineError
from speechcoach.recognition import ENGINES, Engine, segments
from speechcoach.registry import unknown

if TYPE_CHECKING:
    from moonshine_voice.transcriber import Transcriber

MODEL = "tiny-en"
SILENCE = 0.5
LONGEST = 15.0
OPTIONS = {
    "vad_threshold": "0",  # everything is speech: we cut ourselves
    "vad_max_segment_duration": "120",
    "return_audio_data": "false",
}


@ENGINES.add("moonshine")
def moonshine(model: str | None = None, _: models.Watch = models.unwatched) -> Engine:
    """Return the embedded engine; its only model is ``tiny-en``."""
    if model not in (None, MODEL):
        raise unknown("Moonshine model", str(model), [MODEL])
    _transcriber()
    return recognise


def recognise(audio: Audio) -> Recognition:
    """Return what Moonshine hears in `audio`, an utterance a piece."""
    info = EngineInfo("moonshine", MODEL, metadata.version("moonshine-voice"))
    silent = segments.silences(segments.levels(audio.samples, audio.rate))
    pieces = segments.cut(silent, audio.duration, shortest=SILENCE, longest=LONGEST)
    heard = [Utterance(_text(audio, piece), piece.start, piece.end) for piece in pieces]
    return Recognition(info, tuple(u for u in heard if u.text))


def _text(audio: Audio, piece: Span) -> str:
    first, end = round(piece.start * audio.rate), round(piece.end * audio.rate)
    samples = audio.samples[first:end].tolist()  # a ctypes array fills faster from a list
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
