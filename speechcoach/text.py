"""Plain-text transcripts: the only door for written answers.

UTF-8 (a byte order mark is fine); words are what white space separates; a line break ends a
sentence.
"""

import hashlib
import itertools
import os
from dataclasses import dataclass
from pathlib import Path

from speechcoach.data import Recording
from speechcoach.errors import AudioError
from speechcoach.files import open_answer
from speechcoach.paths import file_name, shown, to_text

LARGEST = 4_000_000  # bytes; an hour of fast speech is about 80,000


@dataclass(frozen=True)
class Written:
    """A written answer: its words, and the positions at which a new line starts."""

    recording: Recording
    words: tuple[str, ...]
    breaks: frozenset[int]


def read(path: Path) -> Written:
    """Read a transcript.

    Raises
    ------
    AudioError
        If it is missing, not a regular file, unreadable, empty, too large, not UTF-8 or not text.
    """
    data = _bytes(path)
    lines = [line.split() for line in _decode(path, data).splitlines()]
    ends = frozenset(itertools.accumulate(len(line) for line in lines))
    words = tuple(word for line in lines for word in line)
    digest = hashlib.sha256(data).hexdigest()
    recording = Recording(to_text(path), file_name(path), digest, None, None, None, "text")
    return Written(recording, words, ends - {0, len(words)})


def _bytes(path: Path) -> bytes:
    with open_answer(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > LARGEST:
            raise AudioError(
                f"{shown(path)} is too large for a transcript ({size:,} bytes; at most "
                f"{LARGEST:,}): hand in one answer a file."
            )
        if not size:
            raise AudioError(f"{shown(path)} is empty (0 bytes): write the answer into it.")
        return file.read()


def _decode(path: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AudioError(
            f"{shown(path)} is not UTF-8 text (byte {error.start} is {data[error.start]:#04x}): "
            "save it as UTF-8."
        ) from error
    if "\0" in text:
        raise AudioError(f"{shown(path)} is not text (it contains NUL bytes): check the file.")
    return text
