"""What an answer covers of its question's rubric: verdicts, score, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from speechcoach.content.opinions import RubricNorm
from speechcoach.content.reading import Floats, Reading
from speechcoach.content.sentences import quote, spans_of
from speechcoach.data import Content, Covered, Element, Finding, Flagged, Question, Rubric

SHOWN = 3  # at most so many sentences as evidence


def judged(reading: Reading) -> Rubric:
    """Return what the sentences cover, and what they should have avoided."""
    return Rubric(
        {name: Covered(*_verdict(found)) for name, found in reading.elements.items()},
        {name: Flagged(*_verdict(found)) for name, found in reading.avoid.items()},
    )


def _verdict(found: Floats) -> tuple[bool, float, tuple[int, ...]]:
    """Return whether any sentence is enough, the highest probability, and the sentences."""
    order = np.argsort(-found, kind="stable")
    enough = tuple(int(i) for i in order if found[i] > 0.5)
    return bool(enough), float(found.max(initial=0.0)), enough[:SHOWN]


def content_score(content: Content, norm: RubricNorm) -> float | None:
    """Return 0..100: elements covered, less what was to be avoided; None without a rubric."""
    rubric = content.rubric
    if not rubric.elements or not content.sentences:
        return None
    covered = sum(element.covered for element in rubric.elements.values())
    flagged = sum(avoided.flagged for avoided in rubric.avoid.values())
    return max(0.0, norm.covered * covered / len(rubric.elements) - norm.avoided * flagged)


def remarks(content: Content, question: Question, norm: RubricNorm) -> Iterator[Finding]:
    """Yield what the answer should have avoided, then what of its rubric was not heard."""
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
    yield from _not_heard(content, question.elements, norm)


def _not_heard(
    content: Content, elements: tuple[Element, ...], norm: RubricNorm
) -> Iterator[Finding]:
    """Yield one remark for the missing elements: the first by its meaning, the rest by number."""
    said = {name for name, part in content.structure.parts.items() if not part.covered}
    covered: Mapping[str, Covered] = content.rubric.elements
    missing = [e for e in elements if not covered[e.id].covered and e.id not in said]
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
        f"less {norm.avoided:g} for each thing on its avoid-list. An element is covered where a "
        "sentence is nearer in meaning to its examples than to its near misses. "
        f"Source: {norm.source}."
    )
