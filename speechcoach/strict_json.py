"""JSON that every program reads, and every terminal may show."""

from __future__ import annotations

import json
from typing import Any

from speechcoach.harmless import escaped


def encode(plain: Any, *, indent: int | None = None) -> str:
    """Return plain values as JSON, on one line or indented.

    Raises
    ------
    ValueError
        If a number among them is none (NaN) or has no end.
    """
    return escaped(json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=indent))
