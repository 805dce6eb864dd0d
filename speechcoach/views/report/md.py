"""The report as Markdown, for notes and mentors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from speechcoach.harmless import harmless_line
from speechcoach.quantities import cell
from speechcoach.views.summary import answer, scores, speech
from speechcoach.views.summary.explain import explanation
from speechcoach.views.summary.measured import also_measured
from speechcoach.views.view import View

_SPECIAL = {ord(letter): f"\\{letter}" for letter in "\\`*_[]<>#|&~"}
_LIST = re.compile(r"^(?:([-+=](?=[-=\s]|$))|(\d+)([.)])(?=\s|$))")
_MARKS = {"": "{}", "filler": "**{}**", "recovered": "***{}***"}


def escape(text: str) -> str:
    """Return `text` as one line in which Markdown finds nothing to interpret."""
    line = harmless_line(text).strip().translate(_SPECIAL)
    return _LIST.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line)


def render(view: View) -> str:
    """Return the report as a Markdown document."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: View) -> Iterator[str]:
    report = view.report
    yield f"# {escape(answer.title(view))}"
    yield from ("", escape(answer.origin(report)))
    for warning in report.warnings:
        yield from ("", f"> {escape(warning)}")
    if not report.transcript.words:
        return
    if said := answer.off_question(report):
        yield from ("", f"**{escape(said)}**")
    yield from ("", f"**Overall: {scores.overall(report)}**")
    yield from ("", *_table(view))
    yield from _list("Next", scores.steps(report), mark="1.")
    yield from ("", "## Transcript", "", _transcript(view))
    yield from _list("Fillers", speech.fillers_heard(report))
    yield from _list("Longest pauses", speech.longest_pauses(report))
    yield from _list("Structure", map(str, answer.structure(report)))
    yield from _list("Content", (f"{point.mark}: {point}" for point in answer.content(view)))
    yield from _list("Also measured", also_measured(view))
    yield from _list("Where the bands come from", scores.sources(view), mark="1.")
    yield from _list("How the scores are made", explanation(view))


def _table(view: View) -> Iterator[str]:
    yield "| | score | figure | value | good |"
    yield "|---|---:|---|---|---|"
    for section in scores.sections(view):
        lead = f"| {section.name} | {cell(section.score, 'points')}"
        if not section.figures:
            yield f"{lead} | {escape(section.remark)} | | |"
        for figure in section.figures:
            said = (figure.label, figure.value, figure.band)
            yield f"{lead} | {' | '.join(map(escape, said))} |"


def _transcript(view: View) -> str:
    pieces = (_MARKS[p.mark].format(escape(p.text)) for p in answer.pieces(view.report))
    return " ".join(pieces)


def _list(heading: str, lines: Iterable[str], *, mark: str = "-") -> Iterator[str]:
    items = [f"{mark} {escape(line)}" for line in lines]
    if items:
        yield from ("", f"## {heading}", "", *items)
