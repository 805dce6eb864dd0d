"""The signal in steps of 10 ms: level, speech, voicing and F0, computed once and shared.

Rumble and mains hum are taken out first: they are no part of any of the four. Frame ``i`` is
centred on ``i * HOP`` seconds. Everything works in blocks, so that an hour of sound takes little
more memory than its samples.
"""

from __future__ import annotations

import numpy as np

from speechcoach.data import Audio, Frames
from speechcoach.sound.activity import speech_activity
from speechcoach.sound.hum import without_hum
from speechcoach.sound.level import levels
from speechcoach.sound.pitch import pitch

HOP = 0.01
"""Seconds from one frame to the next."""

_LEAST_SPEECH = 0.1  # seconds of voiced speech; the shortest word ("a", "I") has as much


def frames(audio: Audio) -> Frames:
    """Return level, speech, voicing and F0 of `audio`, one of each every 10 ms.

    Parameters
    ----------
    audio : Audio
        Finite samples of any length, even none, at a rate of which 10 ms are a whole number.

    Returns
    -------
    Frames
        ``floor(n / hop) + 1`` frames for n samples; `level` is finite.
    """
    hop = round(audio.rate * HOP)
    samples = without_hum(audio.samples, audio.rate)
    level = levels(samples, hop)
    track = pitch(samples, audio.rate, hop, level)
    activity = speech_activity(samples, audio.rate, hop, track)
    voiced = activity.speech & track.voiced
    return Frames(
        hop=HOP,
        level=level,
        speech=activity.speech,
        voiced=voiced,
        f0=np.where(voiced, track.f0, np.float32(np.nan)),
        pauses_known=activity.sure,
    )


def has_speech(frames: Frames) -> bool:
    """Say whether anybody speaks at all: digital silence, noise, tones and music are no speech."""
    return voiced_time(frames) >= _LEAST_SPEECH


def voiced_time(frames: Frames) -> float:
    """Return for how many seconds there is voiced speech."""
    return float(np.count_nonzero(frames.voiced)) * frames.hop
