"""Reports that are hard to show, and eyes for what a form makes of them."""

from __future__ import annotations

import dataclasses
from html.parser import HTMLParser

from sample_report import MEASUREMENTS, QUESTION, report

from speechcoach.data import (
    Covered,
    Element,
    Filler,
    Finding,
    Flagged,
    Measurement,
    Part,
    Question,
    Recording,
    Report,
    Rubric,
    Sentence,
    Structure,
    Transcript,
    Word,
)

HOSTILE = (
    "</title></p><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"
    "\x1b[31m\x9b2J\x07\u202e*b*_c_`d`~~e~~[f](http://g)|{{7*7}}{%h%}"
)
"""What no form may take for more than words; the controls in it vanish."""

SPELLED = HOSTILE.translate(dict.fromkeys([0x1B, 0x9B, 0x07, 0x202E]))
"""What is left to read of it."""

TEXT_FILE = Recording("/takes/conflict.txt", "conflict.txt", "0" * 64, None, None, None, "text")


def untimed(made: Report) -> Report:
    """Return a report as that of a written answer: no times, nothing from sound."""
    words = tuple(Word(word.text) for word in made.transcript.words)
    sentences = tuple(
        dataclasses.replace(s, start=None, end=None) for s in made.transcript.sentences
    )
    fillers = tuple(dataclasses.replace(f, start=None, end=None) for f in made.fillers)
    counted = {"filler_count": Measurement(2, "count"), "word_count": Measurement(13, "words")}
    parts = {n: dataclasses.replace(p, seconds=None) for n, p in made.structure.parts.items()}
    return dataclasses.replace(
        made,
        recording=TEXT_FILE,
        engine=None,
        transcript=Transcript(made.transcript.text, words, sentences),
        fillers=fillers,
        possible_fillers=(),
        pauses=(),
        measurements={n: Measurement(None, m.unit) for n, m in MEASUREMENTS.items()} | counted,
        structure=Structure("star", parts),
        findings=(),
    )


def silent() -> Report:
    """Return the report on a recording in which nobody speaks."""
    return report(
        transcript=Transcript("", (), ()),
        engine=None,
        fillers=(),
        possible_fillers=(),
        pauses=(),
        structure=Structure("star"),
        rubric=Rubric(),
        findings=(),
        scores={"overall": None},
        measurements={},
        warnings=("No speech was found.",),
    )


def hostile() -> tuple[Report, Question]:
    """Return a report, and its question, with `HOSTILE` wherever somebody could put it."""
    word = HOSTILE.replace(" ", "")
    words = (Word(word, 0.0, 0.4, 0.9), *report().transcript.words[1:])
    sentence = Sentence((0, len(words)), 0.0, 7.5, word)
    question = Question(
        "conflict", "c", HOSTILE, "star", (90.0, 150.0),
        elements=(Element("empathy", HOSTILE),), avoid=(Element("blame", HOSTILE),),
    )  # fmt: skip
    made = report(
        recording=Recording("/a/" + HOSTILE, HOSTILE, "0" * 64, 102.0, 48000, 1, "audio"),
        engine=dataclasses.replace(report().engine, name=word, model=HOSTILE),
        transcript=Transcript(HOSTILE, words, (sentence,)),
        fillers=(Filler(HOSTILE, "discourse", (0, 1), 0.0, 0.4, 0.9),),
        structure=Structure("star", {"action": Part(True, 3.0, 1.0, (0,))}),
        rubric=Rubric({"empathy": Covered("yes", 0.9, (0,))}, {"blame": Flagged(True, 0.9, (0,))}),
        findings=(Finding("x", "work", HOSTILE, HOSTILE, HOSTILE),),
        measurements={**MEASUREMENTS, HOSTILE: Measurement(1.0, HOSTILE)},
        warnings=(HOSTILE,),
        rules=HOSTILE,
    )
    return made, question


def hard() -> dict[str, tuple[Report, Question | None]]:
    """Return reports that are hard to show, each with its question, by what is hard about it."""
    plain = report()
    nothing = {name: Measurement(None, m.unit) for name, m in MEASUREMENTS.items()}
    unasked = report(question=None, structure=Structure(), rubric=Rubric())
    bare = report(
        transcript=Transcript("Well.", (Word("Well."),), ()),
        fillers=(), possible_fillers=(), pauses=(), findings=(), measurements={}, scores={},
        structure=Structure("star", dict.fromkeys(("task", "action"), Part(False, None, 0.0, ()))),
        rubric=Rubric(), warnings=(),
    )  # fmt: skip
    return {
        "no words": (silent(), QUESTION),
        "text only": (untimed(plain), QUESTION),
        "no question": (unasked, None),
        "a question that is gone": (plain, None),
        "nothing known": (
            report(
                engine=None,
                measurements=nothing,
                scores=dict.fromkeys(plain.scores),
                findings=(),
                warnings=(),
            ),
            QUESTION,
        ),
        "nothing at all": (bare, QUESTION),
        "no place": (
            report(recording=dataclasses.replace(plain.recording, path=None)),
            QUESTION,
        ),
        "hostile": hostile(),
    }


class Page(HTMLParser):
    """What a browser would make of a page: its elements, and the text that is read."""

    EMPTY = frozenset({"meta", "br", "img", "link", "path", "use"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.headings: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("td", "th", "li", "p", "q"):
            self.text += " "
        if tag == "h2":
            self.headings.append("")
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.text += data
        if "h2" in self.open:
            self.headings[-1] += data

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def having(self, attribute: str) -> list[dict[str, str | None]]:
        """Return the attributes of the elements that have `attribute`."""
        return [found for _, found in self.elements if attribute in found]

    def links(self) -> list[str]:
        """Return every address that the page names."""
        names = ("src", "href", "xlink:href", "action", "data", "poster", "srcset")
        return [found[name] for _, found in self.elements for name in names if name in found]
