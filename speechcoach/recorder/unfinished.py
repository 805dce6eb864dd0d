"""Takes that were cut off.

Each running take leaves a mark; a mark that nobody holds any more means an unfinished take. It is
a small file in the data folder that names the take, with a lock that the operating system takes
back when its process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from speechcoach import privacy
from speechcoach.errors import AudioError
from speechcoach.paths import data_dir, from_text, to_text
from speechcoach.recorder.growing_wave import repair


@dataclass(frozen=True)
class Unfinished:
    """A take that was cut off, mended as far as it goes; `seconds` is its length."""

    path: Path
    seconds: float
    question: str | None
    mark: Path

    def forget(self) -> None:
        """Remove the mark, so that the take is not offered again; the take itself stays."""
        _remove(self.mark)


class Mark:
    """Says "this take is running" until `remove` or the end of the process.

    A take goes on without one where the data folder cannot be written: the mark is for comfort,
    the file is safe by itself.
    """

    def __init__(self, path: Path, question: str | None = None) -> None:
        self._file = _folder() / f"{uuid.uuid4().hex}.json"
        self._lock = _lock(self._file)
        with contextlib.suppress(OSError):
            privacy.make_folder(data_dir())
            privacy.make_folder(self._file.parent)
            self._lock.acquire(blocking=False)
            told = {"path": to_text(path), "question": question}
            self._file.write_text(json.dumps(told), "utf-8")

    def remove(self) -> None:
        """End the mark: the take is finished."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)
        self._lock.release()
        with contextlib.suppress(OSError):
            os.unlink(self._lock.lock_file)


def unfinished() -> tuple[Unfinished, ...]:
    """Return the takes that were cut off, playable to their last sample; drop dead marks."""
    return tuple(_found())


def _found() -> Iterator[Unfinished]:
    for mark in sorted(_folder().glob("*.json")):
        try:
            with _lock(mark).acquire(blocking=False):
                told = json.loads(mark.read_text("utf-8"))
                path = from_text(told["path"])
                seconds = repair(path) if path.is_file() else 0.0
        except Timeout:
            continue  # that take is running
        except (OSError, AudioError, ValueError, KeyError, TypeError):
            seconds = 0.0
        if seconds > 0:
            yield Unfinished(path, seconds, told["question"], mark)
        else:
            _remove(mark)


def _folder() -> Path:
    return data_dir() / "recording"


def _lock(mark: Path) -> FileLock:
    return FileLock(mark.with_suffix(".lock"), timeout=0, thread_local=False)


def _remove(mark: Path) -> None:
    with contextlib.suppress(OSError):
        mark.unlink(missing_ok=True)
        mark.with_suffix(".lock").unlink(missing_ok=True)
