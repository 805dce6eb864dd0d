"""Whisper checkpoints: which there are, where they lie, whether they are whole.

A checkpoint's name is whisper's own (``base.en``), its file is ``<name>.pt`` in one of
`speechcoach.paths.model_dirs`. Names, addresses and checksums are read from whisper's table, so
a newer whisper brings its newer checkpoints along. The module `fetching` brings them here.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from speechcoach import paths
from speechcoach.engines.display import Fetch
from speechcoach.errors import EngineError, ModelError
from speechcoach.paths import shown
from speechcoach.registry import unknown

SUFFIX = ".pt"

DEFAULT = "base.en"
"""The smallest checkpoint whose text is good enough to judge an answer by; 145 MB."""

SIZES = {
    "tiny.en": 75_571_315,
    "tiny": 75_572_083,
    "base.en": 145_261_783,
    "base": 145_262_807,
    "small.en": 483_615_683,
    "small": 483_617_219,
    "medium.en": 1_528_006_491,
    "medium": 1_528_008_539,
    "large-v1": 3_086_999_982,
    "large-v2": 3_086_999_982,
    "large-v3": 3_087_371_615,
    "large-v3-turbo": 1_617_941_637,
}
"""Bytes of each checkpoint, which whisper's table leaves out; for display and free space only."""


@dataclass(frozen=True)
class Checkpoint:
    """A published set of Whisper weights; `size` is in bytes, None where it is not known."""

    name: str
    url: str
    sha256: str
    size: int | None

    @property
    def file(self) -> str:
        """Its file's name."""
        return f"{self.name}{SUFFIX}"

    @property
    def fetch(self) -> Fetch:
        """Its fetch, for who shows it."""
        what = f"the Whisper checkpoint {self.name}"
        return Fetch(what, self.size, f"speechcoach models fetch {self.name}")

    @property
    def megabytes(self) -> str:
        """Its size in words."""
        return self.fetch.megabytes

    @property
    def absent(self) -> str:
        """The beginning of a sentence that says that it is wanted and not here."""
        return f"The Whisper checkpoint {self.name} ({self.megabytes}) is not on this machine"


@functools.cache
def known() -> Mapping[str, Checkpoint]:
    """Return every published checkpoint by name, smallest family first.

    Whisper's table is read from its source: importing whisper would load torch, which takes over
    a second.
    """
    found = {}
    for url in _whisper_table().values():
        *_, sha256, file = urlsplit(url).path.split("/")
        name = file.removesuffix(SUFFIX)
        found[name] = Checkpoint(name, url, sha256, SIZES.get(name))
    return MappingProxyType(found)


@functools.cache
def _whisper_table() -> dict[str, str]:
    """Return whisper's own table: names, aliases among them, to addresses."""
    spec = importlib.util.find_spec("whisper")
    if spec is None or spec.origin is None:
        raise EngineError("openai-whisper is not installed: `pip install openai-whisper` adds it.")
    for node in ast.parse(Path(spec.origin).read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_MODELS":
            return dict(ast.literal_eval(node.value))
    raise EngineError(
        f"{spec.origin} holds no table of checkpoints: `pip install openai-whisper==20250625`."
    )


def checkpoint(name: str) -> Checkpoint:
    """Return the checkpoint called `name`; whisper's aliases (``turbo``, ``large``) are names too.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    table = _whisper_table()
    if name not in table:
        raise unknown("Whisper model", name, table)
    return known()[Path(urlsplit(table[name]).path).name.removesuffix(SUFFIX)]


def find(name: str) -> Path | None:
    """Return the file of the checkpoint called `name`, None where it is not on this machine."""
    file = checkpoint(name).file
    return next((path for d in paths.model_dirs() if (path := d / file).is_file()), None)


def present() -> dict[str, Path]:
    """Return the files of the published checkpoints that are on this machine, by name."""
    return {name: path for name in known() if (path := find(name))}


def locate(name: str) -> Path:
    """Return the file of the checkpoint called `name`.

    Raises
    ------
    UnknownNameError, ModelError
        If there is no such checkpoint, or it is not on this machine.
    """
    if path := find(name):
        return path
    wanted = checkpoint(name)
    raise ModelError(f"{wanted.absent}: `speechcoach models fetch {wanted.name}` fetches it.")


def verify(names: Iterable[str] = ()) -> dict[str, Path]:
    """Return the files of the checkpoints called `names`, else of all here, if they are whole.

    Raises
    ------
    UnknownNameError, ModelError
        Naming every broken file at once.
    """
    files = {name: locate(name) for name in names} or present()
    broken = [n for n, path in files.items() if not is_whole(path, checkpoint(n).sha256)]
    if broken:
        raise ModelError(
            " ".join(
                f"{files[n]} is not the published {n} (its checksum is wrong): "
                f"`speechcoach models fetch {n}` replaces it."
                for n in broken
            )
        )
    return files


def is_path(model: str) -> bool:
    """Tell whether `model` means a file rather than a published name."""
    return model.endswith(SUFFIX) or Path(model).name != model


def name_of(path: Path) -> str:
    """Return what a checkpoint file is called: its name, whole but for a last ``.pt``."""
    return shown(Path(path.name.removesuffix(SUFFIX) or path.name))


def digest(path: Path) -> str:
    """Return the sha256 of a checkpoint file; read once per process, unless the file changes.

    Raises
    ------
    ModelError
        If it is gone or cannot be read.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return _digest(path, (state.st_ino, state.st_size, state.st_mtime_ns))


@functools.lru_cache
def _digest(path: Path, _state: tuple[int, int, int]) -> str:
    return _sha256(path)


def is_whole(path: Path, sha256: str) -> bool:
    """Tell whether the bytes of `path` have that checksum; they are read again every time."""
    return _sha256(path) == sha256


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> ModelError:
    return ModelError(
        f"{shown(path)} cannot be read ({error.strerror}): mend its permissions, or delete it."
    )
