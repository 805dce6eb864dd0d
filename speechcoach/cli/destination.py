"""Where a result is to go that the user names a file for, and what it must never replace."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from speechcoach.coach import Settings
    from speechcoach.outputs import Output


def destination(
    path: Path,
    sources: Iterable[Path | None] = (),
    settings: Settings | None = None,
    *,
    force: bool,
) -> Output:
    """Return where a result goes, looked at before any work is done.

    Parameters
    ----------
    path : Path
        What the user names.
    sources : iterable of Path
        What the result is made of, beside what the program keeps; None counts for nothing.
    settings : Settings, optional
        Whose files the result is made with.
    force : bool
        Replace a file that is no earlier output, too.

    Raises
    ------
    OutputError
        If nothing can or may be written there.
    """
    from speechcoach.outputs import Output
    from speechcoach.views.marks import made_here

    made_of = (*filter(None, sources), *(_files_of(settings) if settings else ()), *_kept())
    output = Output(path, made_of, made_here, force)
    output.check()
    return output


def _files_of(settings: Settings) -> Iterable[Path]:
    named = (settings.guide, settings.model)
    return [
        *settings.bank,
        *filter(None, [settings.fillers]),
        *(Path(name).expanduser() for name in named if name is not None),
    ]


def _kept() -> Iterable[Path]:
    """Return what the program keeps: the history, copies of recordings, the user's own lists."""
    from speechcoach.fillers import lexicon
    from speechcoach.history import recordings, store
    from speechcoach.paths import data_dir

    home = data_dir()
    history = (home / f"{store.FILE}{more}" for more in ("", "-journal", "-wal", "-shm"))
    return [*history, home / recordings.FOLDER, home / lexicon.FILE_NAME, home / "questions"]
