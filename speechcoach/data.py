"""What passes between the stages: frozen, typed, and without opinions until `Finding`.

Conventions: times are seconds (float) from the start of the recording; ``None`` means "cannot
say", never 0; `words` ranges are ``(first, end)`` positions among ``Transcript.words``, end
excluded. A text-only transcript has words without times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WordRange = tuple[int, int]
Level = Literal["good", "watch", "work"]
FillerKind = Literal["filled_pause", "discourse"]
PauseKind = Literal["clause_end", "mid_clause"]
Verdict = Literal["yes", "perhaps", "no"]
Moment = Literal["scene", "aim", "steps", "ending", ""]

OPEN = "open"
"""The kind of a question whose answer has no form."""
NO_PART = "none"
"""What stands for the part of a sentence that belongs to none."""


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time, in seconds."""

    start: float
    end: float

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    @property
    def middle(self) -> float:
        """The time halfway."""
        return (self.start + self.end) / 2


def _span(start: float | None, end: float | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)


@dataclass(frozen=True, eq=False)
class Audio:
    """Mono sound: `samples` is float32 of shape (n,), full scale at 1.0; `rate` is in Hz."""

    samples: NDArray[np.float32]
    rate: int

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return float(self.samples.size) / self.rate

    def between(self, start: float, end: float) -> NDArray[np.float32]:
        """Return the samples between two times: a view, and empty outside of the recording."""
        first, last = (max(0, round(time * self.rate)) for time in (start, end))
        return self.samples[first:last]


@dataclass(frozen=True)
class Recording:
    """Where an answer came from.

    `name` is what people call the file: for showing, not for opening. `path` is its place, always
    absolute, as `speechcoach.paths.to_text` writes it (`from_text` reads it back); None where that
    was not kept, as in reports from before it was. `sample_rate` (Hz) and `channels` are those of
    the file, not of the decoded sound; `sha256` is that of the file's bytes. A text transcript has
    neither duration nor sound.
    """

    path: str | None
    name: str
    sha256: str
    duration: float | None
    sample_rate: int | None
    channels: int | None
    kind: Literal["audio", "text"]


@dataclass(frozen=True)
class EngineInfo:
    """Which recogniser wrote the words.

    `version` is that of the library that ran the model. `digest` is the sha256 of the model's file
    in hexadecimal digits, since two files may have one name; it is empty where the model comes
    with the library, whose version tells it, and None in a report from before it was kept.
    """

    name: str
    model: str
    version: str
    digest: str | None = ""


@dataclass(frozen=True)
class Utterance:
    """A run of words as an engine heard them, with the engine's rough times."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Recognition:
    """What an engine heard, in order of time, and what it has to say about that."""

    engine: EngineInfo
    utterances: tuple[Utterance, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Word:
    """One word of a transcript, as written, punctuation included.

    `confidence` is 0..1, of the word's place on the time line. `recovered` marks a filled pause
    that the recogniser left out and the sound gave back.
    """

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    recovered: bool = False

    @property
    def span(self) -> Span | None:
        """When it is said, None where that is not known."""
        return _span(self.start, self.end)


@dataclass(frozen=True)
class Sentence:
    """A sentence of the transcript; its times are None where its words have none."""

    words: WordRange
    start: float | None
    end: float | None
    text: str


@dataclass(frozen=True)
class Transcript:
    """Every word of the answer in order, and the sentences they form."""

    text: str
    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Filler:
    """One use of a filler: ``um``, ``you know``; a phrase counts once.

    `kind` tells a filled pause (a sound) from a discourse marker (words that carry nothing in
    that place). `recovered`: heard in the sound, absent from the recogniser's text. A possible
    filler, one that is not counted, is not in the transcript; its `words` are the empty range
    where it would stand.
    """

    text: str
    kind: FillerKind
    words: WordRange
    start: float | None
    end: float | None
    confidence: float
    recovered: bool = False

    @property
    def span(self) -> Span | None:
        """When it is heard, None in a written answer."""
        return _span(self.start, self.end)


@dataclass(frozen=True)
class Pause:
    """A silence inside the answer, found in the signal; at the end of a clause or inside one."""

    start: float
    end: float
    kind: PauseKind

    @property
    def span(self) -> Span:
        """When it is."""
        return Span(self.start, self.end)


@dataclass(frozen=True, eq=False)
class Frames:
    """The signal in steps of `hop` seconds, computed once; frame ``i`` is centred on ``i * hop``.

    All arrays have shape (n,). `level` is in dB relative to full scale; `speech` is true where
    somebody speaks; `voiced` where the glottis pulses; `f0` is in Hz and NaN where not voiced
    (NaN never leaves this class: measurements are None instead). `pauses_known` says whether
    silence can be told from speech at all; in an echoing room, or in much noise, it cannot.
    """

    hop: float
    level: NDArray[np.float32]
    speech: NDArray[np.bool_]
    voiced: NDArray[np.bool_]
    f0: NDArray[np.float32]
    pauses_known: bool = True


@dataclass(frozen=True)
class Measurement:
    """One fact. `value` is None where the recording cannot support it; `spans` are its evidence."""

    value: float | None
    unit: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Element:
    """A thing that a strong answer has, or one that it should avoid.

    `examples` are sentences that show it, `near_misses` sentences that name the topic and do not.
    """

    id: str
    meaning: str
    examples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()


def _spelt(name: str) -> str:
    return name.replace("-", " ")


@dataclass(frozen=True, kw_only=True)
class FormPart(Element):
    """A part of a form of answer: an element that also has a size.

    `weight` is its points among those of all parts, `usual` its usual share of the answer, from
    and to (0..1). `missing`, `short` and `long` are the advice where it is not so, `level` says
    how much a missing one matters. `moment` is what the part is in a story, empty if in none.
    """

    weight: float
    usual: tuple[float, float]
    missing: str
    short: str
    long: str
    level: Level
    moment: Moment = ""

    @property
    def label(self) -> str:
        """What the part is called in a sentence."""
        return _spelt(self.id)


@dataclass(frozen=True)
class Form:
    """A form of answer, such as STAR: the parts that it has, in their order.

    Questions name it by `id`, people by `name`; findings go by `key`; `answers` is what a group of
    such answers is called.
    """

    id: str
    name: str
    key: str
    answers: str
    source: str
    parts: tuple[FormPart, ...]

    @property
    def story(self) -> bool:
        """Whether it asks for something that happened: for steps that somebody took."""
        return any(part.moment == "steps" for part in self.parts)


@dataclass(frozen=True)
class Question:
    """An interview question and its rubric; `seconds` is the window of a well-sized answer.

    `kind` is the id of the form that an answer has, or `OPEN`.
    """

    id: str
    category: str
    text: str
    kind: str
    seconds: tuple[float, float]
    assesses: tuple[str, ...] = ()
    elements: tuple[Element, ...] = ()
    avoid: tuple[Element, ...] = ()
    tips: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Answer:
    """All that is known of one answer before it is measured; what every analyzer receives.

    `audio` and `frames` are None for a text transcript. `turns` are the stretches of time in which
    it was given, where its stamps tell.
    """

    recording: Recording
    audio: Audio | None
    frames: Frames | None
    transcript: Transcript
    fillers: tuple[Filler, ...]
    possible_fillers: tuple[Filler, ...]
    pauses: tuple[Pause, ...]
    question: Question | None
    turns: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of a structured answer; `share` is its fraction of the answer, 0..1.

    `seconds` is None for a text transcript, where `share` is that of the words. `best` is the
    sentence that shows it best, None where it is missing.
    """

    covered: bool
    seconds: float | None
    share: float
    sentences: tuple[int, ...]
    best: int | None = None


@dataclass(frozen=True)
class Structure:
    """Whether an answer has the parts of its form, by the parts' ids in the form's order.

    `form` is the form's id, None where the question asks for none; `parts` is then empty.
    """

    form: str | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def labelled(self) -> Mapping[str, Part]:
        """The parts by what they are called in a sentence."""
        return {_spelt(name): part for name, part in self.parts.items()}

    @property
    def applies(self) -> bool:
        """Whether the question asks for a form of answer."""
        return self.form is not None


@dataclass(frozen=True)
class Covered:
    """Whether a rubric element is covered, or perhaps meant.

    `score` is how probably it is, 0..1; `sentences` are those that the verdict rests on, best
    first, none where it is "no".
    """

    verdict: Verdict
    score: float
    sentences: tuple[int, ...] = ()

    @property
    def covered(self) -> bool:
        """Whether it surely is."""
        return self.verdict == "yes"


@dataclass(frozen=True)
class Flagged:
    """Whether an answer commits something to avoid; `sentences` do, best first."""

    flagged: bool
    score: float
    sentences: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rubric:
    """The question's own elements and things to avoid, by id."""

    elements: Mapping[str, Covered] = field(default_factory=dict)
    avoid: Mapping[str, Flagged] = field(default_factory=dict)


@dataclass(frozen=True)
class OnQuestion:
    """Whether an answer is one to the question that was asked.

    Where it is not, `nearest` is the id of the question that it sounds like an answer to, if it
    is like one.
    """

    verdict: Literal["yes", "no", "unsure"]
    nearest: str | None = None

    @property
    def off(self) -> bool:
        """Whether something else is answered."""
        return self.verdict == "no"


@dataclass(frozen=True)
class Finding:
    """An opinion about a fact, with what it rests on and where the opinion comes from."""

    about: str
    level: Level
    message: str
    advice: str
    source: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Content:
    """What an answer says: its sentences, the parts that they form, and what they cover.

    `on_question` is None where no question was asked.
    """

    sentences: tuple[Sentence, ...]
    structure: Structure
    rubric: Rubric
    on_question: OnQuestion | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def off_question(self) -> bool:
        """Whether something else than the question is answered."""
        return self.on_question is not None and self.on_question.off


@dataclass(frozen=True)
class Report:
    """Everything that came out of one analysis; `speechcoach.reports` makes JSON of it.

    `scores` are 0..100. `rules` names the version of the rules that made
    the report, so that a trend never mixes two.
    """

    recording: Recording
    question: str | None
    engine: EngineInfo | None
    transcript: Transcript
    fillers: tuple[Filler, ...]
    possible_fillers: tuple[Filler, ...]
    measurements: Mapping[str, Measurement]
    pauses: tuple[Pause, ...]
    structure: Structure
    rubric: Rubric
    on_question: OnQuestion | None
    findings: tuple[Finding, ...]
    scores: Mapping[str, float | None]
    warnings: tuple[str, ...]
    rules: str
    schema: int = 4

    @property
    def off_question(self) -> bool:
        """Whether something else than the question is answered."""
        return self.on_question is not None and self.on_question.off
