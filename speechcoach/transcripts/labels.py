"""Who speaks: labels such as ``Interviewer:``, ``Speaker 1``, ``SPEAKER_00:`` or ``Jane Doe:``.

A word and a colon at the start of a line is a label only where it can be nothing else ("Note: we
were late" is none). Names of roles and numbered speakers are labels by themselves; ``Q:`` and
``A:``, ``Host:`` and ``Guest:`` where there is one who asks and one who answers; any other name
where the text begins with a label, a name comes again, and labels open most paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from speechcoach.transcripts.line import Line

_ASKS = frozenset(
    "interviewer interviewers host examiner moderator facilitator questioner assessor "
    "recruiter panel q question".split()
)
_ANSWERS = frozenset(
    "interviewee candidate applicant respondent examinee participant guest student a answer "
    "me myself".split()
)
_NUMBER = r"(?:[ _#-]{0,2}[0-9]{1,3})?"
_ROLE = re.compile(
    rf"(?:interviewers?|interviewee|examiner|examinee|moderator|facilitator|questioner|candidate"
    rf"|applicant|respondent|assessor|recruiter){_NUMBER}"
    r"|(?:unknown |unidentified )?speaker(?:[ _#-]{0,2}(?:[0-9]{1,3}|[a-z]))?"
    r"|(?:spk|person|voice|participant|panell?ist|guest|host)[ _#-]{0,2}[0-9]{1,3}"
)
_PAIRED = re.compile(
    rf"(?:q|a|question|answer|host|guest|me|myself|student|participant|panel){_NUMBER}"
)
_COLON = re.compile(r"(?P<label>[^:：]{1,60}?)\s?[:：](?=\s|$)\s*(?P<rest>.*)", re.DOTALL)
_DOTTED = re.compile(r"(?P<label>[QA][0-9]{0,2})\.\s+(?P<rest>.+)", re.DOTALL)
_DASHED = re.compile(r"(?P<label>[A-Za-z][\w ]{2,30}?)\s?[-–—]\s(?P<rest>.*)", re.DOTALL)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+(?P<label>[^<>]{1,60})>\s*(?P<rest>.*)", re.DOTALL)
_WRAPPED = re.compile(
    r"[\[(<](?P<label>[^\[\]()<>]{1,60})[\])>]:?(?=\s|$)\s*(?P<rest>.*)", re.DOTALL
)
_TURN = re.compile(r">>+\s*(?P<rest>.*)", re.DOTALL)
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_NAME = re.compile(r"[^\W\d_][\w'’.-]*|[0-9]{1,3}")
_PARTICLES = frozenset(
    "de da del della der den di du van von la le al el bin ibn ben of and".split()
)
_HEADINGS = frozenset(
    "situation task action result results outcome background context setting goal challenge "
    "problem solution reflection lesson lessons learning takeaway conclusion summary "
    "introduction intro note notes ps nb example examples first second third fourth fifth "
    "firstly secondly finally last next then also but and so because however monday tuesday "
    "wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december morning afternoon evening night today "
    "yesterday present past future why what how when where who pros cons strength strengths "
    "weakness weaknesses one two three point step part day week month year remember important "
    "warning tip tips update answer question title date time subject re".split()
)
_MOST_WORDS = 5

Head = tuple[str, str] | None
"""A label and the text behind it."""


def asks(label: str) -> bool:
    """Tell whether a label is that of one who asks, and so is never the answer's."""
    return bool(_words(label) & _ASKS)


def answers(label: str) -> bool:
    """Tell whether a label is that of one who answers."""
    return not asks(label) and bool(_words(label) & _ANSWERS)


def _words(label: str) -> set[str]:
    """Return the words of a label; a letter is one only where it is all of it ("A", "Q1")."""
    words = set(re.findall("[a-z]+", label.lower()))
    return words if len(words) == 1 else {word for word in words if len(word) > 1}


def is_role(label: str) -> bool:
    """Tell whether a label names a role or numbers a speaker, and can be nothing else."""
    return _ROLE.fullmatch(key(label)) is not None


def is_name(label: str) -> bool:
    """Tell whether a label may be a person's: a few capitalised words, none of them a heading."""
    words = [part.strip("().,&/#-") for part in label.replace("_", " ").split()]
    if not 1 <= len(words) <= _MOST_WORDS or _HEADINGS & {word.lower() for word in words}:
        return False
    return bool(words[0]) and not words[0][0].islower() and all(map(_in_name, words))


def _in_name(word: str) -> bool:
    fits = not word or _NAME.fullmatch(word) is not None
    return fits and (not word[:1].islower() or word in _PARTICLES)


def key(label: str) -> str:
    """Return a label as it is compared: without what stands in brackets, and in one case."""
    return " ".join((_IN_BRACKETS.sub(" ", label).strip() or label).casefold().split())


def head(text: str) -> Head:
    """Return what may be a label at the start of `text`, and the rest; None if nothing may."""
    if found := _VOICE.match(text) or _DOTTED.match(text):
        return found["label"].strip(), found["rest"]
    if found := _COLON.match(text):
        label = found["label"].strip("*_ ")
        wrapped = _WRAPPED.fullmatch(label)
        return (wrapped["label"] if wrapped else label), found["rest"]
    for form in (_WRAPPED, _DASHED):
        found = form.match(text)
        if found and is_role(found["label"]):
            return found["label"].strip(), found["rest"]
    return None


def is_voice(text: str) -> bool:
    """Tell whether `text` begins with WebVTT's own sign for who speaks."""
    return _VOICE.match(text) is not None


def labelled(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with the labels that they begin with as their speakers."""
    lines = _turns(lines)
    heads = [(line.speaker, line.text) if line.speaker else head(line.text) for line in lines]
    known = _known(lines, heads)
    return [
        replace(line, speaker=found[0], text=found[1])
        if found and (line.speaker or key(found[0]) in known)
        else line
        for line, found in zip(lines, heads, strict=True)
    ]


def _turns(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with a label where ">>" tells that another goes on.

    Where no name follows it, two voices are taken to speak in turns.
    """
    marked = [_TURN.match(line.text) for line in lines]
    if sum(map(bool, marked)) < 2:
        return list(lines)
    found = []
    turn = 0
    for line, mark in zip(lines, marked, strict=True):
        if mark and head(mark["rest"]):
            line = replace(line, text=mark["rest"])
        elif mark:
            line = replace(line, speaker=f"Voice {1 + turn % 2}", text=mark["rest"])
            turn += 1
        found.append(line)
    return found


def _known(lines: Sequence[Line], heads: Sequence[Head]) -> set[str]:
    """Return the keys of what is a label in this transcript."""
    keys = [key(found[0]) if found else "" for found in heads]
    known = {k for k in keys if _ROLE.fullmatch(k)}
    known |= {k for k, line in zip(keys, lines, strict=True) if line.speaker or is_voice(line.text)}
    roles = known | {k for k in keys if _PAIRED.fullmatch(k)}
    if any(map(asks, roles)) and not all(map(asks, roles)):
        known = roles
    names = {key(found[0]) for found in heads if found and is_name(found[0])}
    return known | names if _is_dialogue(lines, keys, known | names) else known


def _is_dialogue(lines: Sequence[Line], keys: Sequence[str], labels: set[str]) -> bool:
    """Tell whether labels open the text and most paragraphs, and one of them comes again."""
    counts = Counter(k for k in keys if k in labels)
    text = [k for k, line in zip(keys, lines, strict=True) if k or not is_heading(line)]
    opening = [k in labels for k, line in zip(keys, lines, strict=True) if line.opens]
    again = max(counts.values(), default=0) > 1
    return again and text[0] in labels and 2 * sum(opening) >= len(opening)


def is_heading(line: Line) -> bool:
    """Tell whether a line may be a title or a date: no stamp, no label, no end of a sentence."""
    if line.stamped or line.speaker or head(line.text):
        return False
    return not line.text.rstrip("\"'”’)").endswith((".", "?", "!", "…"))
