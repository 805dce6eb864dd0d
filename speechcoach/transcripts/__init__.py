"""Transcripts: the only door for written answers, whatever program wrote them.

Plain text is taken as it is: its words are what white space separates, and a line break ends a
sentence. Of stamps, labels and a transcriber's remarks only what can be nothing else is taken out
(`script`, `labels`, `remarks`); stamps give times, labels tell whose words are the answer.
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from speechcoach.data import Recording
from speechcoach.errors import AudioError
from speechcoach.files import open_answer
from speechcoach.paths import file_name, shown, to_text
from speechcoach.transcripts import docx, markdown
from speechcoach.transcripts.answer import Said, said
from speechcoach.transcripts.encoding import decode

SUFFIXES = frozenset({".txt", ".srt", ".vtt", ".md", ".docx"})
STDIN = Path("-")
LARGEST = 4_000_000  # bytes; an hour of fast speech is about 80,000
MOST = 100_000  # words; ten hours of fast speech
LARGEST_DOCX = 32_000_000  # bytes; pictures are in it


@dataclass(frozen=True)
class Written:
    """A written answer and where it came from."""

    recording: Recording
    said: Said


def is_transcript(path: Path) -> bool:
    """Tell whether a file is a transcript, by its name; ``-`` is what comes on standard input."""
    return path == STDIN or path.suffix.lower() in SUFFIXES


def read(path: Path) -> Written:
    """Read a transcript.

    Raises
    ------
    AudioError
        If it is missing, not a regular file, unreadable, empty, too large, or no text.
    """
    piped = path == STDIN
    data = _stdin() if piped else _bytes(path)
    suffix = path.suffix.lower()
    text = _text("Standard input" if piped else shown(path), suffix, data)
    called = "standard input" if piped else file_name(path)
    place = None if piped else to_text(path)
    digest = hashlib.sha256(data).hexdigest()
    recording = Recording(place, called, digest, None, None, None, "text")
    answer = said(text, called)
    if len(answer.words) > MOST:
        raise AudioError(
            f"{called} has {len(answer.words):,} words, more than any answer (at most {MOST:,}): "
            "hand in one answer a file."
        )
    return Written(recording, answer)


def _text(name: str, suffix: str, data: bytes) -> str:
    if suffix == ".docx":
        return docx.text(name, data)
    text = decode(name, data)
    return markdown.text(text) if suffix == ".md" else text


def _bytes(path: Path) -> bytes:
    most = LARGEST_DOCX if path.suffix.lower() == ".docx" else LARGEST
    with open_answer(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise AudioError(
                f"{shown(path)} is too large for a transcript ({size:,} bytes; at most {most:,}): "
                "hand in one answer a file."
            )
        if not size:
            raise AudioError(f"{shown(path)} is empty (0 bytes): write the answer into it.")
        return file.read(most)


def _stdin() -> bytes:
    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise AudioError(
            f"Standard input is too large for a transcript (over {LARGEST:,} bytes): hand in one "
            "answer."
        )
    if not data:
        raise AudioError("Standard input is empty (0 bytes): pipe the answer into it.")
    return data
