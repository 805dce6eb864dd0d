"""By what a file of ours is known again, so that only such a one is written over unasked.

A format that is added needs its mark here; the contract test asks every format for it.
"""

from __future__ import annotations

import re

_LENGTH = r"\s·\s+(?:text|\d+:\d\d)\s+·\s"  # between a file's name and its recogniser

MARKS = {
    "html": re.compile(r'<meta name="generator" content="speechcoach">'),
    "report as json, jsonl": re.compile(r'\A\{\s*"(?:schema": \d+,\s*"recording|recording)": \{'),
    "report as md": re.compile(rf"\A# [^\n]*\n\n[^\n]*{_LENGTH}"),
    "report as text": re.compile(rf"\A(?:.*\n){{1,20}}?.*{_LENGTH}"),
    "rows as csv": re.compile(r"\A(?:take,made,)?file,question,kind,engine,model,rules,"),
    "progress as json": re.compile(r'\A\[(?:\s*\{\s*"group": "|\])'),
    "progress as text": re.compile(
        r"\A[^\n]*: (?:\d+ takes?, \d{4}-\d\d-\d\d|no takes to compare)"
    ),
}
"""How files of ours begin, by form."""


def made_here(head: str) -> bool:
    """Tell from the beginning of a file whether this program wrote it."""
    return any(mark.search(head) for mark in MARKS.values())
