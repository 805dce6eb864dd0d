"""The text of a Word document (.docx): ECMA-376, a zip archive with XML in it.

Only the body is read, as a stream of bounded size, so that an archive that grows beyond all bounds
never does. XML with a document type, which Word does not write, is refused.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO
from xml.parsers import expat

from speechcoach.errors import AudioError

BODY = "word/document.xml"
LARGEST = 64_000_000  # bytes of XML; Word writes some 100 for each of 80,000 words an hour
_CHUNK = 65_536
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_HEADINGS = ("Title", "Subtitle", "Heading")


def text(name: str, data: bytes) -> str:
    """Return the text of a document, a paragraph a line, without headings and what was deleted.

    Raises
    ------
    AudioError
        If it is no Word document, broken, encrypted or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(BODY) as body:
            return _Body().read(body)
    except _TooLargeError:
        raise AudioError(
            f"{name} unpacks to more than {LARGEST:,} bytes of text: hand in one answer a file."
        ) from None
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError) as error:
        raise _unreadable(name, data, error) from error
    except (expat.ExpatError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _unreadable(name, data, error) from error


class _TooLargeError(Exception):
    """More text than any answer has."""


def _unreadable(name: str, data: bytes, error: Exception) -> AudioError:
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # the container of older Word and of encrypted files
        why = "it is encrypted, or in the format of Word 97 to 2003"
    elif isinstance(error, KeyError):
        why = "it holds no document"
    else:
        why = " ".join(f"{error}".split()) or type(error).__name__
    return AudioError(
        f"{name} is no Word document that can be read ({why}): save it as .docx or .txt again."
    )


class _Body:
    """Collects the text of a document's body while it is parsed."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = _refuse
        self._out: list[str] = []
        self._first = 0  # of the paragraph's pieces
        self._heading = self._in_text = False
        self._skipped = (
            0  # depth within an alternative for other programs, which says the same again
        )

    def read(self, body: IO[bytes]) -> str:
        size = 0
        while chunk := body.read(_CHUNK):
            size += len(chunk)
            if size > LARGEST:
                raise _TooLargeError
            self._parser.Parse(chunk, False)
        self._parser.Parse(b"", True)
        return "".join(self._out)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped or name == _FALLBACK:
            self._skipped += 1
            return
        space, _, tag = name.rpartition(" ")
        if space not in _WORD:
            return
        if tag == "p":
            self._first, self._heading = len(self._out), False
        elif tag == "t":
            self._in_text = True
        elif tag in ("tab", "br", "cr"):
            self._out.append("\t" if tag == "tab" else "\n")
        elif tag == "noBreakHyphen":
            self._out.append("-")
        elif tag == "pStyle":
            self._heading = attributes.get(f"{space} val", "").startswith(_HEADINGS)

    def _end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        space, _, tag = name.rpartition(" ")
        if space in _WORD and tag == "t":
            self._in_text = False
        elif space in _WORD and tag == "p":
            if self._heading:
                del self._out[self._first :]
            self._out.append("\n")
            self._heading = False

    def _characters(self, characters: str) -> None:
        if self._in_text and not self._skipped:
            self._out.append(characters)


def _refuse(*_: object) -> None:
    raise ValueError("it declares a document type")
