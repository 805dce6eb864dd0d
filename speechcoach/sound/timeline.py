"""Where decoded frames belong on the time line: their own stamps say it.

A stamp ahead of the sound that came so far is a hole: packets were lost, or nothing was recorded.
What matters is the distance from the start, not from one frame to the next, so holes too short to
tell from a container's rounding are filled as well as soon as they add up.
"""

from __future__ import annotations

from dataclasses import dataclass

import av

_ROUNDING = 0.01  # seconds that a stamp may be off: clocks of 1 ms, jitter of a live recording
_WIDEST = 600.0  # seconds; a wider hole is a broken clock, not silence
_OVERLAP = 0.5  # seconds that a stamp may lie back; one further back belongs to another clock


@dataclass
class Timeline:
    """Follows the stamps of one track.

    Attributes
    ----------
    holes, missing : int, float
        How many holes there are, and how many seconds they take.
    skipped : float
        Seconds by which the clock jumped ahead, broken as it is.
    first, last : float, optional
        The first stamp, and the latest end of a frame by its stamp; None without stamps.
    """

    holes: int = 0
    missing: float = 0.0
    skipped: float = 0.0
    first: float | None = None
    last: float | None = None
    _at: float = 0.0  # seconds of sound and silence so far
    _origin: float = 0.0  # the stamp of time zero

    @property
    def reached(self) -> float:
        """The latest end of a frame by its stamp, seconds from zero or from the first stamp.

        It is the later of the two: containers count their length from either.
        """
        return 0.0 if self.first is None or self.last is None else self.last - min(0, self.first)

    def before(self, frame: av.AudioFrame) -> float:
        """Take the next frame; return the seconds of silence that lie before it."""
        seconds = frame.samples / frame.sample_rate
        hole = 0.0 if frame.time is None else self._hole(frame.time, seconds)
        self._at += hole + seconds
        return hole

    def _hole(self, time: float, seconds: float) -> float:
        if self.first is None:
            self.first, self._origin = time, time - self._at
        self.last = max(time + seconds, self.last if self.last is not None else time)
        late = time - self._origin - self._at
        if not -_OVERLAP <= late <= _WIDEST:
            self._origin += late
            self.skipped += max(0.0, late)
            return 0.0
        if late <= _ROUNDING:
            return 0.0
        self.holes += 1
        self.missing += late
        return late
