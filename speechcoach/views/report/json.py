"""The report as JSON: the contract (see `speechcoach.reports`)."""

from __future__ import annotations

from speechcoach.reports import to_json
from speechcoach.views.view import View


def render(view: View) -> str:
    """Return the report as JSON, on one line where the view is compact."""
    return to_json(view.report, indent=None if view.compact else 1)
