"""The standard streams as commands need them.

Where a file or another program reads along, text is UTF-8 whatever the system's code page is; a
terminal that cannot show a sign gets a stand-in. A result that cannot be printed is an error; what
is said beside the results is not worth failing for.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import sys
import unicodedata
from collections.abc import Iterator
from typing import TextIO

from speechcoach.errors import OutputError

STAND_INS = {
    **dict.fromkeys("–—‐‑−─", "-"),
    **dict.fromkeys("“”„″", '"'),
    **dict.fromkeys("‘’‚ʼ′", "'"),
    **dict(zip("▁▂▃▄▅▆▇█", "12345678", strict=True)),
    "…": "...",
    "·": "-",
    "•": "*",
    "→": "->",
    "×": "x",
    "\N{NO-BREAK SPACE}": " ",
}
"""What is shown of a sign where a terminal has no such sign."""

_STAND_IN, _AS_IT_WAS = "speechcoach.stand_in", "speechcoach.as_it_was"
"""Names of what is done where a sign cannot be encoded."""


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    """Replace what a terminal has not: by its stand-in, its letter without accents, or ``?``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _as_it_was(error: UnicodeError) -> tuple[bytes, int]:
    """Give the bytes of a file's name back that are no text; spell out any other half letter."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    odd = error.object[error.start]
    byte = ord(odd) - 0xDC00
    known = 0x80 <= byte <= 0xFF
    return bytes([byte]) if known else odd.encode("ascii", "backslashreplace"), error.start + 1


def _plain(sign: str) -> str:
    if sign in STAND_INS:
        return STAND_INS[sign]
    apart = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return apart or "?"


def prepare() -> None:
    """Make the streams of this process fit for commands; to do so again changes nothing."""
    codecs.register_error(_STAND_IN, _stand_in)
    codecs.register_error(_AS_IT_WAS, _as_it_was)
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors=_STAND_IN)
            else:
                stream.reconfigure(encoding="utf-8", errors=_AS_IT_WAS)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if sys.stdout is sys.__stdout__ and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = _wrapped(_Results, sys.stdout)
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _wrapped(_Remarks, sys.stderr)


def _open_what_is_closed() -> None:
    """Let what is missing lead nowhere, lest the next file that is opened takes its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _wrapped(kind: type[io.TextIOWrapper], stream: io.TextIOWrapper) -> TextIO:
    """Return a stream of that kind in the place of `stream`, which nobody uses any more."""
    stream.flush()
    return kind(stream.buffer, stream.encoding, stream.errors, line_buffering=stream.line_buffering)


class _Results(io.TextIOWrapper):
    """Stdout; what it cannot take is an `OutputError`, but for a reader who has gone."""

    def write(self, text: str) -> int:
        with self._said():
            return super().write(text)

    def flush(self) -> None:
        with self._said():
            super().flush()

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            abandon()
            if isinstance(error, BrokenPipeError):
                raise
            raise OutputError(
                f"The result cannot be printed ({error.strerror}): free space where the output "
                "goes, or write it elsewhere."
            ) from error


class _Remarks(io.TextIOWrapper):
    """Stderr; what it cannot take is lost, and nothing else."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            super().flush()


def abandon() -> None:
    """Let stdout lead nowhere from now on: what it still holds is not to be tried again."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
