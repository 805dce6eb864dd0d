"""Which of many inputs has the voice.

An interface with four inputs and one microphone sends three that hum, hiss or are silent. A voice
comes and goes; noise stays as it is. So what counts is how far an input rises above its own floor,
not how loud it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FRAME = 0.05  # seconds that a level is taken over: about a syllable's core
QUIETEST, LEVELS = -120, 130  # dB; levels are counted in steps of 1 dB from there on
RISE = 6.0
"""dB between an input's quiet and its loud tenth from which on it comes and goes (our guess):
noise alone stays within 2, speech in a quiet room varies by 20 and more."""


class Inputs:
    """Watches blocks of samples as they come; keeps counts of levels, never samples.

    Parameters
    ----------
    rate : int
        Hz.
    channels : int
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._frame = max(round(FRAME * rate), 2)
        self._counts: NDArray[np.int64] | None = None
        self.channels = channels

    def add(self, block: NDArray[np.int16]) -> None:
        """Watch samples of shape (n, channels)."""
        import numpy as np

        if self._counts is None:
            self._counts = np.zeros((self.channels, LEVELS), np.int64)
        pieces = max(block.shape[0] // self._frame, 1)
        for piece in np.array_split(block.astype(np.float64) / 2**15, pieces):
            if len(piece) < 2:
                continue
            # From sample to sample: mains hum, which rises slowly, all but vanishes.
            energy = np.square(np.diff(piece, axis=0)).mean(axis=0)
            level = 10 * np.log10(np.maximum(energy, 10 ** (QUIETEST / 10)))
            steps = np.clip(np.round(level - QUIETEST).astype(int), 0, LEVELS - 1)
            self._counts[np.arange(self.channels), steps] += 1

    @property
    def with_voice(self) -> int | None:
        """The input, from 1 on, with the loudest that comes and goes; None where none does."""
        import numpy as np

        if self._counts is None:
            return None
        upto = np.cumsum(self._counts, axis=1) / np.maximum(self._counts.sum(1, keepdims=True), 1)
        low, high = ((upto < share).sum(axis=1) + QUIETEST for share in (0.1, 0.9))
        risen = np.where(high - low >= RISE, high, -np.inf)
        best = int(risen.argmax())
        return best + 1 if np.isfinite(risen[best]) else None
