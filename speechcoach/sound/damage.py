"""What is wrong with a file that could be read, in sentences for its reader."""

from __future__ import annotations

from collections.abc import Iterator

from speechcoach.sound.decoding import Track
from speechcoach.sound.wholeness import Extent

_PADDING = 0.5  # seconds that may miss by the clock at the end of a whole file: padding, rounding
_BYTES = 0.1  # seconds that may miss by the byte: lengths that count a header or a padding byte
_MORE = 0.5  # seconds behind the promised end; less is a chunk that nobody knows
_MISSING = 0.5  # seconds in holes from which on they are worth a warning


def damage(track: Track, extent: Extent) -> Iterator[str]:
    """Yield a sentence for each fault of a decoded file."""
    early = _early_end(track, extent)
    more = _seconds(track, extent, extent.rest)
    if more > _MORE:
        yield (
            f"The file holds more than its header promises: about {more:.1f} s of sound behind "
            f"the first {track.duration:.1f} s, which alone were analysed. Export it again."
        )
    elif early:
        yield f"The file ends early: {early}; only these were analysed."
    elif track.damaged:
        yield f"The file is damaged in {track.damaged} places; what could be decoded was analysed."
    yield from _clock(track)
    if track.broken:
        yield f"{track.broken} samples were not numbers; they were taken as silence."


def _early_end(track: Track, extent: Extent) -> str | None:
    """Say how much there is if the end of the file is missing, None if it is there.

    By its clock, if it announces a length; by its bytes, if its structure has an end; else by its
    last packet, if that is not whole.
    """
    held = f"{track.duration:.1f} s"
    announced = track.announced or 0.0
    if announced - max(track.timeline.reached, track.duration) > _PADDING:
        return f"{held} of {announced:.1f} s could be decoded"
    if extent.missing and extent.samples:
        missing = _seconds(track, extent, extent.missing)
        promised = f"its header promises {track.duration + missing:.1f} s"
        return f"{promised}, it holds {held}" if missing > _BYTES else None
    if extent.missing or not extent.closed or (track.cut and extent.end is None):
        return f"it breaks off in the middle, after {held}"
    return None


def _seconds(track: Track, extent: Extent, size: int) -> float:
    """Return how long that many bytes of the file last, about."""
    read = min(extent.size, extent.end or extent.size)
    return track.duration * size / read


def _clock(track: Track) -> Iterator[str]:
    time = track.timeline
    if time.missing >= _MISSING:
        yield (
            f"The time stamps leave {time.missing:.1f} s without sound, in {time.holes} places: "
            "lost packets, or times that were not recorded. They were taken as silence."
        )
    if time.skipped:
        yield (
            f"The file's clock jumps ahead by {time.skipped:,.0f} s, which is no pause; the jump "
            "was left out."
        )
