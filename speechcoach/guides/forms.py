"""Reads the forms of answer that a guide defines.

::

    [[form]]
    id = "three-courses"            # kebab-case; a question's `kind` names it
    name = "three courses"          # what reports call it; optional, else the id
    key = "courses"                 # what findings are called by; optional, else the id
    answers = "menus"               # what such answers are called in 'progress'; optional
    source = "our guess"            # where the shares and points come from

    [[form.parts]]                  # in the order in which they are told
    id = "starter"
    meaning = "You say what you begin with."
    weight = 30                     # its points among those of all parts; optional
    usual = [0.1, 0.5]              # its usual share of the answer; optional
    missing = "Begin with ..."      # the advice where it is missing ...
    short = "..."                   # ... or shorter or longer than usual; both optional
    long = "..."
    level = "work"                  # how much a missing part matters: work or watch; optional
    moment = "scene"                # what it is in a story, see below; optional
    examples = [...]                # sentences that show it, as in a rubric ...
    near_misses = [...]             # ... and such as only come near; optional

Parts are recognised by what they mean; examples make it surer. A form whose parts are moments of
a story (``scene``, ``aim``, ``steps``, ``ending``) asks for something that happened: its parts are
told by their moments, "I would" earns nothing, and the story is judged as one.
"""

from __future__ import annotations

from typing import get_args

from speechcoach.data import NO_PART, OPEN, Form, FormPart, Level, Moment
from speechcoach.guides.tables import KEBAB, Table

FIELDS = ("name", "key", "answers")
PART_REQUIRED = ("id", "meaning", "missing")
PART_OPTIONAL = (
    *("weight", "usual", "short", "long", "level", "moment"),
    *("examples", "near_misses"),
)
LEVELS: tuple[Level, ...] = ("watch", "work")
MOMENTS: tuple[Moment, ...] = get_args(Moment)[:-1]
MOST = 1e6  # points; more say nothing


def read_forms(file: Table) -> tuple[Form, ...]:
    """Return the forms that a guide's file defines."""
    return file.unique("form", [_form(table) for table in file.tables("form", "[[form]]", "form")])


def _form(table: Table) -> Form:
    table.check_keys(("id", "source", "parts"), FIELDS)
    found = table.identifier()
    if found == OPEN:
        table.complain("id", f"{OPEN!r} is what a question of no form is called")
    name = table.text("name", found)
    key = table.text("key", found)
    if key and not KEBAB.fullmatch(key):
        table.expect("key", "lower-case letters and digits joined by single hyphens")
    parts = [_part(one) for one in table.tables("parts", "[[form.parts]]", "part")]
    if "parts" in table.values and len(parts) < 2:
        table.complain("parts", f"a form has two or more, this one has {len(parts)}")
    return Form(
        id=found,
        name=name,
        key=key,
        answers=table.text("answers", f"{name} answers"),
        source=table.text("source"),
        parts=table.unique("parts", parts),
    )


def _part(table: Table) -> FormPart:
    table.check_keys(PART_REQUIRED, PART_OPTIONAL)
    if table.values.get("id") == NO_PART:
        table.complain("id", f"{NO_PART!r} is what a sentence of no part is called")
    return FormPart(
        id=table.identifier(),
        meaning=table.text("meaning"),
        examples=table.sentences("examples"),
        near_misses=table.sentences("near_misses"),
        weight=table.number("weight", 1.0, MOST),
        usual=table.span("usual", "two rising shares of 0 to 1, as in [0.1, 0.5]", 0.0, 1.0)
        or (0.0, 1.0),
        missing=table.text("missing"),
        short=table.text("short"),
        long=table.text("long"),
        level=table.choice("level", LEVELS) if "level" in table.values else "work",
        moment=table.choice("moment", MOMENTS) if "moment" in table.values else "",
    )
