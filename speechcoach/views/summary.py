"""What every report in words shows, in the same order and wording, free of layout."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from speechcoach.data import Filler, Finding, Level, Part, Report, Span, Structure
from speechcoach.judging.norms import Norm
from speechcoach.judging.scoring import MEASURED, level, norms_for
from speechcoach.quantities import as_said, band, clock, quantity
from speechcoach.views.view import View

LONGEST_PAUSES = 3  # how many a report names
CONTROLS = dict.fromkeys([*range(10), *range(11, 32), *range(127, 160)])
"""To `str.translate` with: removes what would steer a terminal, keeps line breaks."""

_UNASKED = "not judged without a question"


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
    """One score with the figures it rests on; `remark` says why there is no score."""

    name: str
    score: float | None
    figures: tuple[Figure, ...]
    remark: str = ""


@dataclass(frozen=True)
class Piece:
    """A run of transcript words; `mark` tells a filler the engine wrote from one put back."""

    text: str
    mark: str  # "" | "filler" | "recovered"


def title(view: View) -> str:
    """Return the question, or what stands for it where none is known."""
    return view.question.text if view.question else "An answer (no question given)"


def origin(report: Report, file: str) -> str:
    """Return the file, called `file`, its length and the recogniser, in one line."""
    recording, engine = report.recording, report.engine
    length = clock(recording.duration) if recording.duration is not None else "text"
    by = f"{engine.name} {engine.model}" if engine else "no recogniser"
    return f"{file} · {length} · {by}"


def overall(report: Report) -> str:
    """Return the overall score in words."""
    score = report.scores.get("overall")
    return "cannot say" if score is None else f"{score:.0f} of 100"


def points(score: float | None) -> str:
    """Return a score as it stands in a table, a dash where there is none."""
    return "–" if score is None else f"{score:.0f}"


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
    structure = report.star if report.star.applies else report.timeline
    if not structure.applies:
        remark = "STAR does not apply to this question" if view.question else _UNASKED
        return Section("structure", None, (), remark)
    return Section("structure", report.scores.get("structure"), (), _parts(structure))


def _parts(structure: Structure) -> str:
    missing = [name for name, part in structure.parts.items() if not part.covered]
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
    covered = sum(element.covered for element in elements.values())
    return Section(
        "content",
        view.report.scores.get("content"),
        (),
        f"{covered} of {len(elements)} elements of a strong answer",
    )


def pieces(report: Report) -> Iterator[Piece]:
    """Yield the transcript as runs of plain words and marked fillers, in order."""
    words, at = report.transcript.words, 0
    for filler in report.fillers:
        first, end = filler.words
        if first > at:
            yield Piece(" ".join(word.text for word in words[at:first]), "")
        said = " ".join(word.text for word in words[first:end])
        yield Piece(said, "recovered" if filler.recovered else "filler")
        at = end
    if at < len(words):
        yield Piece(" ".join(word.text for word in words[at:]), "")


def counts(fillers: Iterable[Filler]) -> str:
    """Return fillers by word, most frequent first: "um 4, you know 2"."""
    tally = Counter(filler.text for filler in fillers)
    return ", ".join(f"{word} {count}" for word, count in tally.most_common())


def fillers_heard(report: Report) -> list[str]:
    """Return the lines on fillers: how many of which kind, how sure, how often, where and when."""
    sounds = [filler for filler in report.fillers if filler.kind == "filled_pause"]
    markers = [filler for filler in report.fillers if filler.kind == "discourse"]
    put_back = sum(filler.recovered for filler in sounds)
    origin = f"; {put_back} from the sound, not in the recogniser's text" if put_back else ""
    lines = [f"{len(report.fillers)} heard{_often(report)}{_perhaps(report.possible_fillers)}"]
    if sounds:
        lines.append(f"sounds{_rate(report, 'filled_pause_rate')}: {counts(sounds)}{origin}")
    if markers:
        lines.append(f"words{_rate(report, 'discourse_rate')}: {counts(markers)}")
    return [*lines, *_places(report)]


def _often(report: Report) -> str:
    """Return the rate of all fillers: a minute, or among the words where there is no time."""
    return _rate(report, "filler_rate") or _rate(report, "filler_share")


def _rate(report: Report, name: str) -> str:
    measured = report.measurements.get(name)
    if measured is None or measured.value is None:
        return ""
    return f", {quantity(measured.value, measured.unit)}"


def _places(report: Report) -> Iterator[str]:
    """Return where the fillers fall: in which third, in bursts, and when."""
    thirds = [(t, report.measurements.get(f"fillers_{t}")) for t in ("opening", "middle", "close")]
    if report.fillers and all(m is not None and m.value is not None for _, m in thirds):
        yield ", ".join(
            f"{third} {m.value:.0f}" for third, m in thirds if m and m.value is not None
        )
    bursts = report.measurements.get("filler_bursts")
    if bursts and bursts.spans:
        yield "close together: " + ", ".join(
            f"{clock(span.start)} to {clock(span.end)}" for span in bursts.spans
        )
    times = [clock(filler.start) for filler in report.fillers if filler.start is not None]
    if times:
        yield f"at {', '.join(times)}"


def _perhaps(possible: Sequence[Filler]) -> str:
    times = ", ".join(clock(filler.start) for filler in possible if filler.start is not None)
    return f", perhaps {len(possible)} more (at {times})" if possible else ""


def longest_pauses(report: Report) -> list[str]:
    """Return a line for each of the longest pauses."""
    longest = sorted(report.pauses, key=lambda pause: -pause.span.duration)[:LONGEST_PAUSES]
    place = {"clause_end": "after a clause", "mid_clause": "inside a clause"}
    return [
        f"{pause.span.duration:.1f} s at {clock(pause.start)}, {place[pause.kind]}"
        for pause in longest
    ]


def moment(spans: Sequence[Span]) -> str:
    """Return where a finding shows first: "at 0:42", or nothing where it has no place."""
    return f"at {clock(spans[0].start)}" if spans else ""


def step(finding: Finding) -> str:
    """Return a finding as a thing to do, tied to its moment."""
    place = moment(finding.spans)
    message = finding.message.removesuffix(".")
    said = f"{message[:1].upper()}{message[1:]}{' (' + place + ')' if place else ''}"
    return f"{said}. {finding.advice}"


def sources(view: View) -> list[str]:
    """Return each source once, in the order of first use."""
    figures = chain.from_iterable(section.figures for section in sections(view))
    return list(dict.fromkeys(figure.source for figure in figures))


def structure_lines(report: Report) -> list[str]:
    """Return a line for each part of a structured answer, with the sentence it rests on."""
    structure = report.star if report.star.applies else report.timeline
    return [
        f"{name.capitalize()}: {_part_size(part)}{_evidence(report, part.sentences)}"
        if part.covered
        else f"{name.capitalize()}: missing"
        for name, part in structure.parts.items()
    ]


def _part_size(part: Part) -> str:
    length = f"{part.seconds:.0f} s, " if part.seconds is not None else ""
    return f"{length}{quantity(part.share, 'ratio')}"


def element_lines(view: View) -> list[str]:
    """Return a line for each element of a strong answer and each thing to avoid that was found."""
    if view.question is None:
        return []
    rubric = view.report.rubric
    lines = []
    for element in view.question.elements:
        found = rubric.elements.get(element.id)
        mark = "yes" if found and found.covered else "no "
        shown = _evidence(view.report, found.sentences) if found and found.covered else ""
        lines.append(f"{mark}  {element.meaning}{shown}")
    for item in view.question.avoid:
        flag = rubric.avoid.get(item.id)
        if flag and flag.flagged:
            lines.append(f"avoid  {item.meaning}{_evidence(view.report, flag.sentences)}")
    return lines


def _evidence(report: Report, sentences: Sequence[int]) -> str:
    if not sentences:
        return ""
    sentence = report.transcript.sentences[sentences[0]]
    at = f"{clock(sentence.start)} " if sentence.start is not None else ""
    return f" ({at}“{shortened(sentence.text)}”)"


def shortened(text: str, *, most: int = 60) -> str:
    """Return the start of a sentence, cut between words."""
    return textwrap.shorten(text, most, placeholder=" …")
