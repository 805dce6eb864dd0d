"""HTML: one self-contained file, nothing fetched, nothing run; every value is escaped."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from speechcoach.harmless import harmless

if TYPE_CHECKING:
    from jinja2 import Environment


@functools.cache
def environment() -> Environment:
    """Return the templates of this package, every value in them harmless and escaped.

    ``parts.html`` holds the macros that pages share.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from speechcoach.quantities import cell, clock

    made = Environment(
        loader=PackageLoader("speechcoach.views"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(cell=cell, clock=clock)
    return made


def page(template: str, **values: Any) -> str:
    """Return a page: the template of that name, filled in."""
    return environment().get_template(template).render(**values)


def _harmless(value: Any) -> Any:
    return harmless(value) if type(value) is str else value
