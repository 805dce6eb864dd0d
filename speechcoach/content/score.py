"""The structure and content scores, and how they are made."""

from __future__ import annotations

from collections.abc import Iterator

from speechcoach.content.opinions import Form, PartNorm, opinions
from speechcoach.data import Content, Part, Structure

LEAST = 0.5  # of its points that a part keeps, however short or long: it is there


def structure_score(content: Content) -> float | None:
    """Return 0..100 for the form of the answer, None where its question asks for none."""
    if not content.sentences:
        return None
    form = opinions().form
    if content.star.applies:
        return form_score(content.star, form["star"])
    return form_score(content.timeline, form["timeline"]) if content.timeline.applies else None


def form_score(structure: Structure, form: Form) -> float:
    """Return 0..100: each part's points, as far as the part is there and of a usual size."""
    points = sum(norm.weight for norm in form.parts.values())
    earned = sum(
        norm.weight * fullness(structure.parts[name], norm) for name, norm in form.parts.items()
    )
    return 100 * earned / points


def fullness(part: Part, norm: PartNorm) -> float:
    """Return 0 for a part that is missing, 1 for one of a usual share, between for the others."""
    if not part.covered:
        return 0.0
    low, high = norm.usual
    if part.share < low:
        return max(LEAST, part.share / low)
    return max(LEAST, 1 - (part.share - high) / (1 - high)) if part.share > high else 1.0


def content_score(content: Content) -> float | None:
    """Return 0..100 for the rubric: elements covered, less what was to be avoided; None without."""
    rubric, norm = content.rubric, opinions().rubric
    if not rubric.elements or not content.sentences:
        return None
    covered = sum(element.covered for element in rubric.elements.values())
    flagged = sum(avoided.flagged for avoided in rubric.avoid.values())
    return max(0.0, norm.covered * covered / len(rubric.elements) - norm.avoided * flagged)


def explanation() -> Iterator[str]:
    """Return how both scores are made, a paragraph an entry."""
    norms = opinions()
    for name, form in norms.form.items():
        parts = "; ".join(
            f"{part} {norm.weight:g} (usual share {norm.usual[0]:.0%} to {norm.usual[1]:.0%})"
            for part, norm in form.parts.items()
        )
        yield (
            f"structure ({name}): points for each part that is there: {parts}. A part outside its "
            f"usual share loses up to {1 - LEAST:.0%} of its points. Source: {form.source}."
        )
    yield (
        f"content: {norms.rubric.covered:g} times the share of the question's elements that are "
        f"covered, less {norms.rubric.avoided:g} for each thing on its avoid-list. An element is "
        "covered where a sentence is nearer in meaning to its examples than to its near misses. "
        f"Source: {norms.rubric.source}."
    )
