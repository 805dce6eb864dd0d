"""Cut samples into overlapping windows, a block of them at a time, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1000  # windows


def windows(
    samples: NDArray[np.float32], width: int, hop: int
) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Yield windows of `width` samples centred on the multiples of `hop`, in blocks.

    There are ``samples.size // hop + 1`` windows in all; beyond the recording is silence.

    Yields
    ------
    slice, array of shape (k, width)
        Which windows these are, and the windows: read-only views.
    """
    half = width // 2
    count = samples.size // hop + 1
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        begin, end = first * hop - half, (last - 1) * hop - half + width
        inside = samples[max(begin, 0) : max(end, 0)]
        padded = np.pad(inside, (max(-begin, 0), max(end - samples.size, 0)))
        yield slice(first, last), np.lib.stride_tricks.sliding_window_view(padded, width)[::hop]


def runs(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return where `mask` is true: rows of (first, end), end excluded, shape (k, 2)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return edges.reshape(-1, 2)


def longer(mask: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """Return `mask` without its runs of fewer than `least` frames."""
    kept = np.zeros_like(mask)
    for first, end in runs(mask):
        kept[first:end] = end - first >= least
    return kept
