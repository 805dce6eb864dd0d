"""Word error rate of the embedded engine by how the sound is cut, and its real-time factor.

::

    python benchmarks/recognition.py                 # the eight samples
    python benchmarks/recognition.py MANIFEST.jsonl  # and recordings with a `transcript` from there

Prints a Markdown table. Words are compared after whisper's English normaliser, which leaves out
um, uh and hmm, so fillers cost nothing either way; how many of them the engine writes is a column
of its own.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jiwer
from moonshine_voice.moonshine_api import ModelArch
from moonshine_voice.transcriber import Transcriber
from moonshine_voice.utils import get_model_path
from sample_truth import SAMPLES, truths
from whisper.normalizers import EnglishTextNormalizer

from speechcoach.data import Audio
from speechcoach.engines import moonshine
from speechcoach.sound import audio, cutting

FILLED_PAUSE = re.compile(r"\b(?:u+m+|u+h+|er+m?|hm+)\b", re.IGNORECASE)
NORMALISE = EnglishTextNormalizer()

Recogniser = Callable[[Audio], str]


@dataclass(frozen=True)
class Said:
    """A recording and the words said in it."""

    name: str
    audio: Audio
    text: str


@dataclass(frozen=True)
class Score:
    """Errors and words of one recording, and filled pauses written and said."""

    errors: int
    words: int
    written: int
    said: int
    seconds: float


def samples() -> Iterator[Said]:
    """Yield the sample answers."""
    for truth in truths():
        text = " ".join(word for word, *_ in truth["words"])
        yield Said(truth["id"], audio.load(SAMPLES / truth["file"]).audio, text)


def others(manifest: Path) -> Iterator[Said]:
    """Yield the recordings of a manifest that have a transcript, its marks taken out."""
    for line in manifest.read_text("utf-8").splitlines():
        entry = json.loads(line)
        text = re.sub(r"<[^>]*>|\[[^]]*\]", " ", entry.get("transcript") or "")
        if len(text.split()) >= 5:
            yield Said(entry["id"], audio.load(manifest.parent / entry["audio"]).audio, text)


def score(said: Said, recognise: Recogniser) -> Score:
    """Recognise one recording and count."""
    begun = time.perf_counter()
    heard = recognise(said.audio)
    seconds = time.perf_counter() - begun
    words = jiwer.process_words(NORMALISE(said.text), NORMALISE(heard))
    errors = words.substitutions + words.deletions + words.insertions
    true, written = (len(FILLED_PAUSE.findall(text)) for text in (said.text, heard))
    return Score(errors, words.hits + words.substitutions + words.deletions, written, true, seconds)


def its_own(**options: float | str) -> Recogniser:
    """Return Moonshine as it comes, but for `options`."""
    model = Transcriber(
        get_model_path("tiny-en"),
        ModelArch.TINY,
        options={"return_audio_data": "false"} | {k: str(v) for k, v in options.items()},
    )

    def recognise(sound: Audio) -> str:
        lines = model.transcribe_without_streaming(sound.samples.tolist(), sound.rate).lines
        return " ".join(line.text for line in lines)

    return recognise


def ours(shortest: float, longest: float) -> Recogniser:
    """Return Moonshine with our cuts in silences of `shortest`, pieces of up to `longest`."""

    def recognise(sound: Audio) -> str:
        pieces = cutting.pieces(sound, longest, shortest=shortest)
        return " ".join(moonshine.hear(sound, piece) for piece in pieces)

    return recognise


def product(sound: Audio) -> str:
    """Return what speechcoach makes of it."""
    return " ".join(u.text for u in moonshine.recognise(sound).utterances)


OPTIONS: dict[str, Callable[[], Recogniser]] = {
    "speechcoach's engine": lambda: product,
    "its own cuts, as it comes": its_own,
    "its own, vad_window_duration 0.25": lambda: its_own(vad_window_duration=0.25),
    "its own, vad_window_duration 1": lambda: its_own(vad_window_duration=1),
    "its own, vad_threshold 0.3": lambda: its_own(vad_threshold=0.3),
    "its own, vad_threshold 0.2, segments to 30 s": lambda: its_own(
        vad_threshold=0.2, vad_max_segment_duration=30
    ),
    "its own, vad_max_segment_duration 5": lambda: its_own(vad_max_segment_duration=5),
    "its own, 1 s of look-behind": lambda: its_own(vad_look_behind_sample_count=16000),
    "not cut at all": lambda: its_own(vad_threshold=0, vad_max_segment_duration=600),
    "silences from 0.3 s, joined to 15 s": lambda: ours(0.3, 15),
    "silences from 0.5 s, not joined": lambda: ours(0.5, 0),
    "silences from 0.5 s, joined to 10 s": lambda: ours(0.5, 10),
    "silences from 0.5 s, joined to 15 s": lambda: ours(0.5, 15),
    "silences from 0.5 s, joined to 20 s": lambda: ours(0.5, 20),
    "silences from 0.5 s, joined to 30 s": lambda: ours(0.5, 30),
    "silences from 0.7 s, joined to 15 s": lambda: ours(0.7, 15),
    "silences from 1.0 s, joined to 15 s": lambda: ours(1.0, 15),
}


def main() -> None:
    """Print the table."""
    sets = {"samples": list(samples())}
    sets |= {Path(name).stem: list(others(Path(name))) for name in sys.argv[1:]}
    print(f"| Cuts | {' | '.join(f'WER, {s} | um written' for s in sets)} | real-time factor |")
    print(f"|---|{'---|' * (2 * len(sets) + 1)}", flush=True)
    for name, make in OPTIONS.items():
        recognise, cells, spent, length = make(), [], 0.0, 0.0
        for recordings in sets.values():
            scores = [score(said, recognise) for said in recordings]
            wer = sum(s.errors for s in scores) / sum(s.words for s in scores)
            written, said = sum(s.written for s in scores), sum(s.said for s in scores)
            cells += [f"{100 * wer:.1f}%", f"{written} of {said}"]
            spent += sum(s.seconds for s in scores)
            length += sum(s.audio.duration for s in recordings)
            for recording, one in zip(recordings, scores, strict=True):
                print(name, recording.name, f"{one.errors}/{one.words}", file=sys.stderr)
        print(f"| {name} | {' | '.join(cells)} | 1/{length / spent:.0f} |", flush=True)


if __name__ == "__main__":
    main()
