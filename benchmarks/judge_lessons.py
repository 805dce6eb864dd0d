"""What the judge learns from: answers laid out anew for every epoch, blurred as recognisers do.

A lesson holds a question, labels to look for (each worded in one of its ways), sentences, and what
is known of them. What is not known is `UNKNOWN` and teaches nothing; that an answer to one question
shows what another asks for is `UNLIKELY`: a weak no, since it may.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import voices
from content_answers import Answer

from speechcoach.data import Question

UNKNOWN, UNLIKELY = -1.0, -2.0
ROLE_IDS = ("situation", "task", "action", "result", "none")
_FILLERS = re.compile(r"\b(um|uh|er|hmm|you know|i mean|like|sort of|kind of),?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A question to learn with: its wordings, and the wordings of each element and `!avoid`."""

    id: str
    texts: tuple[str, ...]
    star: bool
    meanings: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Source:
    """An answer to learn from; `shown` by sentence where that is known, `whole` by answer."""

    question: str
    manner: str
    texts: tuple[str, ...]
    roles: tuple[str, ...]  # a letter an annotator
    shown: tuple[voices.Shown, ...] | None
    whole: voices.Shown | None
    on_question: bool


@dataclass(frozen=True)
class Lesson:
    """One thing to read and what is to come out; targets are (sentence, label) and (label,)."""

    question: str
    labels: tuple[str, ...]
    texts: tuple[str, ...]
    by_sentence: tuple[tuple[float, ...], ...] = ()
    whole: tuple[float, ...] = ()
    roles: tuple[str, ...] = ()
    on_question: float | None = None


@dataclass(frozen=True)
class Material:
    """All that there is to learn from."""

    asked: Mapping[str, Asked]
    answers: tuple[Source, ...]
    sets: tuple[voices.MinimalSet, ...]
    bank: Mapping[str, tuple[tuple[str, str, float], ...]] = field(default_factory=dict)
    """By question: (element, sentence, 1 for an example, 0 for a near miss)."""


def of_bank(question: Question, plain: Mapping[str, Any] | None) -> Asked:
    """Return a question of the bank, worded as there and, if given, as in the guide's list."""
    meanings = {e.id: (e.meaning,) for e in question.elements}
    meanings |= {f"!{e.id}": (e.meaning,) for e in question.avoid}
    texts: tuple[str, ...] = (question.text,)
    if plain is not None:
        other = of_table(plain)
        texts = tuple(dict.fromkeys((*texts, *other.texts)))
        meanings = {key: (*ways, *other.meanings.get(key, ())) for key, ways in meanings.items()}
    return Asked(question.id, texts, question.kind == "star", meanings)


def of_table(plain: Mapping[str, Any]) -> Asked:
    """Return a question as a TOML table has it."""
    avoid = plain.get("avoid", {})
    meanings = {k: (v,) for k, v in plain["elements"].items()}
    meanings |= {f"!{k}": (v,) for k, v in avoid.items()}
    return Asked(str(plain["id"]), (str(plain["text"]),), plain["kind"] == "star", meanings)


def of_voice(told: voices.Told) -> Source:
    """Return a voice's answer."""
    return Source(
        told.question,
        told.manner,
        told.texts,
        told.roles,
        told.shown,
        told.whole,
        told.on_question,
    )


def of_answer(answer: Answer, asked: Mapping[str, Asked]) -> Source:
    """Return one of the earlier answers; of some it is known by answer only what they show."""
    letters = dict(zip(ROLE_IDS, voices.ROLES, strict=True))
    known = asked.get(answer.question)
    shown = None
    if answer.by_sentence is not None and known:
        shown = tuple(_marked(ids, known) for ids in answer.by_sentence)
    whole = _marked(answer.elements | answer.avoid, known) if known else None
    roles = tuple(letters[role] for role in answer.star or ())
    return Source(answer.question, "plain", answer.texts, roles, shown, whole, on_question=True)


def _marked(ids: Iterable[str], asked: Asked) -> voices.Shown:
    return {(name if name in asked.meanings else f"!{name}"): 1.0 for name in ids}


class Teacher:
    """Lays out lessons, differently each time; `seed` makes a run repeatable."""

    def __init__(self, material: Material, seed: int) -> None:
        self.material = material
        self.chance = random.Random(seed)

    def lessons(self) -> Iterator[Lesson]:
        """Yield the lessons of an epoch, in no order."""
        for source in self.material.answers:
            yield from self._of_answer(source)
        for one in self.material.sets:
            yield self._of_set(one)
        for question in self.material.bank:
            yield from self._of_bank(question)

    def label(self, asked: Asked, key: str) -> str:
        """Return one of the wordings of what `key` stands for."""
        return ("avoid: " if key[0] == "!" else "") + self.chance.choice(asked.meanings[key])

    def blurred(self, source: Source) -> Source:
        """Return an answer as a recogniser might write it, neighbours joined now and then."""
        chance, style = self.chance, self.chance.random()
        joining = 0.25 if style < 0.3 else 0.12
        texts: list[str] = []
        roles: list[str] = []
        shown: list[voices.Shown] = []
        for i, text in enumerate(source.texts):
            role = source.roles[i] if source.roles else ""
            more = dict(source.shown[i]) if source.shown else {}
            alike = texts and (not roles or roles[-1] == role) and len(texts[-1]) < 140
            if alike and chance.random() < joining:
                texts[-1] += (" " if style < 0.3 else " and ") + text
                shown[-1] = {k: max(shown[-1].get(k, 0), more.get(k, 0)) for k in shown[-1] | more}
                continue
            texts.append(text)
            shown.append(more)
            if role:
                roles.append(role)
        return replace(
            source,
            texts=tuple(self._written(text, style) for text in texts),
            roles=tuple(roles),
            shown=tuple(shown) if source.shown is not None else None,
        )

    def _written(self, text: str, style: float) -> str:
        if style >= 0.6:
            return text
        noisy = self._noisy(text)
        return re.sub(r"[^\w\s'’-]", "", noisy).lower() or noisy if style < 0.3 else noisy

    def _noisy(self, text: str) -> str:
        chance = self.chance
        if chance.random() < 0.5:
            text = _FILLERS.sub(lambda m: "" if chance.random() < 0.7 else m[0], text) or text
        words = text.split()
        if chance.random() < 0.4:
            words = [word for word in words if chance.random() > 0.04] or words
        return " ".join(words)

    def _of_answer(self, source: Source) -> Iterator[Lesson]:
        asked, chance = self.material.asked, self.chance
        seen = self.blurred(source)
        own = asked.get(source.question)
        if own is None or source.whole is None:
            other = chance.choice([q for q in asked.values() if q.star])
            yield Lesson(chance.choice(other.texts), (), seen.texts, roles=seen.roles)
            return
        keys = chance.sample(list(own.meanings), len(own.meanings))
        if chance.random() < 0.3 and len(keys) > 2:
            keys = keys[: chance.randint(2, len(keys))]
        whole = [source.whole.get(key, 0.0) for key in keys]
        rows = [[shown.get(key, 0.0) for key in keys] for shown in seen.shown or ()]
        labels = [self.label(own, key) for key in keys]
        for label in self._distractors(own):
            labels.append(label)
            whole.append(UNLIKELY)
            for row in rows:
                row.append(UNKNOWN)
        yield Lesson(
            chance.choice(own.texts),
            tuple(labels),
            seen.texts,
            tuple(map(tuple, rows)),
            tuple(whole),
            seen.roles,
            float(source.on_question),
        )
        if chance.random() < 0.35:
            yield self._elsewhere(source, seen, own)

    def _distractors(self, own: Asked) -> Iterator[str]:
        """Yield what other questions look for, and this one does not under the same name."""
        names = {key.lstrip("!") for key in own.meanings}
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            other = self.chance.choice(list(self.material.asked.values()))
            key = self.chance.choice(list(other.meanings))
            if other is not own and key.lstrip("!") not in names:
                yield self.label(other, key)

    def _elsewhere(self, source: Source, seen: Source, own: Asked) -> Lesson:
        """Return the same answer, held against another question."""
        names = {key.lstrip("!") for key in own.meanings}
        other = self.chance.choice([q for q in self.material.asked.values() if q is not own])
        answers = source.manner == f"off-question:{other.id}"
        keys = [key for key in other.meanings if key.lstrip("!") not in names]
        self.chance.shuffle(keys)
        return Lesson(
            self.chance.choice(other.texts),
            tuple(self.label(other, key) for key in keys),
            seen.texts,
            whole=(UNKNOWN if answers else UNLIKELY,) * len(keys),
            on_question=float(answers),
        )

    def _of_set(self, one: voices.MinimalSet) -> Lesson:
        asked = self.material.asked[one.question]
        key = one.element if one.element in asked.meanings else f"!{one.element}"
        lines = self.chance.sample(one.lines, self.chance.randint(2, len(one.lines)))
        rows = tuple((float(kind in voices.SHOWN_IN),) for kind, _ in lines)
        texts = tuple(self._written(text, self.chance.random() + 0.1) for _, text in lines)
        return Lesson(
            self.chance.choice(asked.texts),
            (self.label(asked, key),),
            texts,
            rows,
            (max(row[0] for row in rows),),
        )

    def _of_bank(self, question: str) -> Iterator[Lesson]:
        """Yield half of a question's examples and near misses, six at a time."""
        asked, rows = self.material.asked[question], self.material.bank[question]
        picked = self.chance.sample(rows, len(rows) // 2)
        for start in range(0, len(picked), 6):
            some: Sequence[tuple[str, str, float]] = picked[start : start + 6]
            keys = list(dict.fromkeys(key for key, _, _ in some))
            yield Lesson(
                self.chance.choice(asked.texts),
                tuple(self.label(asked, key) for key in keys),
                tuple(text for _, text, _ in some),
                tuple(
                    tuple(right if key == own else UNKNOWN for key in keys)
                    for own, _, right in some
                ),
                (UNKNOWN,) * len(keys),
            )
