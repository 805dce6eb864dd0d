"""The answer itself: to which question, from which file, what was said, and what it covers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from speechcoach.data import Part, Report, Word
from speechcoach.paths import one_line, place
from speechcoach.quantities import clock, quantity
from speechcoach.views.view import View

MOST_QUOTED = 60  # characters of a sentence that is shown as evidence


@dataclass(frozen=True)
class Piece:
    """A run of transcript words, the first of them at `first`; `mark` tells what they are.

    "filler" is one that the engine wrote, "recovered" one that the sound gave back.
    """

    first: int
    words: tuple[Word, ...]
    mark: str  # "" | "filler" | "recovered"

    @property
    def text(self) -> str:
        """The words as one reads them."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class Quote:
    """The start of a sentence that something rests on, and when it is said, in seconds."""

    text: str
    start: float | None

    def __str__(self) -> str:
        at = f"{clock(self.start)} " if self.start is not None else ""
        return f"{at}“{self.text}”"


@dataclass(frozen=True)
class Point:
    """A part of the structure, an element, or a thing to avoid that was found.

    `mark` is "yes", "?" (perhaps), "no" or "avoid"; `said` is a part with its size, or what an
    element means.
    """

    mark: str
    said: str
    quote: Quote | None = None

    def __str__(self) -> str:
        return f"{self.said} ({self.quote})" if self.quote else self.said


def title(view: View) -> str:
    """Return the question, or what stands for it where none is known."""
    return view.question.text if view.question else "An answer (no question given)"


def origin(report: Report, *, placed: bool = False) -> str:
    """Return the file's name, or its place if `placed`, its length and the recogniser, in one line.

    Its place is for the person at this machine; what may be sent on tells nothing of that.
    """
    recording, engine = report.recording, report.engine
    length = clock(recording.duration) if recording.duration is not None else "text"
    by = f"{engine.name} {engine.model}" if engine else "no recogniser"
    file = place(recording.path, recording.name) if placed else one_line(recording.name)
    return f"{file} · {length} · {by}"


def pieces(report: Report) -> Iterator[Piece]:
    """Yield the transcript as runs of plain words and marked fillers, in order."""
    words, at = report.transcript.words, 0
    for filler in report.fillers:
        first, end = filler.words
        if first > at:
            yield Piece(at, words[at:first], "")
        yield Piece(first, words[first:end], "recovered" if filler.recovered else "filler")
        at = end
    if at < len(words):
        yield Piece(at, words[at:], "")


def off_question(report: Report) -> str:
    """Return in a sentence that something else than the question is answered, "" if it isn't."""
    return next((f"{one.message}." for one in report.findings if one.about == "question"), "")


def structure(report: Report) -> Iterator[Point]:
    """Yield each part of a structured answer, with the sentence it rests on.

    Nothing of an answer to something else, which is not judged by the question's form.
    """
    if report.off_question:
        return
    for name, part in report.structure.labelled.items():
        if part.covered:
            said = f"{name.capitalize()}: {_size(part)}"
            yield Point("yes", said, _quote(report, () if part.best is None else (part.best,)))
        else:
            yield Point("no", f"{name.capitalize()}: missing")


def _size(part: Part) -> str:
    length = f"{part.seconds:.0f} s, " if part.seconds is not None else ""
    return f"{length}{quantity(part.share, 'ratio')}"


def content(view: View) -> Iterator[Point]:
    """Yield each element of a strong answer, and each thing to avoid that was found.

    Nothing of an answer to something else, which is not judged by the question's rubric.
    """
    if view.question is None or view.report.off_question:
        return
    marks = {"yes": "yes", "perhaps": "?", "no": "no"}
    report, rubric = view.report, view.report.rubric
    for element in view.question.elements:
        found = rubric.elements.get(element.id)
        sentences = found.sentences if found else ()
        mark = marks[found.verdict] if found else "no"
        yield Point(mark, element.meaning, _quote(report, sentences))
    for item in view.question.avoid:
        flag = rubric.avoid.get(item.id)
        if flag and flag.flagged:
            yield Point("avoid", item.meaning, _quote(report, flag.sentences))


def _quote(report: Report, sentences: Sequence[int]) -> Quote | None:
    if not sentences:
        return None
    sentence = report.transcript.sentences[sentences[0]]
    return Quote(shortened(sentence.text, MOST_QUOTED), sentence.start)


def shortened(text: str, most: int) -> str:
    """Return the start of a text, cut between words."""
    return textwrap.shorten(text, most, placeholder=" …")
