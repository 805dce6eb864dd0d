"""OpenAI's Whisper, run in this process from a checkpoint file."""

from __future__ import annotations

import functools
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speechcoach import models
from speechcoach.data import Audio, EngineInfo, Recognition, Span, Utterance
from speechcoach.errors import ModelError
from speechcoach.recognition import ENGINES, Engine, segments

if TYPE_CHECKING:
    from whisper.model import Whisper

LONGEST = 600.0
"""Seconds that whisper is given at once: it holds the spectrogram of all of them."""

OPTIONS = {
    "language": "en",
    "condition_on_previous_text": False,  # else one slip is repeated from window to window
    "word_timestamps": False,
    "verbose": None,  # print nothing, not even a progress bar
}


@ENGINES.add("whisper")
def whisper(model: str | None, watch: models.Watch) -> Engine:
    """Return Whisper with the checkpoint `model`, a name (``base.en``) or a ``.pt`` file."""
    path = models.obtain(model or models.DEFAULT, watch)
    _load(path)
    return functools.partial(recognise, path)


def recognise(path: Path, audio: Audio) -> Recognition:
    """Return what the checkpoint at `path` hears in `audio`, an utterance a segment."""
    info = EngineInfo("whisper", path.stem, metadata.version("openai-whisper"))
    silent = segments.silences(segments.levels(audio.samples, audio.rate))
    pieces = segments.cut(silent, audio.duration, shortest=0.5, longest=LONGEST)
    heard = [u for piece in pieces for u in _utterances(_load(path), audio, piece)]
    return Recognition(info, tuple(heard))


def _utterances(loaded: Whisper, audio: Audio, piece: Span) -> list[Utterance]:
    samples = audio.samples[round(piece.start * audio.rate) : round(piece.end * audio.rate)]
    fp16 = loaded.device.type != "cpu"
    said: dict[str, Any] = loaded.transcribe(samples, fp16=fp16, **OPTIONS)
    return [
        Utterance(text, piece.start + s["start"], min(piece.start + s["end"], piece.end))
        for s in said["segments"]
        if (text := s["text"].strip())
    ]


@functools.cache
def _load(path: Path) -> Whisper:
    """Load the checkpoint at `path`, once per process."""
    import whisper

    try:
        return whisper.load_model(str(path))
    except Exception as error:
        raise ModelError(
            f"{path} is not a Whisper checkpoint that loads ({_first_line(error)}): "
            f"fetch it again with `speechcoach models fetch {path.stem}`, or give another --model."
        ) from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
