"""The report for a terminal: made to be read; plain characters where styles are not shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from speechcoach.data import Level
from speechcoach.quantities import cell
from speechcoach.views.screen import laid_out
from speechcoach.views.summary import answer, scores, speech
from speechcoach.views.summary.explain import explanation
from speechcoach.views.summary.measured import also_measured
from speechcoach.views.view import View

STYLE: dict[Level, str] = {"good": "green", "watch": "yellow", "work": "red"}
MARK: dict[Level, str] = {"good": " ", "watch": "~", "work": "!"}


def render(view: View) -> str:
    """Return the report as text for the view's screen."""
    return laid_out(_blocks(view), view.screen)


def _blocks(view: View) -> Iterator[RenderableType]:
    report = view.report
    yield Text(answer.title(view), style="bold")
    yield Text(answer.origin(report, placed=True), style="dim")
    for warning in report.warnings:
        yield Text(f"Note: {warning}", style="yellow")
    if not report.transcript.words:
        return
    if said := answer.off_question(report):
        yield from ("", Text(said, style="bold red"))
    yield from ("", Text(f"Overall {scores.overall(report)}", style="bold"), "")
    yield from _scores(view)
    yield from _block("Next", _numbered("{}.", scores.steps(report)))
    yield from _block("Transcript", [_transcript(view)])
    yield from _block("Fillers", map(Text, speech.fillers_heard(report)))
    yield from _block("Longest pauses", map(Text, speech.longest_pauses(report)))
    yield from _block("Structure", (Text(str(part)) for part in answer.structure(report)))
    yield from _block("Content", (Text(f"{p.mark:<3}  {p}") for p in answer.content(view)))
    yield from _block("Also measured", map(Text, also_measured(view)))
    yield from _block("Where the bands come from", _numbered("[{}]", scores.sources(view), "dim"))
    yield from _block("How the scores are made", map(Text, explanation(view)))


def _block(heading: str, content: Iterable[RenderableType]) -> Iterator[RenderableType]:
    lines = list(content)
    if lines:
        yield ""
        yield Text(heading, style="bold")
        yield Padding(Group(*lines), (0, 0, 0, 2))


def _scores(view: View) -> Iterator[Table]:
    """Yield the scores with their figures; the numbers in brackets lead to the sources.

    Scores without figures stand in a table of their own, lest their remark widens a column.
    """
    sources = scores.sources(view)
    for figured, sections in groupby(scores.sections(view), key=lambda s: bool(s.figures)):
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
        table.add_column(min_width=len("structure"))
        table.add_column(justify="right", min_width=len("100"))
        for _ in range(4 if figured else 2):
            table.add_column(overflow="fold", min_width=1)
        for section in sections:
            _add(table, section, sources)
        yield table


def _add(table: Table, section: scores.Section, sources: list[str]) -> None:
    name, score = section.name.capitalize(), cell(section.score, "points")
    head = [Text(name, style="bold"), Text(score, style="bold")]
    rows = [_figure_row(figure, sources) for figure in section.figures]
    for row in rows or [(Text(" "), Text(section.remark))]:
        table.add_row(*head, *row)
        head = [Text(""), Text("")]


def _figure_row(figure: scores.Figure, sources: list[str]) -> tuple[Text, ...]:
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
    for piece in answer.pieces(view.report):
        text.append(brackets[piece.mark].format(piece.text), style=styles[piece.mark])
        text.append(" ")
    text.rstrip()
    return text


def _numbered(label: str, texts: Iterable[str], style: str = "") -> Iterator[Table]:
    for position, text in enumerate(texts, start=1):
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(width=4)
        grid.add_column(ratio=1)
        grid.add_row(Text(label.format(position)), Text(text, style=style))
        yield grid
