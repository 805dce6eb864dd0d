"""From the parts that sentences belong to, to the parts of an answer: times, shares, score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from speechcoach.data import NO_PART, Content, Covered, Form, FormPart, Part, Sentence, Structure

LEAST = 0.5  # of its points that a part keeps, however short or long: it is there


def structured(
    sentences: Sequence[Sentence], told: Sequence[str], form: Form, worth: Sequence[float]
) -> Structure:
    """Return the parts of an answer whose sentences belong to these, one a sentence.

    `worth` tells how well each sentence shows its part.
    """
    timed = bool(sentences) and all(s.start is not None and s.end is not None for s in sentences)
    lengths = [_length(s, timed=timed) for s in sentences]
    total = sum(lengths)
    found = {}
    for name in (part.id for part in form.parts):
        own = tuple(i for i, part in enumerate(told) if part == name)
        length = sum(lengths[i] for i in own)
        share = length / total if total > 0 else 0.0
        best = max(own, key=lambda i: worth[i], default=None)
        found[name] = Part(bool(own), length if timed else None, share, own, best)
    return Structure(form.id, found)


def _length(sentence: Sentence, *, timed: bool) -> float:
    """Return a sentence's length in seconds, in words where the answer has no times."""
    if timed and sentence.start is not None and sentence.end is not None:
        return sentence.end - sentence.start
    return float(sentence.words[1] - sentence.words[0])


def agreeing(told: Sequence[str], form: Form, elements: Mapping[str, Covered]) -> list[str]:
    """Return the parts with those of the rubric's evidence, where an element is named like a part.

    The rubric knows the question's own examples, so it has the last word on whether a part is
    there; the form knows how far the part reaches.
    """
    found = list(told)
    for name in (part.id for part in form.parts):
        element = elements.get(name)
        if element is None:
            continue
        if element.verdict == "no":
            found = [NO_PART if part == name else part for part in found]
        elif element.covered and name not in found:
            found[element.sentences[0]] = name
    return found


def structure_score(content: Content, form: Form | None) -> float | None:
    """Return 0..100: each part's points, as far as the part is there and of a usual size.

    None where no form is asked for, nothing was said, or something else than the question was
    answered.
    """
    if form is None or not content.sentences or content.off_question:
        return None
    found = content.structure.parts
    points = sum(part.weight for part in form.parts)
    earned = sum(part.weight * fullness(found[part.id], part) for part in form.parts)
    return 100 * earned / points


def fullness(found: Part, part: FormPart) -> float:
    """Return 0 for a part that is missing, 1 for one of a usual share, between for the others."""
    if not found.covered:
        return 0.0
    low, high = part.usual
    if found.share < low:
        return max(LEAST, found.share / low)
    return max(LEAST, 1 - (found.share - high) / (1 - high)) if found.share > high else 1.0


def explained(forms: Mapping[str, Form]) -> Iterator[str]:
    """Yield how the score is made, a paragraph a form."""
    for form in forms.values():
        parts = "; ".join(
            f"{part.label} {part.weight:g} (usual share {part.usual[0]:.0%} to {part.usual[1]:.0%})"
            for part in form.parts
        )
        yield (
            f"structure ({form.name}): points for each part that is there: {parts}. A part outside "
            f"its usual share loses up to {1 - LEAST:.0%} of its points. Source: {form.source}."
        )
