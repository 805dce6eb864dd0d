"""Which files of a folder are answers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from speechcoach.errors import AudioError
from speechcoach.paths import data_dir, shown
from speechcoach.transcripts import SUFFIXES

SOUND = frozenset(
    ".3gp .aac .aif .aiff .amr .au .avi .caf .flac .flv .m4a .m4b .m4v .mka .mkv .mov .mp2 .mp3 "
    ".mp4 .mpeg .mpg .mts .oga .ogg .ogv .opus .w64 .wav .weba .webm .wma .wmv .wv".split()
)
_NO_ANSWERS = frozenset({"README", "CHANGELOG", "CONTRIBUTING", "LICENSE", "LICENCE"})
SETTLED = 2.0  # seconds without a change after which a file counts as finished, when watching

Stamp = tuple[int, float]


def answers(folder: Path, note: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Return every recording, video and transcript below `folder`, by folder, then by name.

    Hidden files and folders are left out, and so is the program's own data folder. Links to
    folders are not followed.

    Parameters
    ----------
    note : callable
        Told of folders that cannot be read.

    Raises
    ------
    AudioError
        If there is no such folder, or no answer in it.
    """
    found = _present(folder, note)
    if not found:
        raise AudioError(f"There is no recording, video or transcript below {shown(folder)}.")
    return found


def _present(folder: Path, note: Callable[[str], None] = lambda _: None) -> list[Path]:
    if not folder.is_dir():
        what = "is a file: use 'analyze' for it" if folder.exists() else "does not exist"
        raise AudioError(f"The folder {shown(folder)} {what}; batch takes a folder of recordings.")

    def unreadable(error: OSError) -> None:
        note(f"The folder {error.filename} cannot be read ({error.strerror}): left out.")

    return list(_walk(folder, unreadable))


def _walk(folder: Path, unreadable: Callable[[OSError], None]) -> Iterator[Path]:
    own = data_dir().resolve()
    for root, folders, names in os.walk(folder, onerror=unreadable):
        here = Path(root)
        folders[:] = sorted(
            name for name in folders if name[0] != "." and (here / name).resolve() != own
        )
        for name in sorted(names):
            if name[0] != "." and _is_answer(name):
                yield here / name


def _is_answer(name: str) -> bool:
    """Tell whether a file is an answer by its name; a README is none, nor what Word locks with."""
    path = Path(name)
    about = path.suffix.lower() == ".md" and path.stem.upper() in _NO_ANSWERS
    return not about and not name.startswith("~$") and path.suffix.lower() in SOUND | SUFFIXES


def arrivals(
    folder: Path, *, interval: float = SETTLED, sleep: Callable[[float], None] = time.sleep
) -> Iterator[list[Path]]:
    """Yield the answers below `folder` as they come, for ever: new and changed ones.

    A file is taken when it stayed the same from one look to the next, so that none is read while
    it is still being recorded or copied.
    """
    seen: dict[Path, Stamp] = {}
    taken: dict[Path, Stamp] = {}
    while True:
        now = {path: stamp for path in _present(folder) if (stamp := stamp_of(path))}
        ready = [p for p, stamp in now.items() if seen.get(p) == stamp != taken.get(p)]
        taken.update((path, now[path]) for path in ready)
        seen = now
        if ready:
            yield ready
        sleep(interval)


def stamp_of(path: Path) -> Stamp | None:
    """Return what changes when a file is written: its size and time; None if it is not there."""
    try:
        found = path.stat()
    except OSError:  # gone between the listing and the look
        return None
    return found.st_size, found.st_mtime
