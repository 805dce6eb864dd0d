"""Where somebody speaks: sound above the room's noise, near a voice, and a human one.

Three steps, from cheap to dear. Sound is what rises above the noise floor in any of four bands, so
that a weak ``s`` is found beside a fan's rumble. Sound without a voice in it or close to it
(breath, a click, a rustle) is put aside. What is left is shown, a phrase at a time, to Silero VAD
until that recognises speech: it tells speech from music and machines, but it merges short pauses,
misses long-drawn hesitations and costs more than all the rest. So it never decides where speech
starts or ends, and a short hum at the pitch of the speech around it is a hesitation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from speechcoach.sound.floor import noise_floor, smoothed
from speechcoach.sound.framing import runs, windows
from speechcoach.sound.pitch import Pitch
from speechcoach.sound.reverberation import DRY, ECHOING, decay, tails
from speechcoach.sound.voice import VoiceDetector

_BANDS = (100.0, 800.0, 2500.0, 5000.0, 7600.0)
"""Hz: the first formant; the second; the noise of sh, k, t; that of s, f."""

_WINDOW = 0.025  # seconds
_LOUD_SHARE = 95.0  # percentile that stands for loud speech
_BELOW_LOUD = 42.0  # dB; what is weaker still is reverberation or the recorder's own noise
_STRONG, _WEAK = 9.0, 4.0  # dB above the floor: a sound starts with the one, fades to the other
_FADE = 0.1  # seconds that a sound may fade
_VOICED_FRAMES = 3  # a vowel has at least as many
_NEAR = 0.15  # seconds; the closure of a stop, as in "st-" and "-pt", is shorter
_PHRASE_GAP = 0.25  # seconds; the shortest pause, so a phrase is what lies between two pauses
_RUN_UP = 0.1  # seconds before the first vowel that the detector hears too
_HESITATION = 1.5  # seconds; few filled pauses are longer
_AUDIBLE = 9.0  # dB between speech and the background, in the middle; with less, pauses are guesses
_HUM = 0.5  # share of a hesitation that is voiced at the speaker's own pitch


@dataclass(frozen=True, eq=False)
class Activity:
    """The mask of the frames in which somebody speaks, and whether silence can be told from it."""

    speech: NDArray[np.bool_]
    sure: bool


def speech_activity(samples: NDArray[np.float32], rate: int, hop: int, pitch: Pitch) -> Activity:
    """Return in which frames somebody speaks.

    Parameters
    ----------
    samples : array, shape (n,)
    rate : int
        Hz; 16000, which Silero VAD was trained on.
    hop : int
        Samples from one frame's centre to the next.
    pitch : Pitch
        Of the same frames, ``n // hop + 1``.
    """
    second = rate // hop
    level = band_levels(samples, rate, hop)
    sound = sounding(level, noise_floor(level, pitch.voiced, second), second)
    whole = _together(level)
    room = decay(whole, second)
    if room is not None and room < DRY:
        sound &= ~tails(whole, room, second)
    sound = _near_voice(sound, pitch.periodic, round(_NEAR * second))
    phrases = runs(_closed(sound, round(_PHRASE_GAP * second)))
    detector = VoiceDetector()
    speech = np.zeros_like(sound)
    for first, end in phrases:
        vowel = first + int(np.argmax(pitch.periodic[first:end]))
        begin = max(0, vowel * hop - round(_RUN_UP * rate))
        speech[first:end] = detector.hears(samples[begin : end * hop])
    own = _own_pitch(pitch, speech)
    for first, end in phrases:
        if end - first <= _HESITATION * second and own[first:end].mean() >= _HUM:
            speech[first:end] = True
    speech &= sound
    echoes = room is not None and room < ECHOING
    return Activity(speech, sure=not echoes and not _drowned(whole, speech))


def _drowned(level: NDArray[np.float32], speech: NDArray[np.bool_]) -> bool:
    """Say whether the background is so loud that weak sounds of speech are lost in it."""
    if not speech.any() or speech.all():
        return False
    loud, quiet = np.median(level[speech]), np.median(level[~speech])
    return bool(loud - quiet < _AUDIBLE)


def _own_pitch(pitch: Pitch, speech: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the mask of voiced frames whose F0 is one that the speaker uses in speech."""
    used = pitch.f0[pitch.voiced & speech]
    if not used.size:
        return np.zeros_like(speech)
    low, high = np.quantile(used, [0.01, 0.99])
    return np.asarray(pitch.voiced & (pitch.f0 >= low) & (pitch.f0 <= high))


def band_levels(samples: NDArray[np.float32], rate: int, hop: int) -> NDArray[np.float32]:
    """Return the level in each of the four bands, dB, shape (n // hop + 1, 4)."""
    width = round(_WINDOW * rate)
    taper = np.hanning(width + 2)[1:-1].astype(np.float32)
    edges = [round(hz * width / rate) for hz in _BANDS]
    level = np.empty((samples.size // hop + 1, len(_BANDS) - 1), dtype=np.float32)
    for which, block in windows(samples, width, hop):
        spectrum = rfft(block * taper)
        power = spectrum.real**2 + spectrum.imag**2
        in_bands = np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1)
        level[which] = 10 * np.log10(in_bands * 2 / (width * (taper**2).sum()) + 1e-12)
    return level


def _together(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the level of all bands together, a little smoothed, dB, shape (frames,)."""
    power = np.sum(10 ** (level / 10), axis=1, keepdims=True)
    return smoothed(np.asarray(10 * np.log10(power), dtype=np.float32), 3)[:, 0]


def sounding(
    level: NDArray[np.float32], floor: NDArray[np.float32], second: int
) -> NDArray[np.bool_]:
    """Return the mask of the frames that rise above the noise floor in any band.

    Two thresholds, as in Canny, "A computational approach to edge detection", IEEE PAMI 8 (1986):
    the upper one keeps noise out, the lower one follows a sound to its faint edges.

    Parameters
    ----------
    level, floor : array, shape (frames, bands)
        dB; see `speechcoach.sound.floor`.
    second : int
        Frames a second.
    """
    weakest = float(np.percentile(level.max(axis=1), _LOUD_SHARE)) - _BELOW_LOUD
    strong = (level > np.maximum(floor + _STRONG, weakest)).any(axis=1)
    weak = strong | (smoothed(level, 3) > np.maximum(floor + _WEAK, weakest)).any(axis=1)
    sound: NDArray[np.bool_] = np.zeros(len(level), dtype=np.bool_)
    reach = round(_FADE * second)
    for first, end in runs(weak):
        inner = first + np.flatnonzero(strong[first:end])
        if inner.size:
            sound[max(first, inner[0] - reach) : min(end, inner[-1] + 1 + reach)] = True
    return sound


def _near_voice(
    sound: NDArray[np.bool_], periodic: NDArray[np.bool_], near: int
) -> NDArray[np.bool_]:
    """Keep the runs of sound that hold a vowel, and those closer than `near` frames to one."""
    voices = np.zeros_like(sound)
    found = runs(sound)
    for first, end in found:
        if np.count_nonzero(periodic[first:end]) >= _VOICED_FRAMES:
            voices[max(0, first - near) : end + near] = True
    kept = np.zeros_like(sound)
    for first, end in found:
        kept[first:end] = voices[first:end].any()
    return kept


def _closed(mask: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """Return `mask` with its holes of fewer than `gap` frames filled."""
    closed = mask.copy()
    for first, end in runs(~mask):
        if first > 0 and end < mask.size and end - first < gap:
            closed[first:end] = True
    return closed
