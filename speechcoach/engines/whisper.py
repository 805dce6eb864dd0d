"""OpenAI's Whisper, run in this process from a checkpoint file."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speechcoach import paths
from speechcoach.data import Audio, EngineInfo, Recognition, Span, Utterance
from speechcoach.engines import ENGINES, Engine, checkpoints, cutting, fetching
from speechcoach.errors import ModelError

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
def whisper(model: str | None, watch: fetching.Watch) -> Engine:
    """Return Whisper with the checkpoint `model`, a name (``base.en``) or a ``.pt`` file."""
    path = fetching.obtain(model or checkpoints.DEFAULT, watch)
    _load(path)
    return functools.partial(recognise, path)


def recognise(path: Path, audio: Audio) -> Recognition:
    """Return what the checkpoint at `path` hears in `audio`, an utterance a segment."""
    info = EngineInfo("whisper", path.stem, metadata.version("openai-whisper"))
    loaded = _load(path)
    pieces = cutting.pieces(audio, LONGEST, long=math.inf)
    return Recognition(info, tuple(u for p in pieces for u in _utterances(loaded, audio, p)))


def _utterances(loaded: Whisper, audio: Audio, piece: Span) -> Iterator[Utterance]:
    """Yield what is said in `piece`, without what whisper writes where nobody speaks."""
    import torch

    samples = audio.between(piece.start, piece.end)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)  # the same recording gives the same text, also where whisper samples
        said: dict[str, Any] = loaded.transcribe(
            samples, fp16=loaded.device.type != "cpu", **OPTIONS
        )
    for segment in said["segments"]:
        start, end = (min(piece.start + segment[k], piece.end) for k in ("start", "end"))
        text = segment["text"].strip()
        if text and start < end and cutting.has_voice(audio, Span(start, end)):
            yield Utterance(text, start, end)


@functools.cache
def _load(path: Path) -> Whisper:
    """Load the checkpoint at `path`, once per process."""
    import whisper

    try:
        return whisper.load_model(str(path))
    except Exception as error:
        raise ModelError(
            f"{path} is not a Whisper checkpoint that loads ({_reason(error)}): {_mend(path)}."
        ) from error


def _reason(error: Exception) -> str:
    """Return the first line of what torch, whisper or pickle has to say, and which error it is.

    Of bytes that are no checkpoint at all pickle says no more than the number of the first.
    """
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}".removesuffix(": ")


def _mend(path: Path) -> str:
    if path.parent in paths.model_dirs():
        return f"`speechcoach models fetch {path.stem}` replaces it"
    return "give another file, or a name such as base.en, as --model"
