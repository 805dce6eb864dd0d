"""The microphones, a line each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from speechcoach.harmless import harmless_line

if TYPE_CHECKING:
    from speechcoach.recorder.microphone import Device


def render(found: Iterable[tuple[Device, Sequence[int]]]) -> str:
    """Return number, name, system and rates in Hz of each device; ``*`` marks the default."""
    return "".join(f"{_line(device, rates)}\n" for device, rates in found)


def _line(device: Device, rates: Sequence[int]) -> str:
    mark = "*" if device.default else " "
    said = ", ".join(map(str, rates)) or "none of the usual rates"
    return harmless_line(f"{mark} {device.number:>2}  {device.name} ({device.system})  {said}")
