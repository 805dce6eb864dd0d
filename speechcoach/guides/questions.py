"""Reads the questions of a file.

::

    [[question]]
    id = "why-radiology"            # kebab-case; file names and --question use it
    category = "foundation"
    text = "Why radiology?"
    kind = "open"                   # a form of the guide, such as star, or open
    seconds = [60, 120]             # the window of a well-sized answer
    assesses = ["what the question is really about", ...]      # optional
    tips = ["one concrete tip", ...]                           # optional
    elements = { id = "meaning", ... }                         # optional, also avoid

Where an element brings sentences to be matched by meaning, it is a table of its own, in
``[[question.elements]]`` (and ``[[question.avoid]]``): `id`, `meaning`, `examples` (sentences that
show it) and `near_misses` (sentences on its topic that do not). Lists of sentences may be written
as one text block, a sentence a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from speechcoach.data import OPEN, Element, Question
from speechcoach.guides.tables import Table, read

SHORTEST, LONGEST = 0.001, 86_400.0  # seconds; no answer is longer than a day
REQUIRED = ("id", "category", "text", "kind", "seconds")
OPTIONAL = ("assesses", "tips", "elements", "avoid")


def read_questions(path: Path, forms: Iterable[str], problems: list[str]) -> tuple[Question, ...]:
    """Return the questions of a file; add what is wrong with it to `problems`.

    Parameters
    ----------
    forms : iterable of str
        The ids of the forms of answer that the guide has; a question may also be open.
    """
    file = read(path, problems, holds="[[question]]")
    if not file.values:
        return ()
    file.check_keys(("question",))
    kinds = (*forms, OPEN)
    found = file.tables("question", "[[question]]", "question")
    return file.unique("question", [_question(table, kinds) for table in found])


def _question(table: Table, kinds: tuple[str, ...]) -> Question:
    table.check_keys(REQUIRED, OPTIONAL)
    rising = "two rising positive numbers, as in [60, 120]"
    return Question(
        id=table.identifier(),
        category=table.text("category"),
        text=table.text("text"),
        kind=table.choice("kind", kinds),
        seconds=table.span("seconds", rising, SHORTEST, LONGEST) or (0.0, 0.0),
        assesses=table.sentences("assesses"),
        elements=_elements(table, "elements"),
        avoid=_elements(table, "avoid"),
        tips=table.sentences("tips"),
    )


def _elements(table: Table, key: str) -> tuple[Element, ...]:
    """Return the elements under `key`, in the short form (id = meaning) or in the full one."""
    value = table.values.get(key)
    if isinstance(value, dict):
        full = [{"id": name, "meaning": meaning} for name, meaning in value.items()]
        table = Table({**table.values, key: full}, table.place, table.problems)
    tables = table.tables(key, f"[[question.{key}]]", key)
    return table.unique(key, [element(one) for one in tables])


def element(table: Table) -> Element:
    """Return an element of a rubric."""
    table.check_keys(("id", "meaning"), ("examples", "near_misses"))
    return Element(
        id=table.identifier(),
        meaning=table.text("meaning"),
        examples=table.sentences("examples"),
        near_misses=table.sentences("near_misses"),
    )
