"""The report for a terminal: made to be read; plain characters where styles are not shown."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from speechcoach.data import Level
from speechcoach.judging.scoring import next_steps
from speechcoach.paths import place
from speechcoach.views import summary
from speechcoach.views.view import View

STYLE: dict[Level, str] = {"good": "green", "watch": "yellow", "work": "red"}
MARK: dict[Level, str] = {"good": " ", "watch": "~", "work": "!"}


def render(view: View) -> str:
    """Return the report as text, `view.width` columns wide."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=view.width,
        force_terminal=view.colour,
        color_system="standard" if view.colour else None,
        highlight=False,
        legacy_windows=False,
    )
    for block in _blocks(view):
        console.print(Segments(_harmless(console.render(block))))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _harmless(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Yield `segments` without what would steer the terminal: names and transcripts may hold it."""
    for segment in segments:
        yield Segment(segment.text.translate(summary.CONTROLS), segment.style)


def _blocks(view: View) -> Iterator[RenderableType]:
    recording = view.report.recording
    yield Text(summary.title(view), style="bold")
    yield Text(summary.origin(view.report, place(recording.path, recording.name)), style="dim")
    for warning in view.report.warnings:
        yield Text(f"Note: {warning}", style="yellow")
    if not view.report.transcript.words:
        return
    yield from ("", _overall(view), "")
    yield from _scores(view)
    yield from _block("Next", _steps(view))
    yield from _block("What you said", [_transcript(view)])
    yield from _block("Fillers", map(Text, summary.fillers_heard(view.report)))
    yield from _block("Longest pauses", map(Text, summary.longest_pauses(view.report)))
    yield from _block("Structure", map(Text, summary.structure_lines(view.report)))
    yield from _block("Content", map(Text, summary.element_lines(view)))
    yield from _block("Where the bands come from", _sources(view))
    if view.explain:
        from speechcoach.views import explain

        yield from _block("How the scores are made", map(Text, explain.lines(view)))


def _block(heading: str, content: Iterable[RenderableType]) -> Iterator[RenderableType]:
    lines = list(content)
    if lines:
        yield ""
        yield Text(heading, style="bold")
        yield Padding(Group(*lines), (0, 0, 0, 2))


def _overall(view: View) -> Text:
    return Text(f"Overall {summary.overall(view.report)}", style="bold")


def _scores(view: View) -> Iterator[Table]:
    """Yield the scores with their figures; the numbers in brackets lead to the sources.

    Scores without figures stand in a table of their own, lest their remark widens a column.
    """
    sources = summary.sources(view)
    for figured, sections in groupby(summary.sections(view), key=lambda s: bool(s.figures)):
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
        table.add_column(min_width=len("structure"))
        table.add_column(justify="right", min_width=len("100"))
        for _ in range(4 if figured else 2):
            table.add_column(overflow="fold", min_width=1)
        for section in sections:
            _add(table, section, sources)
        yield table


def _add(table: Table, section: summary.Section, sources: list[str]) -> None:
    name, score = section.name.capitalize(), summary.points(section.score)
    head = [Text(name, style="bold"), Text(score, style="bold")]
    rows = [_figure_row(figure, sources) for figure in section.figures]
    for row in rows or [(Text(" "), Text(section.remark))]:
        table.add_row(*head, *row)
        head = [Text(""), Text("")]


def _figure_row(figure: summary.Figure, sources: list[str]) -> tuple[Text, ...]:
    style = STYLE[figure.level]
    return (
        Text(MARK[figure.level], style=style),
        Text(figure.label),
        Text(figure.value, style=style),
        Text(f"{figure.band} [{sources.index(figure.source) + 1}]", style="dim"),
    )


def _transcript(view: View) -> Text:
    styles = {"": "", "filler": "bold yellow", "recovered": "bold magenta"}
    brackets = {"": "{}", "filler": "[{}]", "recovered": "[+{}]"}
    text = Text()
    for piece in summary.pieces(view.report):
        text.append(brackets[piece.mark].format(piece.text), style=styles[piece.mark])
        text.append(" ")
    text.rstrip()
    return text


def _steps(view: View) -> Iterator[Table]:
    for position, finding in enumerate(next_steps(view.report.findings), start=1):
        yield _numbered(f"{position}.", Text(summary.step(finding)))


def _sources(view: View) -> Iterator[Table]:
    for position, source in enumerate(summary.sources(view), start=1):
        yield _numbered(f"[{position}]", Text(source, style="dim"))


def _numbered(label: str, text: Text) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=4)
    grid.add_column(ratio=1)
    grid.add_row(Text(label), text)
    return grid
