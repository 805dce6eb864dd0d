"""A small report, made by hand, that has one of everything a report can show."""

from speechcoach.data import (
    Covered,
    Element,
    EngineInfo,
    Filler,
    Finding,
    Flagged,
    Measurement,
    OnQuestion,
    Part,
    Pause,
    Question,
    Recording,
    Report,
    Rubric,
    Sentence,
    Span,
    Structure,
    Transcript,
    Word,
)
from speechcoach.guides import built_in
from speechcoach.judging.norms import load_norms
from speechcoach.views import View

QUESTION = Question(
    "conflict",
    "behavioral",
    "Tell me about a conflict.",
    "star",
    (90.0, 150.0),
    elements=(Element("empathy", "You saw the other side."), Element("lesson", "You learned.")),
    avoid=(Element("blame", "Blaming the other person."),),
)

TEXTS = "So, um, I called the ward. We, you know, talked it through. It *was* fine.".split()


def _word(position: int, text: str) -> Word:
    return Word(text, position * 0.5, position * 0.5 + 0.4, 0.9, recovered=text == "um,")


def _measured(value: float | None, unit: str, *spans: Span) -> Measurement:
    return Measurement(value, unit, spans)


MEASUREMENTS = {
    "speaking_time": _measured(100.0, "s"),
    "filler_rate": _measured(6.0, "1/min", Span(0.5, 0.9)),
    "filled_pause_rate": _measured(3.5, "1/min", Span(0.5, 0.9)),
    "discourse_rate": _measured(2.5, "1/min", Span(3.5, 4.4)),
    "fillers_opening": _measured(2, "count"),
    "fillers_middle": _measured(0, "count"),
    "fillers_close": _measured(0, "count"),
    "filler_bursts": _measured(1, "count", Span(0.5, 4.4)),
    "speech_rate": _measured(210.0, "words/min"),
    "articulation_rate": _measured(4.5, "syllables/s"),
    "longest_pause": _measured(2.4, "s", Span(42.0, 44.4)),
    "pause_share": _measured(0.2, "ratio"),
    "mid_clause_pause_rate": _measured(3.0, "1/min"),
    "pitch_variation": _measured(2.6, "semitones"),
    "loudness_variation": _measured(4.0, "dB"),
    "time_to_first_word": _measured(0.4, "s"),
}


def report(**changes: object) -> Report:
    """Return the report, some of its fields changed."""
    words = tuple(_word(i, text) for i, text in enumerate(TEXTS))
    cuts = [(0, 6), (6, 12), (12, 15)]
    sentences = tuple(
        Sentence(cut, cut[0] * 0.5, cut[1] * 0.5, " ".join(TEXTS[slice(*cut)])) for cut in cuts
    )
    fields: dict[str, object] = {
        "recording": Recording(
            "/takes/conflict_1.wav", "conflict_1.wav", "ab" * 32, 102.0, 48000, 1, "audio"
        ),
        "question": "conflict",
        "engine": EngineInfo("moonshine", "tiny-en", "0.1.0"),
        "transcript": Transcript(" ".join(TEXTS), words, sentences),
        "fillers": (
            Filler("um", "filled_pause", (1, 2), 0.5, 0.9, 0.95, recovered=True),
            Filler("you know", "discourse", (7, 9), 3.5, 4.4, 0.8),
        ),
        "possible_fillers": (Filler("uh", "filled_pause", (9, 9), 62.0, 62.3, 0.4, True),),
        "measurements": MEASUREMENTS,
        "pauses": (Pause(42.0, 44.4, "mid_clause"), Pause(10.0, 10.5, "clause_end")),
        "structure": Structure(
            form="star",
            parts={
                "situation": Part(True, 3.0, 0.4, (0,), 0),
                "task": Part(False, 0.0, 0.0, ()),
                "action": Part(True, 3.0, 0.4, (1,), 1),
                "result": Part(True, 1.5, 0.2, (2,), 2),
            },
        ),
        "rubric": Rubric(
            {"empathy": Covered("yes", 0.9, (1,)), "lesson": Covered("no", 0.2)},
            {"blame": Flagged(True, 0.7, (0,))},
        ),
        "on_question": OnQuestion("yes"),
        "findings": (
            Finding("longest_pause", "watch", "longest pause: 2.4 s", "Bridge it.", "s",
                    (Span(42.0, 44.4),)),
            Finding("pause_share", "good", "share of pauses: 20%", "", "s"),
            Finding("speech_rate", "work", "speech rate: 210 words/min", "Breathe.", "s"),
        ),
        "scores": {"overall": 71.4, "length": 100.0, "fillers": 90.0, "pace": 60.0,
                   "delivery": 92.0, "structure": 75.0, "content": None},
        "warnings": ("The recording is noisy.",),
        "rules": "test",
    }  # fmt: skip
    return Report(**{**fields, **changes})  # type: ignore[arg-type]


def view(
    made: Report | None = None, question: Question | None = QUESTION, **changes: object
) -> View:
    """Return a view of `made`, or of the report above."""
    return View(made or report(), question, load_norms(), built_in(), **changes)  # type: ignore[arg-type]
