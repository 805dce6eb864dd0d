"""How Whisper checkpoints come here: announced, whole, and only once.

This is the only time that speechcoach uses the network; ``SPEECHCOACH_OFFLINE=1`` forbids it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from speechcoach import paths
from speechcoach.engines import checkpoints
from speechcoach.engines.checkpoints.download import DownloadError, download
from speechcoach.engines.display import Display, nothing
from speechcoach.errors import ModelError
from speechcoach.paths import shown


def obtain(model: str, display: Display = nothing) -> Path:
    """Return the checkpoint file that `model`, a name or a path, stands for; fetch it if need be.

    Raises
    ------
    UnknownNameError, ModelError
    """
    if not checkpoints.is_path(model):
        return checkpoints.find(model) or fetch(model, display)
    path = Path(model).expanduser().absolute()  # the same for a process in another folder
    if not path.is_file():
        raise ModelError(
            f"There is no checkpoint file {shown(path)}: check the path, "
            f"or give a name such as {checkpoints.DEFAULT}."
        )
    return path


def fetch(name: str, display: Display = nothing) -> Path:
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
    if os.environ.get("SPEECHCOACH_OFFLINE", "0") not in ("", "0"):
        lack = f"The Whisper checkpoint {shown(here)} is broken" if here else wanted.absent
        raise ModelError(f"{lack}, and SPEECHCOACH_OFFLINE forbids fetching it: unset it.")
    target = here or _folder() / wanted.file
    try:
        with _alone(target):
            _complete(wanted, target, display)
    except OSError as error:
        raise ModelError(
            f"{wanted.file} cannot be written to {shown(target.parent)} "
            f"({error.strerror or error}): free {wanted.megabytes} there, or mend the folder's "
            "permissions."
        ) from error
    return target


def _complete(wanted: checkpoints.Checkpoint, target: Path, display: Display) -> None:
    """Bring `target` here under a provisional name, check it, and give it its final one."""
    part = target.with_name(target.name + ".part")
    resumed = part.exists()
    try:
        complete = resumed and checkpoints.is_whole(part, wanted.sha256)
        if not complete:  # else only its name was missing
            _check_room(wanted, part)
            with display(wanted.fetch) as gauge:
                download(wanted.url, part, gauge)
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
    _complete(wanted, target, display)  # the old piece may have been another file's: begin afresh


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Let no other process fetch `target` meanwhile; the file that says so does not stay.

    One that opens that file just before it goes could go on beside a third process: their piece
    would not have the right checksum, and the fetch would begin afresh.
    """
    from filelock import FileLock, Timeout

    path = target.with_name(f".{target.name}.lock")
    try:
        with FileLock(path, timeout=0):
            try:
                yield
            finally:
                with suppress(OSError):  # Windows keeps what is open
                    path.unlink()
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
            f"{wanted.file} needs {missing / 1e6:.0f} MB and {shown(part.parent)} has "
            f"{free / 1e6:.0f} MB left: free some space."
        )
