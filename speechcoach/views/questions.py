"""Questions for people to read: a list of them, and all there is to know about one.

A line is its lead (indent and bullet) and a styled text, which is folded to the right of its lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import starmap

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from speechcoach.data import Element, Form, Question
from speechcoach.guides.bank import Bank
from speechcoach.views.columns import columns
from speechcoach.views.screen import Screen, laid_out

Line = tuple[str, Text]
Forms = Mapping[str, Form]

WIDEST = 100  # columns; longer lines are hard to read


def render(lines: Iterable[Line], screen: Screen) -> str:
    """Return the lines as text."""
    return laid_out(starmap(_hanging, lines), screen)


def _hanging(lead: str, text: Text) -> RenderableType:
    """Return a line whose text stays to the right of its lead, however often it is folded."""
    if not lead:
        return text
    grid = Table.grid()
    grid.add_column(width=len(lead))
    grid.add_column(overflow="fold")
    grid.add_row(Text(lead), text)
    return grid


def listing(bank: Bank, forms: Forms, category: str | None = None) -> Iterator[Line]:
    """Yield the questions by category: id, target length and kind, and under it the question."""
    for place, name in enumerate((category,) if category else bank.categories):
        if place:
            yield "", Text()
        questions = bank.of_category(name)
        yield "", Text(questions[0].category, style="bold")
        for question in questions:
            facts = f"{_window(question)}  {_kind(question, forms)}"
            yield "  ", Text.assemble((f"{question.id:<24}", "cyan"), (facts, "dim"))
            yield "    ", Text(question.text)


def table(bank: Bank, forms: Forms, category: str | None = None) -> Iterator[Line]:
    """Yield the same list with all of a question in one line, for other programs and for grep."""
    names = (category,) if category else bank.categories
    rows = [_row(question, forms) for name in names for question in bank.of_category(name)]
    yield from (("", Text(line)) for line in columns(rows))


def card(question: Question, form: Form | None, *, examples: bool = False) -> Iterator[Line]:
    """Yield all there is to know about a question, on request with every example sentence."""
    facts = f"{question.id}, {question.category}, {_seconds(question)}"
    yield "", Text(question.text, style="bold")
    yield "", Text(facts, style="dim")
    yield from _bullets("What is really being asked", question.assesses)
    yield from _block("How an answer is judged", _judged(question, form))
    yield from _block("Elements of a strong answer", _points(question.elements, examples))
    yield from _block("What to avoid", _points(question.avoid, examples))
    yield from _bullets("Tips", question.tips)
    yield from _block("How these are found in an answer", _basis(question, examples))


def asked(question: Question) -> str:
    """Return a question as it is put in practice, with the seconds of a well-sized answer."""
    return f"{question.text}\n({question.id}, {_seconds(question)})"


def asked_in_turn(question: Question, place: int, count: int) -> str:
    """Return a question as it is put in an interview; its place is from 1 to `count`."""
    return f"Question {place} of {count}: {question.text}\n({_seconds(question)})"


def _seconds(question: Question) -> str:
    low, high = question.seconds
    return f"{low:g} to {high:g} seconds"


def _window(question: Question) -> str:
    low, high = question.seconds
    return f"{f'{low:g}-{high:g} s':>9}"


def _kind(question: Question, forms: Forms) -> str:
    form = forms.get(question.kind)
    return form.name if form else question.kind


def _row(question: Question, forms: Forms) -> tuple[str, ...]:
    kind = _kind(question, forms)
    return question.category, question.id, _window(question), kind, question.text


def _block(heading: str, lines: Iterable[Line]) -> Iterator[Line]:
    content = list(lines)
    if content:
        yield "", Text()
        yield "", Text(heading, style="bold")
        yield from content


def _bullets(heading: str, texts: Iterable[str]) -> Iterator[Line]:
    return _block(heading, (("  - ", Text(text)) for text in texts))


def _points(elements: Iterable[Element], examples: bool) -> Iterator[Line]:
    for element in elements:
        yield "  ", Text(element.id, style="cyan")
        yield "    ", Text(element.meaning)
        if examples:
            yield from (("      + ", Text(sentence)) for sentence in element.examples)
            yield from (("      - ", Text(sentence, "dim")) for sentence in element.near_misses)


def _judged(question: Question, form: Form | None) -> Iterator[Line]:
    if form:
        *before, last = (part.label for part in form.parts)
        yield "  - ", Text(f"Its {', '.join(before)} and {last} ({form.name}).")
    if question.elements or question.avoid:
        yield "  - ", Text("The points below, each with the sentence that it rests on.")
    yield "  - ", Text("Its length, fillers, pace and delivery, as every answer.")


def _basis(question: Question, examples: bool) -> Iterator[Line]:
    points = (*question.elements, *question.avoid)
    shown = sum(len(element.examples) for element in points)
    near = sum(len(element.near_misses) for element in points)
    if shown + near:
        legend = "marked + and - above" if examples else "`--examples` prints them"
        found = f"By meaning, from {shown} sentences that show one and {near} that only come near"
        yield "  ", Text(f"{found} ({legend}).")
    elif points:
        remark = "By the meaning given here alone; example sentences in the file make it surer."
        yield "  ", Text(remark)
