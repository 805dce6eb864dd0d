"""Two takes side by side as JSON."""

from __future__ import annotations

import dataclasses

from speechcoach.progress.comparison import Comparison
from speechcoach.strict_json import encode

DECIMALS = 4


def render(found: Comparison, first: str, second: str) -> str:  # noqa: ARG001 - the formats' signature
    """Return the comparison as strict JSON; each pair has its difference where there is one."""
    plain = dataclasses.asdict(found) | {"recited": found.recited}
    for pair, made in zip(plain["pairs"], found.pairs, strict=True):
        if made.difference is not None:
            pair["difference"] = round(made.difference, DECIMALS)
    return encode(plain, indent=1)
