"""What a room adds: the decay of a sound after it has ended, which fills pauses.

No sound falls faster than the room lets it, so the steepest falls of a recording tell the room's
decay, as in Ratnam et al., "Blind estimation of reverberation time", J. Acoust. Soc. Am. 114
(2003). A stretch in which the level falls at about that rate holds nothing but the room; whatever
is spoken in it would stand above, as in Lebart, Boucher and Denbigh, "A new method based on
spectral subtraction for speech dereverberation", Acta Acustica 87 (2001).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speechcoach.sound.framing import longer

DRY, ECHOING = 175.0, 110.0
"""dB a second: from the one on the room does not matter (RT60 0.34 s); below the other (0.55 s)
tails run from one word into the next, and no pause can be told."""

_FALL = 0.1  # seconds over which falls are taken
_STEEPEST = 97.0  # percentile of the falls
_LOUD, _LOUD_SHARE = 20.0, 95.0  # dB below loud speech from which a fall starts
_QUIET, _QUIET_SHARE = 6.0, 5.0  # dB above the quiet to which it goes
_RANGE = 30.0  # dB between the two; in less, noise cuts the falls short
_ENOUGH = 50  # falls

_SLOWEST = 0.88  # of the decay: the steepest falls are a little steeper than the room
_LAG = 0.05  # seconds; the first reflections belong to the sound
_TAIL = 0.08  # seconds; shorter falls are in every syllable


def decay(level: NDArray[np.float32], second: int) -> float | None:
    """Return how fast a sound dies away, dB a second (60 over it is RT60); None: cannot say.

    Parameters
    ----------
    level : array, shape (frames,)
        dB.
    second : int
        Frames a second.
    """
    loud, quiet = np.percentile(level, [_LOUD_SHARE, _QUIET_SHARE])
    steps = round(_FALL * second)
    if level.size <= steps or loud - quiet < _RANGE:
        return None
    before, after = level[:-steps], level[steps:]
    falls = (before - after)[(before > loud - _LOUD) & (after > quiet + _QUIET)]
    return float(np.percentile(falls, _STEEPEST)) / _FALL if falls.size >= _ENOUGH else None


def tails(level: NDArray[np.float32], decay: float, second: int) -> NDArray[np.bool_]:
    """Return the mask of the frames that hold nothing but what the room returns."""
    lag = round(_LAG * second)
    fall = np.arange(level.size) * (_SLOWEST * decay / second)
    returned = np.full(level.size, -np.inf)
    returned[lag:] = np.maximum.accumulate(level + fall)[:-lag] - fall[lag:]
    return longer(level <= returned, round(_TAIL * second))
