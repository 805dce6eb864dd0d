"""Flite, the CMU synthesiser, through its C library: sound together with the exact word times.

The command line prints phones only; the library also tells which phones make up which word, so
no recogniser has to guess. Needs the Debian package `libflite1` (2.2).

Times are seconds from the start of the utterance, sound is float64 of shape (n,) at 16 kHz.
"""

import ctypes
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE = 16_000


@dataclass(frozen=True)
class Token:
    """One spoken word or phone: its first sound starts at `start`, its last one ends at `end`."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, eq=False)
class Utterance:
    """Synthesised sound, its words, and its phones (silences among them, as ``pau``)."""

    samples: NDArray[np.float64]
    tokens: tuple[Token, ...]
    phones: tuple[Token, ...]


class _Wave(ctypes.Structure):
    """`cst_wave` of flite's headers."""

    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


def speak(voice: str, text: str, settings: Mapping[str, float]) -> Utterance:
    """Read `text` aloud; `settings` are flite's own features, such as ``duration_stretch``."""
    return _render(voice, settings, _function("flite_synth_text"), text)


def speak_phones(voice: str, phones: str, settings: Mapping[str, float]) -> Utterance:
    """Voice a string of phones, such as ``pau ah m pau``; there are no tokens then."""
    return _render(voice, settings, _function("flite_synth_phones"), phones)


def _render(
    voice: str, settings: Mapping[str, float], synthesise: Callable[..., int], text: str
) -> Utterance:
    utterance = synthesise(text.encode("ascii"), _tuned(voice, settings))
    try:
        words, phones = tuple(_tokens(utterance)), tuple(_phones(utterance))
        return Utterance(_samples(utterance), words, phones)
    finally:
        _function("delete_utterance", None)(ctypes.c_void_p(utterance))


def _tuned(voice: str, settings: Mapping[str, float]) -> ctypes.c_void_p:
    """Return the voice with `settings`; an earlier call's settings are overwritten by name."""
    handle = ctypes.c_void_p(_voice(voice))
    features = _VoiceHead.from_address(handle.value or 0).features
    for name, value in settings.items():
        _function("feat_set_float", None)(
            ctypes.c_void_p(features), _lasting(name), ctypes.c_float(value)
        )
    return handle


class _VoiceHead(ctypes.Structure):
    """The first members of `cst_voice`."""

    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


@cache
def _lasting(name: str) -> ctypes.Array[ctypes.c_char]:
    """Return `name` as a C string that stays: flite keeps the pointer, not a copy."""
    return ctypes.create_string_buffer(name.encode())


@cache
def _libraries() -> dict[str, ctypes.CDLL]:
    """Load flite; the voices' libraries call each other, so the order matters."""
    names = ("", "_cmulex", "_usenglish", "_cmu_us_slt", "_cmu_us_rms")
    try:
        loaded = {
            name: ctypes.CDLL(f"libflite{name}.so.1", mode=ctypes.RTLD_GLOBAL) for name in names
        }
    except OSError as error:
        raise SystemExit(
            f"Flite's libraries are missing ({error}): run `apt-get install libflite1`."
        ) from error
    loaded[""].flite_init()
    return loaded


@cache
def _voice(name: str) -> int:
    register = getattr(_libraries()[f"_cmu_us_{name}"], f"register_cmu_us_{name}")
    register.restype = ctypes.c_void_p
    return register(None)


@cache
def _function(name: str, result: type | None = ctypes.c_void_p) -> Callable[..., int]:
    function = getattr(_libraries()[""], name)
    function.restype = result
    return function


def _items(utterance: int, relation: bytes) -> Iterator[ctypes.c_void_p]:
    found = _function("utt_relation")(ctypes.c_void_p(utterance), relation)
    item = _function("relation_head")(ctypes.c_void_p(found))
    while item:
        yield ctypes.c_void_p(item)
        item = _function("item_next")(ctypes.c_void_p(item))


def _number(item: ctypes.c_void_p, path: bytes) -> float:
    return float(_function("ffeature_float", ctypes.c_float)(item, path))


def _string(item: ctypes.c_void_p, path: bytes) -> str:
    return (_function("ffeature_string", ctypes.c_char_p)(item, path) or b"").decode()


def _phones(utterance: int) -> Iterator[Token]:
    start = 0.0
    for item in _items(utterance, b"Segment"):
        end = _number(item, b"end")
        yield Token(_string(item, b"name"), start, end)
        start = end


def _tokens(utterance: int) -> Iterator[Token]:
    first, last = b"R:SylStructure.daughter1.daughter1", b"R:SylStructure.daughtern.daughtern"
    for item in _items(utterance, b"Word"):
        start = _number(item, first + b".R:Segment.p.end")
        end = _number(item, last + b".R:Segment.end")
        yield Token(_string(item, b"name"), start, end)


def _samples(utterance: int) -> NDArray[np.float64]:
    wave = _Wave.from_address(_function("utt_wave")(ctypes.c_void_p(utterance)))
    if wave.sample_rate != RATE:
        raise ValueError(f"flite spoke at {wave.sample_rate} Hz; {RATE} was expected.")
    return np.ctypeslib.as_array(wave.samples, (wave.num_samples,)).astype(np.float64) / 32768
