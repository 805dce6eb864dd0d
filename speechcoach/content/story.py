"""What the form of an answer asks for next: parts missing, too long, out of order, not yours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from speechcoach.content.opinions import Remark, StoryNorm
from speechcoach.content.sentences import spans_of
from speechcoach.content.wording import Wording
from speechcoach.data import Content, Finding, Form, FormPart, Level, Moment, Part, Sentence

CHANGE = ("outcome", "since", "learned")
NOTHING = Part(False, None, 0.0, ())


class Story(NamedTuple):
    """A told answer: what it says, its wording, and the form that it should have."""

    content: Content
    wording: Wording
    form: Form

    def at(self, moment: Moment) -> Part:
        """Return what was told of a moment; nothing where the form has no such part."""
        name = self.named(moment)
        return self.content.structure.parts[name] if name else NOTHING

    def named(self, moment: Moment) -> str:
        """Return the id of the form's part for a moment, empty if it has none."""
        return next((part.id for part in self.form.parts if part.moment == moment), "")

    def sentences(self, part: Part) -> list[Sentence]:
        """Return what was said in a part."""
        return [self.content.sentences[i] for i in part.sentences]

    def remark(
        self, name: str, level: Level, remark: Remark, where: Sequence[Sentence], message: str
    ) -> Finding:
        """Return a finding about the story."""
        about = f"{self.form.key}.{name}"
        return Finding(about, level, message, remark.advice, remark.source, spans_of(where))


def remarks(content: Content, wording: Wording, form: Form, norm: StoryNorm) -> Iterator[Finding]:
    """Yield what is good about the form of an answer and what would help it."""
    told = Story(content, wording, form)
    if not form.story:
        yield from _parts(told)
        return
    if imagined(told, norm):
        message = "This answer says what you would do, not what you did"
        yield told.remark("hypothetical", "work", norm.imagined, content.sentences, message)
        return
    set_up = list(_set_up(told, norm))
    scene = f"{form.key}.{told.named('scene')}"
    for finding in _parts(told):
        if not (set_up and finding.about == scene):  # the same thing said twice
            yield finding
    yield from set_up
    yield from _order(told, norm)
    yield from _team(told, norm)
    yield from _outcome(told, norm)


def imagined(told: Story, norm: StoryNorm) -> bool:
    """Return whether an answer is told as "I would" instead of as something that happened."""
    would = told.wording.sign("hypothetical") > 0
    acted = (told.wording.sign("did", "we_did") > 0) & ~would
    steps = np.array(told.at("steps").sentences, int)
    return bool(would.mean() >= norm.hypothetical and not acted[steps].any())


def _parts(told: Story) -> Iterator[Finding]:
    """Yield a finding for each part that is missing or short, and the shares of those there."""
    form, parts = told.form, told.content.structure.parts
    for part in form.parts:
        found = parts[part.id]
        advice = _advice(found, part)
        if not advice:
            continue
        said = "is missing" if not found.covered else f"takes {found.share:.0%} of the answer"
        yield Finding(
            f"{form.key}.{part.id}",
            "watch" if found.covered else part.level,
            f"The {part.label} {said}",
            advice,
            form.source,
            spans_of(told.sentences(found)),
        )
    if all(found.covered for found in parts.values()):
        shares = ", ".join(f"{part.label} {parts[part.id].share:.0%}" for part in form.parts)
        message = f"All parts are there: {shares}"
        yield Finding(f"{form.key}.parts", "good", message, "", form.source)


def _advice(found: Part, part: FormPart) -> str:
    if not found.covered:
        return part.missing
    if found.share < part.usual[0]:
        return part.short
    return part.long if found.share > part.usual[1] else ""


def _set_up(told: Story, norm: StoryNorm) -> Iterator[Finding]:
    scene, ending = told.at("scene"), told.at("ending")
    share = scene.share + told.at("aim").share
    if share > norm.set_up_most:
        last = told.named("ending").replace("-", " ")
        message = f"{share:.0%} of the answer is set-up" + (
            f", {ending.share:.0%} {last}" if last else ""
        )
        yield told.remark("set_up", "watch", norm.set_up, told.sentences(scene), message)


def _order(told: Story, norm: StoryNorm) -> Iterator[Finding]:
    """Yield a remark where the middle of what you did comes before the scene or after the end."""
    scene, steps, ending = (told.at(moment) for moment in ("scene", "steps", "ending"))
    if not steps.covered:
        return
    middle, last = float(np.median(steps.sentences)), len(told.content.sentences) - 1
    late_scene = scene.covered and float(np.median(scene.sentences)) > middle
    early_end = ending.covered and max(ending.sentences) < middle < last
    if late_scene or early_end:
        where = told.sentences(scene if late_scene else ending)
        what = "The scene is set after the story" if late_scene else "The ending comes first only"
        yield told.remark("order", "watch", norm.order, where, what)


def _team(told: Story, norm: StoryNorm) -> Iterator[Finding]:
    steps = np.array(told.at("steps").sentences, int)
    if not len(steps):
        return
    ours = (told.wording.sign("we_did") > 0) & (told.wording.sign("did") == 0)
    share = float(ours[steps].mean())
    if share > norm.we:
        where = [told.content.sentences[i] for i in steps if ours[i]]
        message = f"{int(ours[steps].sum())} of {len(steps)} steps are told as “we”"
        yield told.remark("team", "watch", norm.team, where, message)


def _outcome(told: Story, norm: StoryNorm) -> Iterator[Finding]:
    """Yield whether the ending says what changed or what was learned."""
    ending = told.at("ending")
    if not ending.covered:
        return
    change = told.wording.sign(*CHANGE)
    changed = [told.content.sentences[i] for i in ending.sentences if change[i] > 0]
    if changed:
        message = "It says what changed or was learned"
        yield told.remark("outcome", "good", norm.outcome, changed, message)
    else:
        message = "The ending doesn't say yet what changed or what you learned"
        yield told.remark("outcome", "watch", norm.outcome, told.sentences(ending), message)
