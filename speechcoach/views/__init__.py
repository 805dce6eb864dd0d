"""What people see: pure functions from data to text, Markdown, HTML and JSON.

A report's format is a function from a `View` to text, registered by name.
"""

from __future__ import annotations

from collections.abc import Callable

from speechcoach.registry import Registry
from speechcoach.views.view import View

__all__ = ["FORMATS", "View"]

FORMATS: Registry[Callable[[View], str]] = Registry("report format")


@FORMATS.add("json")
def _json(view: View) -> str:
    from speechcoach.reports import to_json

    return to_json(view.report, indent=None if view.compact else 1)


@FORMATS.add("text")
def _text(view: View) -> str:
    from speechcoach.views import text

    return text.render(view)


@FORMATS.add("md")
def _markdown(view: View) -> str:
    from speechcoach.views import markdown

    return markdown.render(view)
