"""Sound for recognisers, and what they make of it."""

import numpy as np
from mini_whisper import CLIPS, Clip

from speechcoach.data import Audio, Recognition
from speechcoach.sound import audio

RATE = 16000
SURGEON, CHECKLIST = CLIPS


def heard(clip: Clip) -> Audio:
    """Return a clip's sound."""
    return audio.load(clip.path).audio


def silence(seconds: float) -> np.ndarray:
    """Return digital silence."""
    return np.zeros(round(seconds * RATE), np.float32)


def noise(seconds: float, level: float = 0.01) -> np.ndarray:
    """Return white noise, always the same."""
    return np.random.default_rng(0).normal(0, level, round(seconds * RATE)).astype(np.float32)


def joined(*parts: Audio | np.ndarray) -> Audio:
    """Return parts one after another."""
    return Audio(np.concatenate([p.samples if isinstance(p, Audio) else p for p in parts]), RATE)


def text(recognised: Recognition) -> str:
    """Return all that was heard."""
    return " ".join(u.text for u in recognised.utterances)
