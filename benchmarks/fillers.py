"""Filled pauses found in the corpus and the samples, by source, kind and engine; and the speed.

::

    python benchmarks/fillers.py [--heads DIR]

Prints Markdown tables. Engines: the embedded one; its text with every um deleted, which is how
Whisper writes; and, where the corpus has the words, those without ums. ``--heads DIR`` takes heads
that were trained without the group a recording belongs to (train_filled_pauses.py --hold-out DIR):
only then do the figures of `ami` and `mfa` say something about others. `monologue` is in no head.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hesitant_speech

from speechcoach.alignment.aligner import align
from speechcoach.data import Audio, Frames, Utterance
from speechcoach.engines import given, moonshine
from speechcoach.fillers.filled_pauses import Recovered, is_filled_pause, recover
from speechcoach.fillers.head import Committee, load_head
from speechcoach.sound import audio
from speechcoach.sound.frames import frames as frames_of

SAMPLES = Path(__file__).parent.parent / "sample_audio"
ONSET = 0.2  # seconds; the tolerance of published events
MARGIN = 0.1  # seconds around a true filler that a detection may touch

Event = tuple[float, float, str]  # start, end, "um" or "uh"


@dataclass(frozen=True)
class Truth:
    """A recording and what is known of its filled pauses: their times, or only how many."""

    name: str
    path: Path
    source: str
    count: int
    events: tuple[Event, ...] | None
    unsure: tuple[tuple[float, float], ...] = ()
    text: str = ""

    def inside(self, events: Sequence[Event]) -> list[Event]:
        """Return the events that lie where the truth is sure."""
        return [e for e in events if not any(a <= (e[0] + e[1]) / 2 <= b for a, b in self.unsure)]


@dataclass
class Tally:
    """What was found in the recordings of one source."""

    true: int = 0
    found: int = 0
    overlap: int = 0
    onset: int = 0
    named: int = 0
    seconds: float = 0.0
    errors: list[float] = field(default_factory=list)
    kinds: dict[str, list[int]] = field(default_factory=lambda: {"um": [0, 0], "uh": [0, 0]})

    def add(self, truth: Sequence[Event], found: Sequence[Event], seconds: float) -> None:
        """Count one recording."""
        pairs = matched(truth, found, lambda t, f: f[0] < t[1] + MARGIN and f[1] > t[0] - MARGIN)
        self.true += len(truth)
        self.found += len(found)
        self.seconds += seconds
        self.overlap += len(pairs)
        self.onset += len(matched(truth, found, lambda t, f: abs(t[0] - f[0]) <= ONSET))
        self.named += sum(t[2] == f[2] for t, f in pairs)
        self.errors += [abs(t[0] - f[0]) for t, f in pairs]
        for group, k in ((truth, 1), ([t for t, _ in pairs], 0)):
            for event in group:
                self.kinds[event[2]][k] += 1

    def row(self) -> str:
        """Return the figures as the cells of a table."""
        error = f"{1000 * statistics.median(self.errors):.0f}" if self.errors else "-"
        kinds = " | ".join(f"{hit}/{all_}" for hit, all_ in self.kinds.values())
        alarms = (self.found - self.overlap) / (self.seconds / 60)
        named = f"{self.named}/{self.overlap}"
        return (
            f"{self.true} | {self.found} | {_f1(self.overlap, self.found, self.true)} | "
            f"{_f1(self.onset, self.found, self.true)} | {alarms:.2f} | {error} | {kinds} | {named}"
        )


HEADER = (
    "| engine | source | true | found | overlap F1 (P, R) | onset F1 (P, R) | alarms a min "
    "| onset error, ms | um found | uh found | named right |\n|" + "---|" * 11
)


def _f1(hits: int, found: int, true: int) -> str:
    if not found or not true:
        return "-"
    precision, recall = hits / found, hits / true
    return f"{2 * hits / (found + true):.3f} ({precision:.2f}, {recall:.2f})"


def matched(
    truth: Sequence[Event], found: Sequence[Event], right: Callable[[Event, Event], bool]
) -> list[tuple[Event, Event]]:
    """Return pairs: each detection, in order, takes the first free true filler that is right."""
    free, pairs = list(truth), []
    for detection in found:
        taken = next((t for t in free if right(t, detection)), None)
        if taken is not None:
            free.remove(taken)
            pairs.append((taken, detection))
    return pairs


def recordings() -> Iterator[Truth]:
    """Yield the corpus and the samples."""
    for entry in _lines(hesitant_speech.CORPUS / "manifest.jsonl"):
        yield _truth(entry, hesitant_speech.CORPUS / entry["audio"], entry["source"])
    for entry in _lines(SAMPLES / "truth.jsonl"):
        said = " ".join(word for word, *_ in entry["words"])
        entry = {**entry, "transcript": said}
        yield _truth(entry, SAMPLES / entry["file"], "samples")


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _truth(entry: Mapping[str, Any], path: Path, source: str) -> Truth:
    events = None
    if "fillers" in entry:
        events = tuple((a, b, hesitant_speech.kind(text)) for a, b, text in entry["fillers"])
    count = len(events) if events is not None else entry["count"]
    unsure = tuple((a, b) for a, b in entry.get("ignore", ()))
    text = entry.get("transcript", "")
    return Truth(entry["id"], path, source, count, events, unsure, text)


def heads(folder: Path | None) -> Callable[[Truth], Committee]:
    """Return what gives the head for a recording: one that has not heard its group."""
    group = {clip.name: clip.group for clip in hesitant_speech.corpus()}

    def head_for(truth: Truth) -> Committee:
        if folder is None or truth.source in ("monologue", "samples"):
            return load_head()
        return load_head(folder / f"{group.get(truth.name, 'mfa')}.npz")

    return head_for


def texts(truth: Truth, heard: Sequence[Utterance]) -> Iterator[tuple[str, Sequence[Utterance]]]:
    """Yield the recording's words as different engines would write them."""
    yield "moonshine", heard
    without = [Utterance(_without(u.text), u.start, u.end) for u in heard]
    yield "moonshine without its ums", [u for u in without if u.text]
    if truth.text and "<" not in truth.text and "[" not in truth.text:
        yield "true words without ums", given.placed(_without(truth.text).split(), heard)


def _without(text: str) -> str:
    return " ".join(word for word in text.split() if not is_filled_pause(word))


def events_of(recovered: Recovered) -> list[Event]:
    """Return the filled pauses among the words."""
    return [
        (w.start, w.end, hesitant_speech.kind(w.text.lower()))
        for w in recovered.words
        if is_filled_pause(w.text) and w.start is not None and w.end is not None
    ]


@dataclass
class Clock:
    """Seconds of work in the stages that this benchmark answers for, and of sound."""

    align: float = 0.0
    recover: float = 0.0
    sound: float = 0.0

    def run(
        self, sound: Audio, frames: Frames, said: Sequence[Utterance], head: Committee
    ) -> Recovered:
        """Align and recover, on the clock."""
        start = time.process_time()
        aligned = align(said, sound)
        middle = time.process_time()
        recovered = recover(sound, frames, aligned, head)
        self.align += middle - start
        self.recover += time.process_time() - middle
        self.sound += sound.duration
        return recovered


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--heads", type=Path, metavar="DIR")
    head_for = heads(parser.parse_args().heads)
    tallies: dict[tuple[str, str], Tally] = {}
    counts: dict[str, dict[str, int]] = {}
    minutes: dict[str, float] = {}
    clock = Clock()
    for truth in recordings():
        sound = audio.load(truth.path).audio
        frames = frames_of(sound)
        minutes[truth.name] = sound.duration / 60
        counts[truth.name] = {"true": truth.count}
        for engine, said in texts(truth, moonshine.recognise(sound).utterances):
            found = events_of(clock.run(sound, frames, said, head_for(truth)))
            counts[truth.name][engine] = len(found)
            if truth.events is not None:
                tally = tallies.setdefault((engine, truth.source), Tally())
                tally.add(truth.inside(truth.events), truth.inside(found), sound.duration)
    print(HEADER)
    for (engine, source), tally in sorted(tallies.items()):
        print(f"| {engine} | {source} | {tally.row()} |")
    _print_agreement(counts, minutes)
    print(f"\nWork a second of sound: alignment {clock.align / clock.sound:.4f} s, ", end="")
    print(f"filled pauses {clock.recover / clock.sound:.4f} s (one core).")


def _print_agreement(counts: Mapping[str, Mapping[str, int]], minutes: Mapping[str, float]) -> None:
    """Print how far the counts with one text are from those with another, and from the truth."""
    print("\n| text | recordings | within one a minute of moonshine's | counted right | r |")
    print("|---|---|---|---|---|")
    for engine in ("moonshine", "moonshine without its ums", "true words without ums"):
        rows = [(name, c) for name, c in counts.items() if engine in c]
        near = sum(abs(c[engine] - c["moonshine"]) <= max(1, minutes[n]) for n, c in rows)
        right = sum(c[engine] == c["true"] for _, c in rows)
        r = statistics.correlation([c["true"] for _, c in rows], [c[engine] for _, c in rows])
        print(f"| {engine} | {len(rows)} | {near} | {right} | {r:.2f} |")


if __name__ == "__main__":
    main()
