"""How far a media file's own structure reaches: a whole file ends where its last element ends.

Containers are rows of elements, each of which says how long it is. What is followed here are these
lengths and nothing else, so that one rule tells a cut file of any kind from a whole one: the last
element ends behind the end of the file. Sources: the RIFF, RF64 (EBU Tech 3306), Wave64, AIFF, CAF
and AU descriptions, ISO/IEC 14496-12, RFC 8794 (EBML), RFC 3533 (Ogg), the ASF and FLV
specifications, ISO/IEC 11172-3 and 13818-7 (frames of mp3 and aac).
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

_MOST = 1_000_000  # elements that are followed; more are not worth the seconds
_PLACEHOLDER = 0x7FFFF000  # bytes; a length not known when it was written is this or more
_TAGS = (b"ID3", b"TAG", b"APET", b"LYRI")  # of music players, behind the sound
_WAVE64 = bytes.fromhex("f3acd3118cd100c04f8edb8a")  # how the names of its elements end
_PAGE = 65_307  # bytes, the longest page of Ogg
_NAMES = frozenset((string.ascii_letters + string.digits + " _-.(){}\xa9").encode("latin-1"))


@dataclass(frozen=True)
class Extent:
    """Where the structure of a file of `size` bytes ends.

    `end` is None where it does not say: there is none, or it was written without going back to its
    start. `closed` is False where a mark of the end is missing. `samples` tells that nothing but
    samples make up the length, so that bytes are seconds; `rest` are the bytes behind their end,
    most likely samples as well.
    """

    size: int
    end: int | None = None
    closed: bool = True
    samples: bool = False
    rest: int = 0

    @property
    def missing(self) -> int:
        """Bytes that are promised and not there."""
        return max(0, (self.end or 0) - self.size)


def extent(file: IO[bytes]) -> Extent:
    """Follow the elements of an open file; kinds that have none give no `end`."""
    size = file.seek(0, 2)
    start = _at(file, 0, 16)
    if start[:4] == b"OggS":
        return _ogg(file, size)
    if stride := _stride(file):
        return _transport(file, size, stride)
    for signature, place, first, length in _KINDS:
        if start[place : place + len(signature)] == signature:
            end = _follow(file, size, first, length)
            if signature not in _SAMPLES:
                return Extent(size, end)
            return Extent(size, end, samples=True, rest=_rest(file, end, size))
    return Extent(size)


def _at(file: IO[bytes], place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)


# Elements: each function returns the length of the element at a place, None where that was not
# known when it was written, and 0 where no element begins.

Length = Callable[[IO[bytes], int], int | None]


def _follow(file: IO[bytes], size: int, place: int, length: Length) -> int | None:
    """Return where the last element ends."""
    for _ in range(_MOST):
        if place >= size:
            return place
        step = length(file, place)
        if step is None or (step >= _PLACEHOLDER and place + step > size):
            return None
        if step == 0:
            return place
        place += step
    return None


def _rest(file: IO[bytes], end: int | None, size: int) -> int:
    """Return how many bytes lie behind the end and are neither tags nor padding."""
    if end is None or end >= size:
        return 0
    start = _at(file, end, 4096)
    return 0 if start.startswith(_TAGS) or not start.strip(b"\0") else size - end


def _named(name: bytes) -> bool:
    letters = len(name) == 4 and all(letter in _NAMES for letter in name)
    return letters and not name.startswith(_TAGS)


def _riff(file: IO[bytes], place: int) -> int | None:
    head = _at(file, place, 8)
    name, stated = head[:4], int.from_bytes(head[4:], "little")
    if name in (b"RIFF", b"RF64", b"BW64"):
        return 12  # what it holds follows; its own length is often wrong, and nobody reads it
    if name == b"data" and stated == 0:
        return None
    if name == b"data" and stated >= _PLACEHOLDER:
        wide = _at(file, 12, 24)  # RF64 has the true length in a chunk of its own
        stated = int.from_bytes(wide[16:], "little") if wide[:4] == b"ds64" else stated
    return 8 + stated + stated % 2 if _named(name) else 0


def _aiff(file: IO[bytes], place: int) -> int | None:
    head = _at(file, place, 8)
    stated = int.from_bytes(head[4:], "big")
    if head[:4] in (b"SSND", b"data") and stated == 0:
        return None
    return 8 + stated + stated % 2 if _named(head[:4]) else 0


def _wave64(file: IO[bytes], place: int) -> int | None:
    head = _at(file, place, 24)
    stated = int.from_bytes(head[16:], "little")
    if place == 0:
        return 40
    if head[4:16] != _WAVE64:
        return 0
    return stated + -stated % 8 if stated > 24 else None


def _caf(file: IO[bytes], place: int) -> int | None:
    head = _at(file, place, 12)
    stated = int.from_bytes(head[4:], "big", signed=True)
    if stated < 0:
        return None
    return 12 + stated if _named(head[:4]) else 0


def _box(file: IO[bytes], place: int) -> int | None:
    head = _at(file, place, 16)
    stated = int.from_bytes(head[:4], "big")
    if stated == 1:
        stated = int.from_bytes(head[8:], "big")
    elif stated == 0 and _named(head[4:8]):
        return file.seek(0, 2) - place  # to the end of the file, as the last one may
    return stated if stated >= 8 and _named(head[4:8]) else 0


def _ebml(file: IO[bytes], place: int) -> int | None:
    head = _at(file, place, 12)
    if not head or not head[0] & 0xF0:
        return 0
    name = 9 - head[0].bit_length()
    wide = 9 - head[name].bit_length() if len(head) > name else 9
    if wide > 8:
        return 0 if len(head) > name else name + 1
    stated = int.from_bytes(head[name : name + wide], "big") & ((1 << 7 * wide) - 1)
    if stated == (1 << 7 * wide) - 1:
        return name + wide  # of unknown length: what it holds follows
    return name + wide + stated


def _asf(file: IO[bytes], place: int) -> int | None:
    stated = int.from_bytes(_at(file, place + 16, 8), "little")
    return stated if stated > 50 else None


def _flv(file: IO[bytes], place: int) -> int | None:
    head = _at(file, place, 4)
    return 15 + int.from_bytes(head[1:], "big") if head[0] & 0x1F in (8, 9, 18) else 0


_KINDS: tuple[tuple[bytes, int, int, Length], ...] = (
    (b"RIFX", 0, 12, _aiff),
    (b"WAVE", 8, 0, _riff),
    (b"AVI ", 8, 0, _riff),
    (b"AIF", 8, 12, _aiff),
    (b"riff", 0, 0, _wave64),
    (b"caff", 0, 8, _caf),
    *((name, 4, 0, _box) for name in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")),
    (b"\x1a\x45\xdf\xa3", 0, 0, _ebml),
    (b"\x30\x26\xb2\x75", 0, 0, _asf),
    (b"FLV\x01", 0, 13, _flv),
)
"""Signature, its place, where the elements start, and their lengths."""
_SAMPLES = {b"RIFX", b"WAVE", b"AIF", b"riff", b"caff"}


def _ogg(file: IO[bytes], size: int) -> Extent:
    """Look at the last page alone: it is whole, and it is the last one by its own mark."""
    place = max(0, size - _PAGE)
    tail = _at(file, place, _PAGE)
    last = tail.rfind(b"OggS")
    head = tail[last : last + 27]
    if last < 0 or len(head) < 27 or len(tail) < last + 27 + head[26]:
        return Extent(size, closed=False)
    table = tail[last + 27 : last + 27 + head[26]]
    whole = place + last + 27 + len(table) + sum(table) <= size
    return Extent(size, closed=whole and bool(head[5] & 4))


def _stride(file: IO[bytes]) -> int:
    """Return how many bytes the packets of a transport stream have, 0 if it is none."""
    start = _at(file, 0, 3 * 192)
    strides = (188, 0), (192, 4)
    return next((n for n, at in strides if start[at::n][:3] == b"\x47" * 3), 0)


def _transport(file: IO[bytes], size: int, stride: int) -> Extent:
    """Look whether the last packets of a transport stream complete what they began.

    A unit of sound says how long it is and comes in several packets (ISO/IEC 13818-1).
    """
    end = size + -size % stride
    start = max(0, end - 2048 * stride)
    tail = _at(file, start, 2048 * stride)
    wanting: dict[int, int] = {}
    for place in range(0, len(tail) - stride + 1, stride):
        packet = tail[place + stride - 188 : place + stride]
        pid, control = int.from_bytes(packet[1:3], "big"), packet[3]
        payload = packet[5 + packet[4] if control & 0x20 else 4 :] if control & 0x10 else b""
        pid, begins = pid & 0x1FFF, pid & 0x4000
        if begins and payload[:3] == b"\0\0\1":
            length = int.from_bytes(payload[4:6], "big")
            wanting[pid] = 6 + length if length and payload[3] & 0xE0 == 0xC0 else 0
        wanting[pid] = wanting.get(pid, 0) - len(payload)
    return Extent(size, end, closed=all(bytes_ <= 0 for bytes_ in wanting.values()))


# Frames without a container


def counts_frames(file: IO[bytes]) -> bool:
    """Say whether an mp3 says how many frames it has; FFmpeg guesses its length where not."""
    start = _at(file, 0, 10).ljust(10, b"\0")
    place = 0
    if start[:3] == b"ID3":
        sizes = zip(start[6:], (21, 14, 7, 0), strict=True)
        place = 10 + sum((byte & 127) << shift for byte, shift in sizes)
    head = _at(file, place, 4096)
    return any(name in head for name in (b"Xing", b"Info", b"VBRI"))


_KILOBITS = (  # of MPEG-1 layers I, II, III; of MPEG-2 layers I, II and III
    "0 32 64 96 128 160 192 224 256 288 320 352 384 416 448",
    "0 32 48 56 64 80 96 112 128 160 192 224 256 320 384",
    "0 32 40 48 56 64 80 96 112 128 160 192 224 256 320",
    "0 32 48 56 64 80 96 112 128 144 160 176 192 224 256",
    "0 8 16 24 32 40 48 56 64 80 96 112 128 144 160",
)
_HERTZ = (44_100, 48_000, 32_000)


def frame_length(head: bytes) -> int | None:
    """Return how many bytes a frame of mp3 or aac has by its first six; None if it is neither."""
    if len(head) < 6 or head[0] != 0xFF or head[1] < 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:  # ADTS
        return (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, hertz, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or hertz == 3 or rate in (0, 15):
        return None
    row = layer - 1 if version == 3 else 3 + (layer > 1)
    bits = 1000 * int(_KILOBITS[row].split()[rate])
    hertz = _HERTZ[hertz] >> (0 if version == 3 else 1 if version == 2 else 2)
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bits // hertz + padding
