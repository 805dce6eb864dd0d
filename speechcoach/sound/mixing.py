"""From many channels to one: their mean, but where that loses the voice, the loudest of them.

Two channels in opposite phase cancel, and of many channels with one voice the mean keeps little.
What is compared is the band of speech alone, since direct current and mains hum on both channels
survive the mean, and second by second, since a plug may fail in the middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_BAND = (200.0, 4000.0)  # Hz: above mains hum and its loud harmonics
_LOST = 0.12  # energy of the mean to that of the loudest channel; one of two alone keeps 0.25
_FAINT = 1e-3  # energy of a second to that of the loudest second: nobody speaks in it
_CLOSE = 0.25  # energy of the channel in use to that of the loudest, down to which it stays
_FADE = 160  # samples from one mixture to the next, so that none clicks

Plan = list[int | None]
"""The channel to take in each second; None for the mean."""


@dataclass
class Survey:
    """Measures, second by second, what the mean keeps of the channels.

    `energies` holds for a second the energy of each channel and, last, that of their mean.
    """

    rate: int
    energies: dict[int, NDArray[np.float64]] = field(default_factory=dict)

    def add(self, block: NDArray[np.float32], second: int) -> None:
        """Take a block of shape (channels, n); one channel has nothing to lose."""
        channels, size = block.shape
        if channels == 1:
            return
        low, high = (round(hz * size / self.rate) for hz in _BAND)
        spectrum = np.fft.rfft(block * np.hanning(size).astype(np.float32))[:, low:high]
        spectrum = np.vstack([spectrum, spectrum.mean(axis=0)])
        energy = np.square(np.abs(spectrum), dtype=np.float64).sum(axis=1)
        before = self.energies.get(second)
        if before is None or before.size != energy.size:  # the number of channels changes
            self.energies[second] = energy
        else:
            self.energies[second] = before + energy

    def plan(self) -> Plan | None:
        """Return which channel to take when; None where the mean is right all along."""
        loudest = {second: float(energy[:-1].max()) for second, energy in self.energies.items()}
        least = _FAINT * max(loudest.values(), default=0.0)
        heard = [second for second, energy in sorted(loudest.items()) if energy > least]
        lost = {s for s in heard if self.energies[s][-1] < _LOST * loudest[s]}
        return list(self._choices(heard, lost)) if lost else None

    def _choices(self, heard: list[int], lost: set[int]) -> Iterator[int | None]:
        """Yield a choice a second; a silent one keeps that of the second before."""
        used = self._loudest(min(lost))
        choice = used if heard[0] in lost else None
        known = set(heard)
        for second in range(max(self.energies) + 1):
            if second in lost:
                energy = self.energies[second][:-1]
                if used >= energy.size or energy[used] < _CLOSE * energy.max():
                    used = self._loudest(second)
                choice = used
            elif second in known:
                choice = None
            yield choice

    def _loudest(self, second: int) -> int:
        return int(self.energies[second][:-1].argmax())


class Mixer:
    """Makes one channel of many, by a plan; without one by the mean."""

    def __init__(self, plan: Plan | None = None) -> None:
        self.plan = plan or []
        self.choice = self.plan[0] if self.plan else None

    def mix(self, block: NDArray[np.float32], second: int) -> NDArray[np.float32]:
        """Return the samples, shape (n,), of a block of shape (channels, n)."""
        choice = self.plan[second] if second < len(self.plan) else self.choice
        mono = _mixed(block, choice)
        if choice != self.choice:
            fade = np.linspace(0, 1, min(_FADE, mono.size), dtype=np.float32)
            start = slice(fade.size)
            mono = mono.copy()
            mono[start] = fade * mono[start] + (1 - fade) * _mixed(block, self.choice)[start]
            self.choice = choice
        return mono


def _mixed(block: NDArray[np.float32], choice: int | None) -> NDArray[np.float32]:
    if choice is None or choice >= len(block):
        return np.asarray(block.mean(axis=0), dtype=np.float32)
    return np.asarray(block[choice], dtype=np.float32)
