"""Where somebody speaks: above the room's noise, and a voice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def speech_activity(
    level: NDArray[np.float32], periodicity: NDArray[np.float32], hop: float
) -> NDArray[np.bool_]:
    """Return a mask: true in frames in which somebody speaks."""
    floor = float(np.percentile(level, 5))
    loud = float(np.percentile(level, 95))
    threshold = min(max(floor + 8, loud - 40), loud - 12)
    return level > threshold
