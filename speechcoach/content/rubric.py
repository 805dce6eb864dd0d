"""What an answer covers of its question's rubric: verdicts, score, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from speechcoach.content.opinions import RubricNorm
from speechcoach.content.reading import Floats, Reading, Shown
from speechcoach.content.sentences import quote, spans_of
from speechcoach.data import (
    Content,
    Covered,
    Element,
    Finding,
    Flagged,
    Question,
    Rubric,
)

MOST_SHOWN = 3  # at most so many sentences as evidence
FRAGMENT = 3  # words; a sentence of no more is evidence only where nothing better is there


def judged(reading: Reading, lengths: Floats) -> Rubric:
    """Return what the sentences cover, and what they should have avoided.

    An answer to something else covers nothing and commits nothing of this rubric. `lengths` are
    the sentences' words, fillers left out, shape (n,).
    """
    if reading.on_question and reading.on_question.off:
        return Rubric(
            {name: Covered("no", found.best) for name, found in reading.elements.items()},
            {name: Flagged(False, found.best) for name, found in reading.avoid.items()},
        )
    return Rubric(
        {name: _covered(found, lengths) for name, found in reading.elements.items()},
        {name: _flagged(found, lengths) for name, found in reading.avoid.items()},
    )


def _covered(found: Shown, lengths: Floats) -> Covered:
    if found.best >= found.yes:
        return Covered("yes", found.best, _evidence(found.likely, found.yes, lengths))
    if found.best >= found.perhaps:
        return Covered("perhaps", found.best, _evidence(found.likely, found.perhaps, lengths))
    return Covered("no", found.best)


def _flagged(found: Shown, lengths: Floats) -> Flagged:
    shown = _evidence(found.likely, found.yes, lengths)
    return Flagged(bool(shown), found.best, shown)


def _evidence(likely: Floats, cut: float, lengths: Floats) -> tuple[int, ...]:
    """Return the sentences that are enough, best first, fragments last."""
    order = np.lexsort((-likely, lengths <= FRAGMENT))
    return tuple(int(i) for i in order if likely[i] >= cut)[:MOST_SHOWN]


def content_score(content: Content, norm: RubricNorm) -> float | None:
    """Return 0..100: elements covered, less what was to be avoided.

    None without a rubric, and where something else than the question was answered.
    """
    rubric = content.rubric
    if not rubric.elements or not content.sentences or content.off_question:
        return None
    points = {"yes": 1.0, "perhaps": norm.perhaps, "no": 0.0}
    covered = sum(points[element.verdict] for element in rubric.elements.values())
    flagged = sum(avoided.flagged for avoided in rubric.avoid.values())
    return max(0.0, norm.covered * covered / len(rubric.elements) - norm.avoided * flagged)


def remarks(content: Content, question: Question, norm: RubricNorm) -> Iterator[Finding]:
    """Yield what the answer should have avoided, then what of its rubric was not surely heard."""
    for element in question.avoid:
        flagged = content.rubric.avoid[element.id]
        if flagged.flagged:
            shown = [content.sentences[i] for i in flagged.sentences]
            yield Finding(
                f"avoid.{element.id}",
                "work",
                f"{quote(shown[0].text)} may be heard like this: {element.meaning.rstrip('.')}",
                norm.avoid,
                norm.rubric_source,
                spans_of(shown),
            )
    yield from _unsure(content, question.elements, norm)
    yield from _not_heard(content, question.elements, norm)


def _unsure(content: Content, elements: tuple[Element, ...], norm: RubricNorm) -> Iterator[Finding]:
    """Yield a question for each element that was perhaps meant."""
    for element in elements:
        found = content.rubric.elements[element.id]
        if found.verdict == "perhaps":
            shown = [content.sentences[i] for i in found.sentences]
            yield Finding(
                f"element.{element.id}",
                "watch",
                f"Did you mean {quote(shown[0].text)} to show this: {element.meaning.rstrip('.')}?",
                norm.perhaps_meant,
                norm.rubric_source,
                spans_of(shown),
            )


def _not_heard(
    content: Content, elements: tuple[Element, ...], norm: RubricNorm
) -> Iterator[Finding]:
    """Yield one remark for the missing elements: the first by its meaning, the rest by number."""
    said = {name for name, part in content.structure.parts.items() if not part.covered}
    covered: Mapping[str, Covered] = content.rubric.elements
    missing = [e for e in elements if covered[e.id].verdict == "no" and e.id not in said]
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        yield Finding(
            f"element.{missing[0].id}",
            "watch",
            f"Not heard: {missing[0].meaning.rstrip('.')}{more}",
            norm.missing,
            norm.rubric_source,
        )


def explained(norm: RubricNorm) -> str:
    """Return how the score is made."""
    return (
        f"content: {norm.covered:g} times the share of the question's elements that are covered, "
        f"one that is perhaps meant counting {norm.perhaps:g}, less {norm.avoided:g} for each "
        "thing on its avoid-list. An element is covered where a sentence says that you did, saw or "
        "thought it, not where you deny it, wish for it, promise it or quote it. An answer to "
        f"something else has no score. Source: {norm.source}."
    )
