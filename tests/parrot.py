"""A recogniser in one file, as somebody would add one: it says what its model's file says."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

from speechcoach.checkup import Check
from speechcoach.data import Audio, EngineInfo, Recognition, Utterance
from speechcoach.engines.display import Display, Fetch
from speechcoach.engines.engine import Engine, Recogniser, register
from speechcoach.errors import ModelError
from speechcoach.paths import data_dir
from speechcoach.registry import unknown

POLLY = "I called the surgeon and we changed the checklist."


@register
class Parrot(Engine):
    """Repeats a text, whatever it hears."""

    name, title, order = "parrot", "the parrot", 1
    offer = "a parrot that is always there"
    models = "polly, or the path of a text file"

    def check(self, model: str | None) -> None:
        """Raise where it is neither a path nor polly."""
        if model not in (None, "polly") and not self.is_file(str(model)):
            raise unknown("parrot model", str(model), ["polly"])

    def settle(self, model: str | None, display: Display) -> str:
        """Return the text's path; polly is fetched, as it were."""
        self.check(model)
        if model not in (None, "polly"):
            return str(Path(str(model)).absolute())
        path = data_dir() / "polly.txt"
        if not path.exists():
            with display(Fetch("the parrot polly", 2_000_000, "teach polly")) as gauge:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(POLLY)
                gauge(2_000_000, 2_000_000)
        return str(path)

    def identity(self, model: str) -> EngineInfo:
        """Return the name and digest of the text."""
        try:
            digest = hashlib.sha256(Path(model).read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"There is no parrot {model}: take polly.") from error
        return EngineInfo(self.name, Path(model).stem, "1", digest)

    def open(self, model: str) -> Recogniser:
        """Read the text."""
        return functools.partial(_repeat, Path(model).read_text(), self.identity(model))

    def checkup(self) -> Iterator[Check]:
        """Look whether polly sits there."""
        here = (data_dir() / "polly.txt").exists()
        yield Check("parrot", here, "polly", "" if here else "Teach polly.", optional=True)


def _repeat(text: str, info: EngineInfo, audio: Audio) -> Recognition:
    return Recognition(info, (Utterance(text, 0.0, audio.duration),))
