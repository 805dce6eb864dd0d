"""Names for takes and their folders: never one that is taken."""

from __future__ import annotations

import itertools
from pathlib import Path

from speechcoach import privacy
from speechcoach.errors import OutputError
from speechcoach.paths import shown


def free(wanted: Path, name: str = "take.wav") -> Path:
    """Return `wanted`, or the first of ``name-2.wav``, ``name-3.wav``, ... that is not there.

    Parameters
    ----------
    wanted : Path
        A WAV file, with or without its suffix, or a folder.
    name : str
        The take's name if a folder is wanted.

    Raises
    ------
    OutputError
        If the name is that of another kind of file: takes are WAV files.
    """
    wanted = wanted / name if wanted.is_dir() else wanted
    path = wanted if wanted.suffix else wanted.with_suffix(".wav")
    if path.suffix.lower() != ".wav":
        raise OutputError(
            f"A take is a WAV file: name {shown(path.with_suffix('.wav'))} instead of "
            f"{shown(path)}."
        )
    return _untaken(path)


def new_folder(wanted: Path) -> Path:
    """Make the folder `wanted`, or ``name-2``, ``name-3``, ... if it is there; return it.

    It is the user's alone.

    Raises
    ------
    OutputError
        If it cannot be made.
    """
    folder = _untaken(wanted)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(privacy.FOLDER)
    except OSError as error:
        raise OutputError(
            f"The folder {shown(folder)} cannot be made ({error.strerror}): "
            "name another place with --folder."
        ) from error
    return folder


def _untaken(path: Path) -> Path:
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
    return next(one for one in itertools.chain([path], numbered) if not one.exists())
