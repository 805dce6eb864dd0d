"""The report as one HTML file, to keep, print or send: no script, nothing fetched."""

from __future__ import annotations

from speechcoach.views.page import page
from speechcoach.views.summary import answer, scores, speech
from speechcoach.views.summary.explain import explanation
from speechcoach.views.summary.measured import also_measured
from speechcoach.views.view import View


def render(view: View) -> str:
    """Return the report as a self-contained HTML page."""
    report = view.report
    return page(
        "report.html",
        report=report,
        title=answer.title(view),
        origin=answer.origin(report),
        off_question=answer.off_question(report),
        overall=scores.overall(report),
        sections=scores.sections(view),
        sources=scores.sources(view),
        steps=scores.steps(report),
        pieces=tuple(answer.pieces(report)),
        fillers=speech.fillers_heard(report),
        pauses=speech.longest_pauses(report),
        structure=tuple(answer.structure(report)),
        content=tuple(answer.content(view)),
        measured=also_measured(view),
        explanation=tuple(explanation(view)),
    )
