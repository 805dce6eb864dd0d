"""The published Whisper checkpoints, a line each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from speechcoach.paths import shown
from speechcoach.views.columns import columns

if TYPE_CHECKING:
    from speechcoach.engines.checkpoints import Checkpoint

ABSENT = "not here"


def render(known: Mapping[str, Checkpoint], here: Mapping[str, Path]) -> str:
    """Return name, size, start of the sha256, and the file in `here` or that there is none."""
    rows = [
        (name, one.megabytes, one.sha256[:12], shown(here[name]) if name in here else ABSENT)
        for name, one in known.items()
    ]
    return "".join(f"{line}\n" for line in columns(rows, right={1}))
