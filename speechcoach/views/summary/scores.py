"""The scores, the figures that they rest on, and what to do about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from speechcoach.data import Finding, Level, Report, Span, Structure
from speechcoach.judging.norms import Norm
from speechcoach.judging.scoring import MEASURED, level, next_steps, norms_for
from speechcoach.quantities import as_said, band, clock, quantity
from speechcoach.views.view import View

_UNASKED = "not judged without a question"
_OFF = "not judged: something else is answered"


@dataclass(frozen=True)
class Figure:
    """One judged number: what it is called, its value, the good band and the band's source."""

    label: str
    value: str
    band: str
    level: Level
    source: str


@dataclass(frozen=True)
class Section:
    """One score with the figures it rests on; `remark` says why there is none, or what it says."""

    name: str
    score: float | None
    figures: tuple[Figure, ...]
    remark: str = ""


def overall(report: Report) -> str:
    """Return the overall score in words."""
    score = report.scores.get("overall")
    return "cannot say" if score is None else f"{score:.0f} of 100"


def sections(view: View) -> tuple[Section, ...]:
    """Return the scores beneath the overall one, each with its figures."""
    spoken = tuple(_spoken(view, name) for name in MEASURED)
    return (*spoken, _structure(view), _content(view))


def _spoken(view: View, name: str) -> Section:
    norms = [norm for norm in norms_for(view.norms, view.question) if norm.score == name]
    figures = tuple(chain.from_iterable(_figure(view.report, norm) for norm in norms))
    silent = view.report.recording.kind == "text"
    remark = "" if figures else "needs the sound" if silent else "too little speech to tell"
    return Section(name, view.report.scores.get(name), figures, remark)


def _figure(report: Report, norm: Norm) -> Iterator[Figure]:
    measured = report.measurements.get(norm.metric)
    if measured is not None and measured.value is not None:
        said = quantity(measured.value, measured.unit)
        good = band(norm.good, measured.unit)
        judged = level(as_said(measured.value, measured.unit), norm.good, norm.watch)
        yield Figure(norm.label, said, good, judged, norm.source)


def _structure(view: View) -> Section:
    report = view.report
    if not report.structure.applies:
        return Section("structure", None, (), _formless(view) if view.question else _UNASKED)
    if report.off_question:
        return Section("structure", None, (), _OFF)
    return Section("structure", report.scores.get("structure"), (), _parts(report.structure))


def _formless(view: View) -> str:
    """Return which form does not apply, where the question asks for none."""
    stories = [form.name for form in view.guide.forms.values() if form.story]
    which = f"{_alternatives(stories)} does not apply" if stories else "no form applies"
    return f"{which} to this question"


def _parts(structure: Structure) -> str:
    missing = [name for name, part in structure.labelled.items() if not part.covered]
    there = len(structure.parts) - len(missing)
    without = f", no {_alternatives(missing)}" if missing else ""
    return f"{there} of {len(structure.parts)} parts{without}"


def _alternatives(names: Sequence[str]) -> str:
    """Return names as one reads them: "task", "task or result", "task, action or result"."""
    *before, last = names
    return f"{', '.join(before)} or {last}" if before else last


def _content(view: View) -> Section:
    elements = view.report.rubric.elements
    if not elements:
        return Section("content", None, (), _UNASKED)
    if view.report.off_question:
        return Section("content", None, (), _OFF)
    verdicts = [element.verdict for element in elements.values()]
    covered, perhaps = verdicts.count("yes"), verdicts.count("perhaps")
    return Section(
        "content",
        view.report.scores.get("content"),
        (),
        f"{covered} of {len(elements)} elements of a strong answer"
        + (f", {perhaps} more perhaps" if perhaps else ""),
    )


def sources(view: View) -> list[str]:
    """Return each source of a band once, in the order of first use."""
    figures = chain.from_iterable(section.figures for section in sections(view))
    return list(dict.fromkeys(figure.source for figure in figures))


def steps(report: Report) -> list[str]:
    """Return what to do first, each tied to its moment."""
    return [step(finding) for finding in next_steps(report.findings)]


def step(finding: Finding) -> str:
    """Return a finding as a thing to do, tied to its moment."""
    place = moment(finding.spans)
    message = finding.message.removesuffix(".")
    said = f"{message[:1].upper()}{message[1:]}{' (' + place + ')' if place else ''}"
    return f"{said}. {finding.advice}"


def moment(spans: Sequence[Span]) -> str:
    """Return where something shows first: "at 0:42", or nothing where it has no place."""
    return f"at {clock(spans[0].start)}" if spans else ""
