"""The published Whisper checkpoints, a line each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from speechcoach.engines.checkpoints import Checkpoint

ABSENT = "not here"


def render(known: Mapping[str, Checkpoint], here: Mapping[str, Path]) -> str:
    """Return name, size, start of the sha256, and the file in `here` or that there is none."""
    return "".join(
        f"{name:<15} {one.megabytes:>8}  {one.sha256[:12]}  {here.get(name, ABSENT)}\n"
        for name, one in known.items()
    )
