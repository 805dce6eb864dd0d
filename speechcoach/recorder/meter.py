"""How loud the microphone is, while it listens.

Levels are in dB relative to full scale, of 16-bit samples; digital silence is None. Of several
channels the loudest counts: the others may have nothing plugged in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FULL_SCALE = 32768.0
CLIPPED = 32700
"""A sample this far out was most likely cut off by the converter (our guess)."""

FAINT = -65.0
"""dB; a room with a working microphone in it is seldom this quiet (our guess)."""

TOO_LOUD = 0.001
"""Share of clipped samples from which a report warns as well (``norms.toml``, clipping)."""


@dataclass(frozen=True)
class Loudness:
    """What some stretch of sound amounts to; `clipped` is the share of samples at full scale."""

    level: float | None
    clipped: float


def decibels(mean_square: float) -> float | None:
    """Return the level of a mean square of 16-bit samples, None for digital silence."""
    return 10 * math.log10(mean_square / FULL_SCALE**2) if mean_square > 0 else None


class Meter:
    """Measures blocks of samples as they come; keeps sums, never samples."""

    def __init__(self) -> None:
        self.level: float | None = None
        """Of the newest block."""
        self.zeros = 0
        """How many of the newest samples in a row were digital silence, to the block."""
        self.reset()

    def reset(self) -> None:
        """Begin a new stretch for `loudness`."""
        self.samples = 0
        """In each channel."""
        self._energy: NDArray[np.float64] | float = 0.0
        self._clipped: NDArray[np.int64] | int = 0

    def add(self, block: NDArray[np.int16]) -> None:
        """Measure samples of shape (n, channels)."""
        import numpy as np

        if not block.size:
            return
        energy = np.square(block, dtype=np.float64).sum(axis=0)
        self.level = decibels(float(energy.max()) / len(block))
        self.zeros = 0 if energy.any() else self.zeros + len(block)
        self.samples += len(block)
        self._energy = self._energy + energy
        self._clipped = self._clipped + np.count_nonzero(np.abs(block.astype(int)) >= CLIPPED, 0)

    @property
    def loudness(self) -> Loudness:
        """The stretch since the last `reset`."""
        import numpy as np

        count = max(self.samples, 1)
        loudest, clipped = float(np.max(self._energy)), float(np.max(self._clipped))
        return Loudness(decibels(loudest / count), clipped / count)


def remark(heard: Loudness) -> str:
    """Return what a person should know before the take, "" if the microphone sounds fine."""
    if heard.level is None:
        return (
            "The microphone sends only digital silence: is it muted, or is this terminal not "
            "allowed to use it (macOS: System Settings, Privacy & Security, Microphone)?"
        )
    if heard.clipped > TOO_LOUD:
        return "The microphone is too loud and clips: lower its gain or move back."
    if heard.level < FAINT:
        return f"The microphone hears almost nothing ({heard.level:.0f} dB): is it the right one?"
    return ""
