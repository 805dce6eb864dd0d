"""Opinions on facts: bands from ``norms.toml`` become findings and scores, each with its source.

The score of a value is 100 in the good band; outside it falls in a straight line, through 60 at
the edge of the watch band, and on at the same slope, never below 0. A value that is None has no
score; a score of which every part is None is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from speechcoach.data import Finding, Level, Measurement, Question, Span
from speechcoach.judging.norms import Band, LengthNorm, Norm, Norms, QualityLimit
from speechcoach.quantities import as_said, quantity

MEASURED = ("length", "fillers", "pace", "delivery")  # the scores that norms feed
WATCH_EDGE = 60.0  # the score at the edge of the watch band; part of the documented formula


@dataclass(frozen=True)
class Judgement:
    """What scoring makes of one answer."""

    findings: tuple[Finding, ...]
    scores: Mapping[str, float | None]
    warnings: tuple[str, ...]


def band_score(value: float, good: Band, watch: Band) -> float:
    """Return 0..100 for `value`: 100 in `good`, 60 at the edges of `watch`, straight lines between.

    An edge that both bands share has no outside: values beyond it keep 100.
    """
    if value < good[0]:
        beyond, margin = good[0] - value, good[0] - watch[0]
    else:
        beyond, margin = max(value - good[1], 0.0), watch[1] - good[1]
    if beyond == 0 or margin == 0:
        return 100.0
    return max(0.0, 100.0 - (100.0 - WATCH_EDGE) * beyond / margin)


def level(value: float, good: Band, watch: Band) -> Level:
    """Return which band `value` is in."""
    if good[0] <= value <= good[1]:
        return "good"
    return "watch" if watch[0] <= value <= watch[1] else "work"


def weighted_mean(pairs: Iterable[tuple[float | None, float]]) -> float | None:
    """Return the mean of the (value, weight) pairs whose value is known, None if there are none."""
    known = [(value, weight) for value, weight in pairs if value is not None and weight > 0]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if known else None


def length_norm(rule: LengthNorm, question: Question | None) -> Norm:
    """Return the norm of the answer's length for `question`, or for any question if None."""
    low, high = question.seconds if question else rule.window
    target = f"{low:g} to {high:g} s for this question" if question else f"{low:g} to {high:g} s"
    return Norm(
        metric="speaking_time",
        label="length",
        score="length",
        weight=1.0,
        good=(low, high),
        watch=(low * rule.below, high * rule.above),
        low=rule.low,
        high=rule.high,
        source=f"{target}; {rule.source}",
    )


def norms_for(norms: Norms, question: Question | None) -> tuple[Norm, ...]:
    """Return every norm that applies to an answer to `question`, that of its length first."""
    return (length_norm(norms.length, question), *norms.norm)


def judge_value(norm: Norm, measurements: Mapping[str, Measurement]) -> Finding | None:
    """Return the finding that `norm` makes of its measurement, None where that has no value."""
    measurement = measurements[norm.metric]
    value = measurement.value
    if value is None:
        return None
    value = as_said(value, measurement.unit)
    where, advice = "", ""
    if value < norm.good[0]:
        where, advice = norm.where_low, norm.low
    elif value > norm.good[1]:
        where, advice = norm.where_high, norm.high
    return Finding(
        about=norm.metric,
        level=level(value, norm.good, norm.watch),
        message=f"{norm.label}: {quantity(value, measurement.unit)}",
        advice=advice,
        source=norm.source,
        spans=(measurements[where].spans if where else ())
        or (_end(norm, measurement.spans) if advice and norm.score == "length" else ())
        or measurement.spans,
    )


def _end(norm: Norm, answer: Sequence[Span]) -> tuple[Span, ...]:
    """Return what of an answer lies beyond its window, or the end of one that stops short of it."""
    return tuple(Span(min(s.start + norm.good[1], s.end), s.end) for s in answer)


def part_score(
    name: str, norms: Sequence[Norm], measurements: Mapping[str, Measurement]
) -> float | None:
    """Return the score `name` from the norms that feed it; None without one that it needs."""
    feeding = [norm for norm in norms if norm.score == name]
    if any(norm.needed and measurements[norm.metric].value is None for norm in feeding):
        return None
    return weighted_mean((_norm_score(norm, measurements), norm.weight) for norm in feeding)


def _norm_score(norm: Norm, measurements: Mapping[str, Measurement]) -> float | None:
    measured = measurements[norm.metric]
    if measured.value is None:
        return None
    return band_score(as_said(measured.value, measured.unit), norm.good, norm.watch)


def warn(limits: Iterable[QualityLimit], measurements: Mapping[str, Measurement]) -> list[str]:
    """Return a sentence for every limit of recording quality that is broken."""
    found = []
    for limit in limits:
        value = measurements[limit.metric].value
        if value is not None and not limit.below <= value <= limit.above:
            found.append(limit.said_of(value))
    return found


def judge(
    measurements: Mapping[str, Measurement],
    question: Question | None,
    norms: Norms,
    findings: Iterable[Finding] = (),
    **said: float | None,
) -> Judgement:
    """Return findings, scores and warnings for one answer.

    `findings` are those on what was `said`, its scores by name: they come first.
    """
    rules = norms_for(norms, question)
    scores = {name: part_score(name, rules, measurements) for name in MEASURED} | said
    overall = weighted_mean(
        (scores[name], weight) for name, weight in norms.overall.weights.items()
    )
    judged = [judge_value(norm, measurements) for norm in rules]
    return Judgement(
        findings=(*findings, *(finding for finding in judged if finding)),
        scores={"overall": overall, **scores},
        warnings=tuple(warn(norms.warning, measurements)),
    )


def next_steps(findings: Iterable[Finding], *, most: int = 3) -> tuple[Finding, ...]:
    """Return the findings to act on first: what needs work before what is worth a look."""
    open_ones = [finding for finding in findings if finding.advice and finding.level != "good"]
    return tuple(sorted(open_ones, key=lambda finding: finding.level != "work")[:most])
