"""How Whisper checkpoints come here: announced, whole, and only once.

This is the only time that speechcoach uses the network; ``SPEECHCOACH_OFFLINE=1`` forbids it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

from speechcoach import paths
from speechcoach.engines import checkpoints
from speechcoach.engines.download import DownloadError, Progress, download
from speechcoach.errors import ModelError

Watch = Callable[[checkpoints.Checkpoint], AbstractContextManager[Progress]]
"""Shows a fetch: entered before its first byte, left after its last."""


def unwatched(_: checkpoints.Checkpoint) -> AbstractContextManager[Progress]:
    """Show nothing."""
    return nullcontext(lambda *_: None)


def told(announce: Callable[[str], None]) -> Watch:
    """Return what shows a fetch by one line, given to `announce` before the first byte."""

    def watch(wanted: checkpoints.Checkpoint) -> AbstractContextManager[Progress]:
        announce(f"Fetching the Whisper checkpoint {wanted.name} ({wanted.megabytes}), once.")
        return unwatched(wanted)

    return watch


def obtain(model: str, watch: Watch = unwatched) -> Path:
    """Return the checkpoint file that `model`, a name or a path, stands for; fetch it if need be.

    Raises
    ------
    UnknownNameError, ModelError
    """
    if not checkpoints.is_path(model):
        return checkpoints.find(model) or fetch(model, watch)
    path = Path(model).expanduser()
    if not path.is_file():
        raise ModelError(
            f"There is no checkpoint file {path}: check the path, "
            f"or give a name such as {checkpoints.DEFAULT}."
        )
    return path


def fetch(name: str, watch: Watch = unwatched) -> Path:
    """Return the file of the checkpoint called `name` after seeing to it that it is here and whole.

    What an interrupted fetch left behind is gone on with. The file gets its final name only when
    its checksum is right, so a reader never sees half of it. A broken one is replaced.

    Raises
    ------
    UnknownNameError, ModelError
    """
    wanted = checkpoints.checkpoint(name)
    here = checkpoints.find(name)
    if here and checkpoints.is_whole(here, wanted.sha256):
        return here
    target = here or _folder() / wanted.file
    if os.environ.get("SPEECHCOACH_OFFLINE", "0") not in ("", "0"):
        raise ModelError(f"{wanted.absent}, and SPEECHCOACH_OFFLINE forbids fetching it: unset it.")
    try:
        with _alone(target):
            _complete(wanted, target, watch)
    except OSError as error:
        raise ModelError(
            f"{wanted.file} cannot be written to {target.parent} ({error.strerror or error}): "
            f"free {wanted.megabytes} there, or mend the folder's permissions."
        ) from error
    return target


def _complete(wanted: checkpoints.Checkpoint, target: Path, watch: Watch) -> None:
    """Bring `target` here under a provisional name, check it, and give it its final one."""
    part = target.with_name(target.name + ".part")
    resumed = part.exists()
    try:
        if not (
            resumed and checkpoints.is_whole(part, wanted.sha256)
        ):  # else only its name was missing
            _check_room(wanted, part)
            with _once_connected(wanted, watch) as progress:
                download(wanted.url, part, progress)
    except DownloadError as reason:
        raise ModelError(
            f"{wanted.absent} and could not be fetched ({reason}): "
            f"`speechcoach models fetch {wanted.name}` tries again and goes on where this stopped."
        ) from reason
    if checkpoints.is_whole(part, wanted.sha256):
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
def _once_connected(wanted: checkpoints.Checkpoint, watch: Watch) -> Iterator[Progress]:
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


def _check_room(wanted: checkpoints.Checkpoint, part: Path) -> None:
    missing = (wanted.size or 0) - (part.stat().st_size if part.exists() else 0)
    free = shutil.disk_usage(part.parent).free
    if missing > free:
        raise ModelError(
            f"{wanted.file} needs {missing / 1e6:.0f} MB and {part.parent} has "
            f"{free / 1e6:.0f} MB left: free some space."
        )
