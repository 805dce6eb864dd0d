"""What SubRip (.srt) and WebVTT (.vtt) files hold beside times and words, taken out.

W3C, "WebVTT: The Web Video Text Tracks Format"; SubRip has no standard but borrows its tags.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence

from speechcoach.transcripts import stamps

_BLOCKS = ("WEBVTT", "NOTE", "STYLE", "REGION", "X-TIMESTAMP-MAP")
_SETTINGS = re.compile(r"(?:\s*[A-Za-z][\w-]*:[^\s:]+)+\s*")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s[^<>]+>")
_TAG = re.compile(
    r"</v>|</?(?:c|i|b|u|s|font|ruby|rt|lang)(?:[.\s][^<>]*)?>|<[0-9]+:[0-9:.]+>|\{\\[^{}]*\}",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\\[Nnh]|<br ?/?>", re.IGNORECASE)
ROLLING = 0.5  # share of cues that begin with the line before them, from which captions roll


def is_timing(line: str) -> bool:
    """Tell whether a line is a cue's time, ``00:00.000 --> 00:04.000``, and nothing else."""
    found = stamps.read(line)
    return (
        found is not None
        and found.sure
        and found.end is not None
        and line[:1] not in "[("
        and (not line[found.stop :].strip() or bool(_SETTINGS.fullmatch(line[found.stop :])))
    )


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Return the lines of a caption file without numbers, names of cues, comments and tags.

    A cue begins with its time in square brackets. Lines that roll up through several cues are
    given once.
    """
    timings = [i for i, line in enumerate(lines) if is_timing(line)]
    names = {i - 1 for i in timings if _is_name(lines, i - 1)}
    marks = set(timings)
    cues: list[list[str]] = [[""]]
    skipping = False
    for i, line in enumerate(lines):
        if i in marks:
            skipping = False
            cues.append([f"[{_times(line)}]"])
            continue
        after_blank = i == 0 or not lines[i - 1]
        skipping = bool(line) and (skipping or (after_blank and line.startswith(_BLOCKS)))
        if line and i not in names and not skipping:
            cues[-1] += filter(None, _plain(line).splitlines())
    heading, *spoken = cues
    return [*heading, *(line for cue in _unrolled(spoken) for line in _joined(cue))]


def _joined(cue: list[str]) -> list[str]:
    """Return a cue with its first line behind its time."""
    return [" ".join(cue[:2]), *cue[2:]]


def _times(line: str) -> str:
    found = stamps.read(line)
    return line[: found.stop].strip() if found else line


def _is_name(lines: Sequence[str], i: int) -> bool:
    """Tell whether line `i`, right above a time, is the number or name of its cue."""
    if i < 0 or not lines[i]:
        return False
    return lines[i].isdecimal() or i == 0 or not lines[i - 1]


def _plain(line: str) -> str:
    """Return a line without tags but for voices, each of which starts a line."""
    line = html.unescape(_TAG.sub("", _BREAK.sub(" ", line)))
    return _VOICE.sub(r"\n\g<0>", line.removeprefix("- ")).strip()


def _unrolled(cues: list[list[str]]) -> list[list[str]]:
    """Return cues, a time and lines each, without lines that only stay on the screen.

    Programs that write captions while somebody speaks show each line twice: new, and above the
    next one.
    """
    pairs = list(itertools.pairwise(cues))
    rolls = sum(len(above) > 1 and above[-1] in below[1:2] for above, below in pairs)
    if rolls < 2 or rolls < ROLLING * len(pairs):
        return cues
    return [
        cue[:1] + cue[1 + (len(above) > 1 and above[-1] in cue[1:2]) :]
        for above, cue in zip([[], *cues], cues, strict=False)
    ]
