"""What the form of an answer asks for next: parts missing, too long, out of order, not yours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from speechcoach.content.opinions import Form, PartNorm, Remark, Story, opinions
from speechcoach.content.places import spans_of
from speechcoach.content.reading import Reading
from speechcoach.data import Content, Finding, Level, Part, Sentence, Structure

CHANGE = ("outcome", "since", "learned")


def judge(content: Content, reading: Reading) -> Iterator[Finding]:
    """Yield what is good about the form of an answer and what would help it."""
    if not content.sentences:
        return
    norms = opinions()
    if content.timeline.applies:
        yield from _parts(content.timeline, content.sentences, norms.form["timeline"], "timeline")
    if not content.star.applies:
        return
    if imagined(content, reading, norms.story):
        yield _remark(
            "hypothetical",
            "work",
            norms.story.imagined,
            content.sentences,
            "This answer says what you would do, not what you did",
        )
        return
    set_up = list(_set_up(content, norms.story))
    for finding in _parts(content.star, content.sentences, norms.form["star"], "star"):
        if not (set_up and finding.about == "star.situation"):  # the same thing said twice
            yield finding
    yield from set_up
    yield from _order(content, norms.story)
    yield from _team(content, reading, norms.story)
    yield from _outcome(content, reading, norms.story)


def _remark(
    name: str, level: Level, remark: Remark, where: Sequence[Sentence], message: str
) -> Finding:
    return Finding(f"star.{name}", level, message, remark.advice, remark.source, spans_of(where))


def imagined(content: Content, reading: Reading, norm: Story) -> bool:
    """Return whether an answer is told as "I would" instead of as something that happened."""
    roles = np.array([sentence.star for sentence in content.sentences])
    would = reading.sign("hypothetical") > 0
    acted = (roles == "action") & (reading.sign("did", "we_did") > 0) & ~would
    return bool(would.mean() >= norm.hypothetical and not acted.any())


def _parts(
    structure: Structure, sentences: Sequence[Sentence], form: Form, about: str
) -> Iterator[Finding]:
    """Yield a finding for each part that is missing or short, and the shares of those there."""
    for name, norm in form.parts.items():
        part = structure.parts[name]
        advice = _advice(part, norm)
        if advice is None:
            continue
        said = "is missing" if not part.covered else f"takes {part.share:.0%} of the answer"
        yield Finding(
            f"{about}.{name}",
            "watch" if part.covered else norm.level,
            f"The {name} {said}",
            advice,
            form.source,
            spans_of(sentences[i] for i in part.sentences),
        )
    if all(part.covered for part in structure.parts.values()):
        shares = ", ".join(f"{name} {part.share:.0%}" for name, part in structure.parts.items())
        yield Finding(f"{about}.parts", "good", f"All parts are there: {shares}", "", form.source)


def _advice(part: Part, norm: PartNorm) -> str | None:
    if not part.covered:
        return norm.missing
    if part.share < norm.usual[0]:
        return norm.short
    return norm.long if part.share > norm.usual[1] else None


def _set_up(content: Content, norm: Story) -> Iterator[Finding]:
    parts = content.star.parts
    share = parts["situation"].share + parts["task"].share
    if share > norm.set_up_most:
        where = [content.sentences[i] for i in parts["situation"].sentences]
        message = f"{share:.0%} of the answer is set-up, {parts['result'].share:.0%} result"
        yield _remark("set_up", "watch", norm.set_up, where, message)


def _order(content: Content, norm: Story) -> Iterator[Finding]:
    """Yield a remark where the middle of what you did comes before the scene or after the end."""
    parts = content.star.parts
    centres = {
        name: float(np.median(part.sentences)) for name, part in parts.items() if part.covered
    }
    action, last = centres.get("action"), len(content.sentences) - 1
    if action is None:
        return
    late_scene = "situation" in centres and centres["situation"] > action
    early_end = "result" in centres and max(parts["result"].sentences) < action < last
    if late_scene or early_end:
        part = parts["situation" if late_scene else "result"]
        where = [content.sentences[i] for i in part.sentences]
        what = "The scene is set after the story" if late_scene else "The ending comes first only"
        yield _remark("order", "watch", norm.order, where, what)


def _team(content: Content, reading: Reading, norm: Story) -> Iterator[Finding]:
    steps = np.array(content.star.parts["action"].sentences, int)
    if not len(steps):
        return
    ours = (reading.sign("we_did") > 0) & (reading.sign("did") == 0)
    share = float(ours[steps].mean())
    if share > norm.we:
        where = [content.sentences[i] for i in steps if ours[i]]
        message = f"{int(ours[steps].sum())} of {len(steps)} steps are told as “we”"
        yield _remark("team", "watch", norm.team, where, message)


def _outcome(content: Content, reading: Reading, norm: Story) -> Iterator[Finding]:
    """Yield whether the result says what changed or what was learned."""
    told = np.array(content.star.parts["result"].sentences, int)
    if not len(told):
        return
    changed = [content.sentences[i] for i in told if reading.sign(*CHANGE)[i] > 0]
    if changed:
        yield _remark(
            "outcome", "good", norm.outcome, changed, "It says what changed or was learned"
        )
    else:
        where = [content.sentences[i] for i in told]
        message = "The ending doesn't say yet what changed or what you learned"
        yield _remark("outcome", "watch", norm.outcome, where, message)
