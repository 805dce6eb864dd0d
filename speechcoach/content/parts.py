"""Which part of its form each sentence of an answer belongs to.

The parts of a story are the moments that the network was trained on; those of other forms are
told by what they mean, like elements.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from speechcoach.content.calibration import NEVER, calibration
from speechcoach.content.heads import MOMENTS
from speechcoach.content.reading import Floats, Shown
from speechcoach.content.wording import Wording
from speechcoach.data import NO_PART, Form, FormPart

ORDER = 0.3  # tried on voices held out: 0.1 to 0.3 alike, none misses a part more in a hundred
LEAST = 2  # words with colour without which a part says nothing: "I asked, I told, I went"


def by_meaning(form: Form | None, known: AbstractSet[str]) -> list[FormPart]:
    """Return the parts that must be looked for: no moments, and not `known` as elements."""
    if form is None:
        return []
    return [part for part in form.parts if part.id not in {*_moments(form).values(), *known}]


def _moments(form: Form) -> dict[str, str]:
    """Return the parts of a story that are moments of it, by moment."""
    return {part.moment: part.id for part in form.parts if part.moment and form.story}


def told(
    form: Form, moments: Floats, shown: Mapping[str, Shown], wording: Wording
) -> tuple[tuple[str, ...], Floats]:
    """Return the part of each sentence, and how probably it is that.

    Parameters
    ----------
    moments : array
        How probably each sentence is each of `MOMENTS`, shape (n, 5).
    shown : mapping
        The parts that are no moments, by id.
    """
    named = _moments(form)
    best = in_order(moments)
    names = [named.get(MOMENTS[moment], NO_PART) for moment in best]
    sure = moments[np.arange(len(best)), best] * bool(named)
    for part in (part.id for part in form.parts if part.id not in named.values()):
        found = shown[part]
        better = (found.likely >= found.perhaps) & (found.likely > sure)
        names = [part if take else name for take, name in zip(better, names, strict=True)]
        sure = np.where(better, found.likely, sure)
    whole = _with_colour(names if form.story else _between(names), wording)
    return tuple(whole), np.asarray(sure, np.float32)


def in_order(moments: Floats) -> list[int]:
    """Return the likeliest moment of each sentence, chosen together (Viterbi 1967).

    What usually follows what weighs a little: `ORDER` of what it weighed in a chain of its own.
    """
    if not len(moments):
        return []
    after = ORDER * np.array(calibration().moments.after)
    odds = np.log(moments + NEVER)
    best = odds[0]
    came_from = []
    for row in odds[1:]:
        reached = best[:, None] + after
        came_from.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + row
    path = [int(best.argmax())]
    for step in reversed(came_from):
        path.append(int(step[path[-1]]))
    return path[::-1]


def _between(told: Sequence[str]) -> list[str]:
    """Return the parts with what stands between two sentences of one part counted to it."""
    found = list(told)
    known = [i for i, part in enumerate(told) if part != NO_PART]
    for first, last in itertools.pairwise(known):
        if told[first] == told[last]:
            found[first:last] = [told[first]] * (last - first)
    return found


def _with_colour(told: Sequence[str], wording: Wording) -> list[str]:
    """Return the parts without those in which hardly a word paints a picture."""
    colour = np.expm1(wording.substance[:, 0])
    empty = {
        part
        for part in set(told)
        if sum(c for c, p in zip(colour, told, strict=True) if p == part) < LEAST
    }
    return [NO_PART if part in empty else part for part in told]
