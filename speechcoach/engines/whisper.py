"""OpenAI's Whisper, run in this process from a checkpoint file."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speechcoach import paths
from speechcoach.checkup import Check, library, version
from speechcoach.data import Audio, EngineInfo, Recognition, Span, Utterance
from speechcoach.engines import checkpoints
from speechcoach.engines.display import Display
from speechcoach.engines.engine import Engine, Recogniser, register
from speechcoach.errors import EngineError, ModelError
from speechcoach.paths import shown

if TYPE_CHECKING:
    from whisper.model import Whisper as Model

LONGEST = 600.0
"""Seconds that whisper is given at once: it holds the spectrogram of all of them."""

OPTIONS = {
    "language": "en",
    "condition_on_previous_text": False,  # else one slip is repeated from window to window
    "word_timestamps": False,
    "verbose": None,  # print nothing, not even a progress bar
}


@register
class Whisper(Engine):
    """A checkpoint of OpenAI's, or anybody's in its format, run by the openai-whisper package."""

    name = "whisper"
    title = "Whisper"
    order = 20
    offer = "Whisper if its checkpoint is there or can be fetched"
    models = "a checkpoint's name such as base.en (see 'models'), or a .pt file"

    def is_file(self, model: str) -> bool:
        """Tell whether `model` means a file rather than a published name."""
        return checkpoints.is_path(model)

    def check(self, model: str | None) -> None:
        """Raise where `model` is neither a path nor a published name."""
        if model is not None and not checkpoints.is_path(model):
            checkpoints.checkpoint(model)

    def settle(self, model: str | None, display: Display) -> str:
        """Return the path of the checkpoint's file, fetched if need be.

        One that goes by a published name and is not what was published is tried at once: if it is
        broken, that is better known before it is given to many workers.
        """
        from speechcoach.engines.checkpoints import fetching

        name = model or checkpoints.DEFAULT
        path = fetching.obtain(name, display)
        if not checkpoints.is_path(name):
            digest = checkpoints.digest(path)
            if digest != checkpoints.checkpoint(name).sha256:
                _load(path, digest)
        return str(path)

    def identity(self, model: str) -> EngineInfo:
        """Return the file's name and digest: two files of one name are two checkpoints."""
        path = Path(model)
        model, digest = checkpoints.name_of(path), checkpoints.digest(path)
        return EngineInfo(self.name, model, version("openai-whisper"), digest)

    def open(self, model: str) -> Recogniser:
        """Load the checkpoint at `model`."""
        info = self.identity(model)
        return functools.partial(recognise, _load(Path(model), info.digest), info)

    def checkup(self) -> Iterator[Check]:
        """Look for the package and for checkpoints; without those there is another recogniser."""
        yield library(self.title, "whisper", _versions)
        yield _checkpoints()


def recognise(loaded: Model, info: EngineInfo, audio: Audio) -> Recognition:
    """Return what a `loaded` checkpoint hears in `audio`, an utterance a segment."""
    from speechcoach.sound import cutting

    pieces = cutting.pieces(audio, LONGEST, long=math.inf)
    return Recognition(info, tuple(u for p in pieces for u in _utterances(loaded, audio, p)))


def _utterances(loaded: Model, audio: Audio, piece: Span) -> Iterator[Utterance]:
    """Yield what is said in `piece`, without what whisper writes where nobody speaks."""
    import torch

    from speechcoach.sound import cutting

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


@functools.lru_cache(maxsize=1)
def _load(path: Path, _digest: str) -> Model:
    """Load the checkpoint at `path`, once per process unless its content becomes another one."""
    import whisper

    try:
        return whisper.load_model(str(path))
    except Exception as error:
        raise ModelError(
            f"{shown(path)} is not a Whisper checkpoint that loads ({_reason(error)}): "
            f"{_mend(path)}."
        ) from error


def _reason(error: Exception) -> str:
    """Return the first sentence of what torch, whisper or pickle says, and which error it is.

    Of bytes that are no checkpoint at all pickle says no more than the number of the first.
    """
    first = str(error).partition("\n")[0].partition(". ")[0].rstrip(".")
    return f"{type(error).__name__}: {first}".removesuffix(": ")


def _mend(path: Path) -> str:
    if path.parent in paths.model_dirs():
        return f"`speechcoach models fetch {checkpoints.name_of(path)}` replaces it"
    return "give another file, or a name such as base.en, as --model"


def _versions() -> str:
    return ", ".join(f"{name} {version(name)}" for name in ("openai-whisper", "torch"))


def _checkpoints() -> Check:
    name = "Whisper checkpoints"
    try:
        present = checkpoints.present()
    except EngineError as error:
        return Check(name, False, "cannot be listed", str(error))
    if present:
        return Check(name, True, ", ".join(present))
    best = checkpoints.checkpoint(checkpoints.DEFAULT)
    step = f"For better text: `{best.fetch.command}` ({best.megabytes}, once)."
    return Check(name, False, "none", step, optional=True)
