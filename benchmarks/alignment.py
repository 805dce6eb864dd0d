"""How far the aligned words are from their true times, and what the alignment costs.

Run ``python benchmarks/alignment.py``; needs nothing but the checkout. Truth is
``sample_audio/truth.jsonl``. Texts: the true one; the true one without its filled pauses; the
embedded recogniser's. A recognised word counts where it matches a true one (difflib).
"""

import difflib
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sample_truth import SAMPLES, truths

from speechcoach.alignment.aligner import Alignment, align
from speechcoach.data import Audio, Utterance
from speechcoach.engines.moonshine import recognise
from speechcoach.sound import audio as sound_files

HESITATIONS = {"um", "uh", "er", "hmm"}
LONG = 600.0  # seconds of the repeated sample
Truth = list[tuple[str, float, float]]


@dataclass
class Tally:
    """Errors in seconds, and what the alignment took, over all samples."""

    starts: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    seconds: float = 0.0
    work: float = 0.0
    utterances: int = 0
    rough: int = 0
    fillers: int = 0
    found: int = 0
    false: int = 0

    def line(self, name: str) -> str:
        """Return a row of the table."""
        return (
            f"| {name} | {_figures(self.starts)} | {_figures(self.ends)} | "
            f"{self.rough}/{self.utterances} | {self.found}/{self.fillers} | {self.false} | "
            f"{self.work / self.seconds:.4f} |"
        )


def _figures(errors: list[float]) -> str:
    sizes = 1000 * np.abs(errors)
    return " | ".join(
        f"{value:.0f}" for value in (np.median(sizes), *np.percentile(sizes, [90, 99]))
    )


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def sentences(words: Truth) -> list[Utterance]:
    """Return true words as utterances, one a sentence."""
    found: list[Utterance] = []
    current: Truth = []
    for word in words:
        current.append(word)
        if word[0][-1] in ".?!" or word is words[-1]:
            text = " ".join(w[0] for w in current)
            found.append(Utterance(text, current[0][1], current[-1][2]))
            current = []
    return found


def count(tally: Tally, result: Alignment, words: Truth) -> None:
    """Add the errors of the words that match, and how the true fillers fared."""
    ours, theirs = [_plain(w.text) for w in result.words], [_plain(w[0]) for w in words]
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for block in matcher.get_matching_blocks():
        for n in range(block.size):
            word, (_, start, end) = result.words[block.a + n], words[block.b + n]
            tally.starts.append((word.start or 0.0) - start)
            tally.ends.append((word.end or 0.0) - end)
    tally.utterances += len(result.exact)
    tally.rough += result.exact.count(False)
    true = [(start, end) for text, start, end in words if _plain(text) in HESITATIONS]
    places = [(i.start, i.end) for i in result.insertions]
    written = [(w.start, w.end) for w in result.words if _plain(w.text) in HESITATIONS]
    tally.fillers += len(true)
    tally.found += sum(_meets(place, [*places, *written]) for place in true)
    tally.false += sum(not _meets(place, true) for place in places)


def _meets(place: Any, others: Iterable[Any]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in others)


def timed(tally: Tally, utterances: list[Utterance], audio: Audio) -> Alignment:
    """Return the alignment; its processor time goes into `tally`."""
    begin = time.process_time()
    result = align(utterances, audio)
    tally.work += time.process_time() - begin
    tally.seconds += audio.duration
    return result


def main() -> None:
    """Print the tables."""
    tallies = {name: Tally() for name in ("true text", "without its fillers", "Moonshine's text")}
    tallies["one utterance, without fillers"] = Tally()
    longest: tuple[Audio, list[Utterance]] | None = None
    for row in truths():
        audio = sound_files.load(SAMPLES / row["file"]).audio
        words: Truth = [tuple(word) for word in row["words"]]
        fluent = [word for word in words if _plain(word[0]) not in HESITATIONS]
        whole = Utterance(" ".join(word[0] for word in fluent), 0.0, audio.duration)
        texts = (sentences(words), sentences(fluent), list(recognise(audio).utterances), [whole])
        for tally, utterances in zip(tallies.values(), texts, strict=True):
            count(tally, timed(tally, utterances, audio), words)
        longest = longest or (audio, sentences(fluent))
    print("| text | start: median ms | p90 | p99 | end: median | p90 | p99 | rough utterances |"
          " fillers among words or candidates | false candidates | work per second |")  # fmt: skip
    print("|---" * 11 + "|")
    for name, tally in tallies.items():
        print(tally.line(name))
    if longest:
        _long(*longest)


def _long(audio: Audio, utterances: list[Utterance]) -> None:
    """Print what ten minutes cost: the same answer over and over."""
    times = range(int(LONG / audio.duration) + 1)
    repeated = Audio(np.tile(audio.samples, len(times)), audio.rate)
    later = [
        Utterance(u.text, u.start + n * audio.duration, u.end + n * audio.duration)
        for n in times
        for u in utterances
    ]
    tally = Tally()
    result = timed(tally, later, repeated)
    size = len(result.words) // len(times)
    first = np.array([word.start for word in result.words[:size]])
    drift = [
        np.abs(
            [w.start for w in result.words[n * size : (n + 1) * size]] - first - n * audio.duration
        )
        for n in times
    ]
    print(
        f"\n{repeated.duration:.0f} s: {tally.work / repeated.duration:.4f} s of work a second; "
        "p99 of the starts' shift against the first round "
        f"{1000 * np.percentile(drift, 99):.0f} ms; "
        f"{result.exact.count(False)} of {len(result.exact)} utterances rough"
    )


if __name__ == "__main__":
    main()
