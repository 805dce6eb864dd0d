"""The report as Markdown, for notes and mentors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from speechcoach.judging.scoring import next_steps
from speechcoach.views import summary
from speechcoach.views.view import View

_SPECIAL = summary.CONTROLS | {ord(letter): f"\\{letter}" for letter in "\\`*_[]<>#|"}


def escape(text: str) -> str:
    """Return `text` with the characters that Markdown would interpret escaped."""
    return text.translate(_SPECIAL)


def render(view: View) -> str:
    """Return the report as a Markdown document."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: View) -> Iterator[str]:
    report = view.report
    yield f"# {escape(summary.title(view))}"
    yield from ("", escape(summary.origin(report, report.recording.name)))
    for warning in report.warnings:
        yield from ("", f"> {escape(warning)}")
    if not report.transcript.words:
        return
    yield from ("", f"**Overall: {summary.overall(report)}**")
    yield from ("", *_table(view))
    yield from _list("Next", map(summary.step, next_steps(report.findings)), mark="1.")
    yield from ("", "## What you said", "", _transcript(view))
    yield from _list("Fillers", summary.fillers_heard(report))
    yield from _list("Longest pauses", summary.longest_pauses(report))
    yield from _list("Structure", summary.structure_lines(report))
    yield from _list("Content", summary.element_lines(view))
    yield from _list("Where the bands come from", summary.sources(view), mark="1.")
    if view.explain:
        from speechcoach.views import explain

        yield from _list("How the scores are made", explain.lines(view))


def _table(view: View) -> Iterator[str]:
    yield "| | score | figure | value | good |"
    yield "|---|---:|---|---|---|"
    for section in summary.sections(view):
        score = summary.points(section.score)
        if not section.figures:
            yield f"| {section.name} | {score} | {escape(section.remark)} | | |"
        for figure in section.figures:
            yield f"| {section.name} | {score} | {figure.label} | {figure.value} | {figure.band} |"


def _transcript(view: View) -> str:
    marks = {"": "{}", "filler": "**{}**", "recovered": "***{}***"}
    return " ".join(marks[p.mark].format(escape(p.text)) for p in summary.pieces(view.report))


def _list(heading: str, lines: Iterable[str], *, mark: str = "-") -> Iterator[str]:
    items = [f"{mark} {escape(line)}" for line in lines]
    if items:
        yield from ("", f"## {heading}", "", *items)
