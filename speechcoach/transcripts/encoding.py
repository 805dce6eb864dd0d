"""From bytes to text: UTF-8, or what a byte order mark names; the rest is told, not guessed."""

from __future__ import annotations

import codecs

from speechcoach.errors import AudioError

_MARKED = (  # in this order: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 2000  # bytes that tell UTF-16 without a mark


def decode(name: str, data: bytes) -> str:
    """Return the text of a file.

    Raises
    ------
    AudioError
        If it is no text, or in an encoding that nothing names; the likeliest one is told.
    """
    encoding = next((coded for mark, coded in _MARKED if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8" or b"\0" in data:
            raise _no_text(name, data, encoding) from error
        wrong = f"byte {error.start} is {data[error.start]:#04x}"
        raise AudioError(
            f"{name} is not UTF-8 text ({wrong}){_likely(data)}: save it as UTF-8."
        ) from error
    if "\0" in text:
        raise _no_text(name, data, encoding)
    return text


def _no_text(name: str, data: bytes, encoding: str) -> AudioError:
    if encoding == "utf-8" and (order := _utf16(data[:_SAMPLE])):
        return AudioError(
            f"{name} is not UTF-8 text; it seems to be UTF-16 ({order}) without a byte order "
            "mark: save it as UTF-8."
        )
    what = "it contains NUL bytes" if encoding == "utf-8" else f"its {encoding.upper()} is broken"
    return AudioError(f"{name} is not text ({what}): check the file.")


def _utf16(sample: bytes) -> str:
    """Return the order of bytes where every other one is NUL, as in Western text; else ""."""
    for first, order in ((1, "little-endian"), (0, "big-endian")):
        if sample[first::2].count(0) > len(sample) * 0.4 and not sample[1 - first :: 2].count(0):
            return order
    return ""


def _likely(data: bytes) -> str:
    """Return what 8-bit text probably is: Windows' Western set, where no byte contradicts it."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    odd = sum(not letter.isascii() for letter in text)
    return "; it seems to be Windows-1252, as older Windows programs write" if odd else ""
