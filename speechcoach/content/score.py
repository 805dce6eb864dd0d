"""The structure and content scores, and how they are made."""

from __future__ import annotations

from collections.abc import Iterator

from speechcoach.data import Content, Rubric, Structure


def structure_score(content: Content) -> float | None:
    """Return 0..100 for the form of the answer, None where its question asks for none."""
    structure: Structure = content.star if content.star.applies else content.timeline
    if not structure.applies or not content.sentences:
        return None
    return 100 * sum(part.covered for part in structure.parts.values()) / len(structure.parts)


def content_score(content: Content) -> float | None:
    """Return 0..100 for the rubric elements that are covered, None without a rubric."""
    rubric: Rubric = content.rubric
    if not rubric.elements or not content.sentences:
        return None
    covered = sum(element.covered for element in rubric.elements.values())
    return 100 * covered / len(rubric.elements)


def explanation() -> Iterator[str]:
    """Return how both scores are made, a paragraph an entry."""
    yield "structure: the share of the parts that are there."
    yield "content: the share of the question's elements that are covered."
