"""Which takes may be compared: like with like."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from speechcoach.data import EngineInfo, Form, Question
from speechcoach.history.columns import Kept

OPEN = "open questions"
UNASKED = "answers without a question"
WITHIN = 2.0  # factor between a take's length and the median that still is similar: our guess


@dataclass(frozen=True)
class Group:
    """Takes that may be compared, oldest first; `left_out` says how many may not, and why."""

    name: str
    takes: tuple[Kept, ...]
    left_out: Mapping[str, int]


def groups(
    takes: Iterable[Kept],
    bank: Mapping[str, Question],
    forms: Mapping[str, Form],
    rules: Callable[[str | None], str],
    sizes: Mapping[int, float | None],
) -> tuple[Group, ...]:
    """Return the takes by kind of question, written answers apart, the largest group first.

    Takes of questions that the bank does not have are those of another guide: they are in no group.
    Compared are takes judged by today's rules, heard by the recogniser that heard the latest one,
    and of similar length. Of several analyses of one recording the last counts.

    Parameters
    ----------
    rules : callable
        From a question's id to the rules of today.
    sizes : Mapping
        The number of words by take: the length of what has no duration.
    """
    sorted_in: dict[str, list[Kept]] = {}
    for take in _one_each(takes):
        if take.question is not None and take.question not in bank:
            continue
        name = _name(bank[take.question], forms) if take.question else UNASKED
        written = "written " if take.kind == "text" else ""
        sorted_in.setdefault(written + name, []).append(take)
    made = (_group(name, found, rules, sizes) for name, found in sorted_in.items())
    return tuple(sorted(made, key=lambda group: -len(group.takes)))


def _name(question: Question, forms: Mapping[str, Form]) -> str:
    form = forms.get(question.kind)
    return form.answers if form else OPEN


def _one_each(takes: Iterable[Kept]) -> list[Kept]:
    """Return the last analysis of each recording, at the time of the first."""
    found: dict[tuple[str, str | None], Kept] = {}
    for take in sorted(takes, key=lambda take: take.id):
        found[take.sha256, take.question] = take
    return sorted(found.values(), key=lambda take: (take.made, take.id))


def _group(
    name: str,
    takes: Sequence[Kept],
    rules: Callable[[str | None], str],
    sizes: Mapping[int, float | None],
) -> Group:
    left_out: Counter[str] = Counter()

    def keep(why: str, fits: Callable[[Kept], bool]) -> list[Kept]:
        fitting = [take for take in takes if fits(take)]
        left_out[why] += len(takes) - len(fitting)
        return fitting

    today = {asked: rules(asked) for asked in {take.question for take in takes}}
    takes = keep(
        "judged by other rules ('speechcoach history rescore' brings them up to date)",
        lambda take: take.rules == today[take.question],
    )
    heard = [_heard_by(take) for take in takes if take.engine][-1:]
    takes = keep(
        "heard by another recogniser",
        lambda take: take.engine is None or same_recogniser(_heard_by(take), heard[0]),
    )
    lengths = {take.id: take.duration or sizes.get(take.id) or 0.0 for take in takes}
    middle = statistics.median(lengths.values()) if lengths else 0.0
    takes = keep(
        "much shorter or longer than usual",
        lambda take: middle / WITHIN <= lengths[take.id] <= middle * WITHIN,
    )
    return Group(name, tuple(takes), {why: count for why, count in left_out.items() if count})


def same_recogniser(first: EngineInfo, second: EngineInfo) -> bool:
    """Say whether the same model wrote the words of both, as far as that is known.

    A report from before digests were kept does not tell its model's: then the name counts, or a
    trend would end on the day of the upgrade.
    """
    known = None not in (first.digest, second.digest)
    return (first.name, first.model) == (second.name, second.model) and (
        not known or first.digest == second.digest
    )


def _heard_by(take: Kept) -> EngineInfo:
    return EngineInfo(take.engine or "", take.model or "", "", take.digest)
