"""Whose words are the answer, where a transcript has several speakers.

Who asks (Interviewer, Host, Examiner, Q ...) is never the answer's. One who is said to answer
(Candidate, Applicant, A ...) goes before a mere name or number; among equals, who says most.
Where only those who ask are labelled, the other lines are the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from speechcoach.transcripts import labels
from speechcoach.transcripts.line import Line

_SHOWN = 3  # others that a note names
HEADING = 1.0  # seconds; what stands above a first stamp up to here was not said before it


@dataclass(frozen=True)
class Taken:
    """The lines of a transcript; `answers` tells which of them are the answer's.

    `note` says to the person who was taken, empty where nobody is labelled.
    """

    lines: tuple[Line, ...]
    answers: tuple[bool, ...]
    note: str = ""


def taken(lines: Sequence[Line], name: str) -> Taken:
    """Return the lines of the transcript that is called `name`, and which are the answer's."""
    lines = _without_heading(labels.labelled(lines))
    shown: dict[str, str] = {}
    for line in lines:
        if line.speaker:
            shown.setdefault(labels.key(line.speaker), line.speaker)
    if not shown:
        return Taken(tuple(lines), (True,) * len(lines))
    said = _carried(lines)
    counts = dict.fromkeys(["", *shown], 0)
    for line, who in zip(lines, said, strict=True):
        counts[who] += len(line.text.split())
    chosen = _chosen(counts, shown)
    alone = len(shown) == 1 and bool(chosen)
    ours = tuple(alone or who == chosen for who in said)
    return Taken(tuple(lines), ours, _note(name, chosen, counts, shown))


def _without_heading(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without titles, dates and the like above the first label or stamp."""
    first = next((i for i, line in enumerate(lines) if line.stamped or line.speaker), 0)
    begins = lines[first : first + 1]
    if not begins or not (begins[0].speaker or (begins[0].start or 0.0) <= HEADING):
        return list(lines)
    return [line for i, line in enumerate(lines) if i >= first or not labels.is_heading(line)]


def _carried(lines: Sequence[Line]) -> list[str]:
    """Return who says each line, as labels are compared; "" where nobody is named.

    A label holds until the next one. That of one who asks holds for its paragraph only where
    nobody else is labelled.
    """
    only_asked = all(labels.asks(line.speaker) for line in lines if line.speaker)
    said: list[str] = []
    who, waiting = "", False
    for line in lines:
        if line.speaker:
            who = labels.key(line.speaker)
        elif only_asked and (line.opens or line.stamped) and not waiting:
            who = ""
        waiting = bool(line.speaker or waiting) and not line.text
        said.append(who)
    return said


def _chosen(counts: Mapping[str, int], shown: Mapping[str, str]) -> str:
    """Return who answers, by the number of words that each says; "" where only askers are named.

    Of two who say the same number of words it is the one who begins later.
    """
    others = [who for who, label in shown.items() if not labels.asks(label)]
    pool = [who for who in others if labels.answers(shown[who])] or others
    return max(reversed(pool), key=lambda who: counts[who], default="")


def _note(name: str, chosen: str, counts: Mapping[str, int], shown: Mapping[str, str]) -> str:
    if len(shown) == 1 and chosen:
        return f"{name} has one speaker, {shown[chosen]}: all of it is taken as the answer."
    others = [label for who, label in shown.items() if who != chosen]
    if len(others) > _SHOWN:
        others[_SHOWN:] = [f"{len(others) - _SHOWN} more"]
    said = " and ".join(others)
    if not chosen:
        return f"In {name} only {said} is named: the rest is taken as the answer."
    of = f"{counts[chosen]:,} of {sum(counts.values()):,} words"
    return (
        f"{name} has {len(shown)} speakers: the answer is taken to be that of {shown[chosen]} "
        f"({of}), and what {said} said is left out. If that is wrong, hand in the answer alone."
    )
