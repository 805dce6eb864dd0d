"""Whisper checkpoints: which there are, where they lie, how they come here, whether they are whole.

A checkpoint's name is whisper's own (``base.en``), its file is ``<name>.pt`` in one of
`speechcoach.paths.model_dirs`. Names, addresses and checksums are read from whisper's table, so
a newer whisper brings its newer checkpoints along. Fetching one is the only time that speechcoach
uses the network; ``SPEECHCOACH_OFFLINE=1`` forbids it.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from speechcoach import paths
from speechcoach.download import Cut, Progress, download
from speechcoach.errors import EngineError, ModelError
from speechcoach.registry import unknown

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
        return f"{self.name}.pt"


Watch = Callable[[Checkpoint], AbstractContextManager[Progress]]
"""Shows a fetch: entered before its first byte, left after its last."""


def unwatched(_: Checkpoint) -> AbstractContextManager[Progress]:
    """Show nothing."""
    return nullcontext(lambda *_: None)


def told(announce: Callable[[str], None]) -> Watch:
    """Return what shows a fetch by one line, given to `announce` before the first byte."""

    def watch(wanted: Checkpoint) -> AbstractContextManager[Progress]:
        announce(f"Fetching the Whisper checkpoint {wanted.name} ({_megabytes(wanted)}), once.")
        return unwatched(wanted)

    return watch


@functools.cache
def known() -> Mapping[str, Checkpoint]:
    """Return every published checkpoint by name, smallest family first.

    Whisper's table is read from its source: importing whisper would load torch, which takes over
    a second.
    """
    found = {}
    for url in _whisper_table().values():
        *_, sha256, file = urlsplit(url).path.split("/")
        name = file.removesuffix(".pt")
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
    return known()[Path(urlsplit(table[name]).path).name.removesuffix(".pt")]


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
    raise ModelError(f"{_absent(wanted)}: `speechcoach models fetch {wanted.name}` fetches it.")


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
    return model.endswith(".pt") or Path(model).name != model


def obtain(model: str, watch: Watch = unwatched) -> Path:
    """Return the checkpoint file that `model`, a name or a path, stands for; fetch it if need be.

    Raises
    ------
    UnknownNameError, ModelError
    """
    if not is_path(model):
        return find(model) or fetch(model, watch)
    path = Path(model).expanduser()
    if not path.is_file():
        raise ModelError(
            f"There is no checkpoint file {path}: check the path, or give a name such as {DEFAULT}."
        )
    return path


def is_whole(path: Path, sha256: str) -> bool:
    """Tell whether the bytes of `path` have that checksum."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read ({error.strerror}): mend its permissions, or delete it."
        ) from error


def fetch(name: str, watch: Watch = unwatched) -> Path:
    """Return the file of the checkpoint called `name` after seeing to it that it is here and whole.

    What an interrupted fetch left behind is gone on with. The file gets its final name only when
    its checksum is right, so a reader never sees half of it. A broken one is replaced.

    Raises
    ------
    UnknownNameError, ModelError
    """
    wanted = checkpoint(name)
    here = find(name)
    if here and is_whole(here, wanted.sha256):
        return here
    target = here or _folder() / wanted.file
    if os.environ.get("SPEECHCOACH_OFFLINE", "0") not in ("", "0"):
        raise ModelError(
            f"{_absent(wanted)}, and SPEECHCOACH_OFFLINE forbids fetching it: unset it."
        )
    try:
        with _alone(target):
            _complete(wanted, target, watch)
    except OSError as error:
        raise ModelError(
            f"{wanted.file} cannot be written to {target.parent} ({error.strerror or error}): "
            f"free {_megabytes(wanted)} there, or mend the folder's permissions."
        ) from error
    return target


def _complete(wanted: Checkpoint, target: Path, watch: Watch) -> None:
    """Bring `target` here under a provisional name, check it, and give it its final one."""
    part = target.with_name(target.name + ".part")
    resumed = part.exists()
    try:
        if not (resumed and is_whole(part, wanted.sha256)):  # else only its name was missing
            _check_room(wanted, part)
            with _once_connected(wanted, watch) as progress:
                download(wanted.url, part, progress)
    except Cut as reason:
        raise ModelError(
            f"{_absent(wanted)} and could not be fetched ({reason}): "
            f"`speechcoach models fetch {wanted.name}` tries again and goes on where this stopped."
        ) from reason
    if is_whole(part, wanted.sha256):
        os.replace(part, target)
        return
    part.unlink()
    if not resumed:
        raise ModelError(
            f"What came from {urlsplit(wanted.url).hostname} is not {wanted.file} (its checksum is "
            "wrong) and was deleted: see whether something filters your connection, and try again."
        )
    _complete(wanted, target, watch)  # the old piece may have been another file's: begin afresh


@contextmanager
def _once_connected(wanted: Checkpoint, watch: Watch) -> Iterator[Progress]:
    """Enter `watch` when the server has answered: without a network there is nothing to show."""
    show: Progress | None = None
    with ExitStack() as shown:

        def progress(have: int, total: int | None) -> None:
            nonlocal show
            show = show or shown.enter_context(watch(wanted))
            show(have, total)

        yield progress


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Let no other process fetch `target` meanwhile."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(target.with_name(f".{target.name}.lock"), timeout=0):
            yield
    except Timeout as error:
        raise ModelError(
            f"Another speechcoach is fetching {target.name} at the moment: wait until it is done."
        ) from error


def _folder() -> Path:
    """Return the first folder for checkpoints that can be written to, made if need be."""
    for folder in paths.model_dirs():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise ModelError(
        f"Checkpoints cannot be kept in {' or '.join(map(str, paths.model_dirs()))}: "
        "mend the folder's permissions."
    )


def _check_room(wanted: Checkpoint, part: Path) -> None:
    missing = (wanted.size or 0) - (part.stat().st_size if part.exists() else 0)
    free = shutil.disk_usage(part.parent).free
    if missing > free:
        raise ModelError(
            f"{wanted.file} needs {missing / 1e6:.0f} MB and {part.parent} has "
            f"{free / 1e6:.0f} MB left: free some space."
        )


def _absent(wanted: Checkpoint) -> str:
    return f"The Whisper checkpoint {wanted.name} ({_megabytes(wanted)}) is not on this machine"


def _megabytes(wanted: Checkpoint) -> str:
    return f"{wanted.size / 1e6:.0f} MB" if wanted.size else "size unknown"
