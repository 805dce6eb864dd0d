"""Pauses under what rooms, devices and meeting apps do to a recording: found, false, or refused.

::

    python benchmarks/pauses.py [--corpus FOLDER] [--only WORD]

Prints a Markdown table, a line a degradation. The answers are the samples, whose truth is exact,
and with ``--corpus`` answers put together from fluent recordings: phrases of one speaker, cut where
it is still, with silences of known length between them in that room's own tone. A pause of 0.5 s
or more is `found` with both ends within 0.15 s; a `false` one is of 0.5 s or more and overlaps no
true silence. `warned` are the answers whose pauses are said to be unknown: they count in no other
column. `poor` are those that neither warn nor have 80% of their pauses found.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import degradations as d
import numpy as np
from numpy.typing import NDArray
from sample_truth import SAMPLES, truths

from speechcoach.data import Audio
from speechcoach.sound import audio
from speechcoach.sound.frames import frames as frames_of
from speechcoach.sound.framing import longer, runs
from speechcoach.sound.pauses import silences

LEAST, CLOSE, ENOUGH = 0.5, 0.15, 0.8  # seconds, seconds, share
PHRASE = 0.4  # seconds; shorter pieces of a recording may be a breath
LENGTHS = (0.3, 0.5, 0.6, 0.8, 1.0, 1.4, 2.0, 3.0)  # seconds of the silences put in
RATE = d.RATE

Edges = list[tuple[float, float]]
Samples = NDArray[np.float32]

DEGRADATIONS: dict[str, Callable[[Samples, Samples], Samples]] = {
    "as it is": lambda x, _: x,
    "gain +6 dB, release 0.5 s": lambda x, _: d.automatic_gain(x, 6, 0.5),
    "gain +12 dB, release 1 s": lambda x, _: d.automatic_gain(x, 12, 1),
    "gain +12 dB, release 6 s": lambda x, _: d.automatic_gain(x, 12, 6),
    "gain +18 dB, release 0.5 s": lambda x, _: d.automatic_gain(x, 18, 0.5),
    "gain +18 dB, release 2 s": lambda x, _: d.automatic_gain(x, 18, 2),
    "gain +12 dB, 1 s, pink noise 20 dB below": lambda x, s: d.automatic_gain(
        d.noise(x, s, 20, colour=1), 12, 1
    ),
    "hum 50 Hz, 6 dB over": lambda x, s: d.hum(x, s, 6),
    "hum 60 Hz, 6 dB over": lambda x, s: d.hum(x, s, 6, mains=60),
    "hum 50 Hz, 6 dB over, bare": lambda x, s: d.hum(x, s, 6, harmonics=9),
    "hum 60 Hz, 10 dB below": lambda x, s: d.hum(x, s, -10, mains=60),
    "rumble, 6 dB over": lambda x, s: d.rumble(x, s, 6),
    "room, RT60 0.3 s": lambda x, _: d.reverberation(x, 0.3),
    "room, RT60 0.5 s": lambda x, _: d.reverberation(x, 0.5),
    "room, RT60 0.5 s, direct sound +5 dB": lambda x, _: d.reverberation(x, 0.5, direct=5),
    "room, RT60 0.5 s, direct sound -5 dB": lambda x, _: d.reverberation(x, 0.5, direct=-5),
    "room, RT60 0.8 s": lambda x, _: d.reverberation(x, 0.8),
    "piano, 14 dB below": lambda x, s: d.music(x, s, 14, kind="piano"),
    "strings, 14 dB below": lambda x, s: d.music(x, s, 14, kind="strings"),
    "band, 14 dB below": lambda x, s: d.music(x, s, 14, kind="band"),
    "gate at -42 dB": lambda x, _: d.noise_gate(x, -42),
    "white noise, 20 dB below": lambda x, s: d.noise(x, s, 20),
    "pink noise, 12 dB below": lambda x, s: d.noise(x, s, 12, colour=1),
    "brown noise, 10 dB below": lambda x, s: d.noise(x, s, 10, colour=2),
    "blue noise, 15 dB below": lambda x, s: d.noise(x, s, 15, colour=-1),
    "fan, 12 dB below": lambda x, s: d.fan(x, s, 12),
    "white noise, 6 dB below": lambda x, s: d.noise(x, s, 6),
}


@dataclass(frozen=True, eq=False)
class Known:
    """An answer, its true silences of 0.25 s and more, and the samples that are speech."""

    samples: Samples
    pauses: Edges
    speech: Samples


@dataclass
class Tally:
    """What was counted under one degradation."""

    answers: int = 0
    warned: int = 0
    poor: int = 0
    pauses: int = 0
    found: int = 0
    false: int = 0
    worst: float = 0.0

    def add(self, known: Known, samples: Samples) -> None:
        """Count one answer."""
        self.answers += 1
        frames = frames_of(Audio(samples, RATE))
        if not frames.pauses_known:
            self.warned += 1
            return
        heard = [(pause.start, pause.end) for pause in silences(frames)]
        true = longer_than(known.pauses)
        errors = [error for pause in true if (error := end_error(pause, heard)) is not None]
        found = sum(error <= CLOSE for error in errors)
        self.pauses += len(true)
        self.found += found
        self.poor += found < ENOUGH * len(true)
        self.false += sum(
            not any(overlap(pause, other) > 0 for other in known.pauses)
            for pause in longer_than(heard)
        )
        self.worst = max([self.worst, *errors])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="a folder with manifest.jsonl and audio/")
    parser.add_argument("--only", default="", help="degradations with this in their name")
    given = parser.parse_args()
    groups = {"samples": list(sample_answers())}
    if given.corpus:
        groups["people"] = list(corpus_answers(given.corpus))
    print("| sound | answers | warned | poor | pauses | found | false | worst end, s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, degrade in DEGRADATIONS.items():
        for group, answers in groups.items():
            if given.only in name:
                print(row(f"{name} ({group})", answers, degrade), flush=True)


def row(name: str, answers: list[Known], degrade: Callable[[Samples, Samples], Samples]) -> str:
    """Return a line of the table."""
    tally = Tally()
    for known in answers:
        tally.add(known, degrade(known.samples, known.speech))
    share = f"{100 * tally.found / tally.pauses:.0f}%" if tally.pauses else "-"
    return (
        f"| {name} | {tally.answers} | {tally.warned} | {tally.poor} | {tally.pauses} | {share} "
        f"| {tally.false} | {tally.worst:.2f} |"
    )


def sample_answers() -> Iterator[Known]:
    """Yield the samples."""
    for truth in truths():
        samples = audio.load(SAMPLES / truth["file"]).audio.samples
        speech = [samples[round(a * RATE) : round(b * RATE)] for _, a, b in truth["words"]]
        yield Known(samples, [(a, b) for a, b in truth["pauses"]], np.concatenate(speech))


def corpus_answers(corpus: Path) -> Iterator[Known]:
    """Yield an answer for each speaker of fluent speech: their phrases, silence between them."""
    lines = (corpus / "manifest.jsonl").read_text("utf-8").splitlines()
    speakers: dict[str, list[Samples]] = {}
    for line in map(json.loads, lines):
        if line.get("fluent"):
            samples = audio.load(corpus / line["audio"]).audio.samples
            speakers.setdefault(line["id"].split("-")[0], []).append(samples)
    for i, recordings in enumerate(speakers.values()):
        yield put_together(recordings, np.random.default_rng(i))


def put_together(recordings: list[Samples], rng: np.random.Generator) -> Known:
    """Return the phrases of `recordings` with silences of known length between them."""
    cuts = [phrases_and_tone(samples) for samples in recordings]
    phrases = [phrase for pieces, _ in cuts for phrase in pieces]
    quiet = max((tone for _, tone in cuts), key=lambda tone: tone.size)
    parts, pauses, time = [room_tone(quiet, 0.7, rng)], [], 0.7
    for i, phrase in enumerate(phrases):
        parts.append(faded(phrase))
        time += phrase.size / RATE
        length = 0.5 if i == len(phrases) - 1 else float(rng.choice(LENGTHS))
        parts.append(room_tone(quiet, length, rng))
        if i < len(phrases) - 1:
            pauses.append((time, time + length))
        time += length
    return Known(np.concatenate(parts), pauses, np.concatenate(phrases))


def phrases_and_tone(samples: Samples) -> tuple[list[Samples], Samples]:
    """Return what lies between the silences of a recording, and the quieter half of the rest."""
    speech = frames_of(Audio(samples, RATE)).speech
    closed = ~longer(~speech, round(0.25 * 100))
    hop = RATE // 100
    pieces = [
        samples[max(0, first * hop - hop // 2) : end * hop - hop // 2]
        for first, end in runs(longer(closed, round(PHRASE * 100)))
    ]
    rest = [samples[first * hop : end * hop] for first, end in runs(~closed)]
    still = np.concatenate([np.zeros(0, np.float32), *rest])
    windows = still[: still.size // 512 * 512].reshape(-1, 512)
    power = np.mean(windows**2, axis=1)
    return pieces, windows[power <= np.median(power)].ravel() if power.size else still


def room_tone(quiet: Samples, seconds: float, rng: np.random.Generator) -> Samples:
    """Return noise with the spectrum and the level of `quiet`."""
    size = round(seconds * RATE)
    spectra = np.abs(np.fft.rfft(quiet.reshape(-1, 512) * np.hanning(512))) ** 2
    shape = np.interp(np.fft.rfftfreq(size), np.fft.rfftfreq(512), np.mean(spectra, axis=0))
    sound = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * np.sqrt(shape), size)
    return (sound * np.sqrt(np.mean(quiet**2) / np.mean(sound**2))).astype(np.float32)


def faded(phrase: Samples) -> Samples:
    """Return `phrase` with 5 ms of fade at both ends."""
    ramp = np.linspace(0, 1, 80, dtype=np.float32)
    shape = np.ones(phrase.size, np.float32)
    shape[:80], shape[-80:] = ramp, ramp[::-1]
    return phrase * shape


def longer_than(spans: Edges, least: float = LEAST) -> Edges:
    """Return the spans of `least` seconds or more."""
    return [(start, end) for start, end in spans if end - start >= least - 1e-6]


def overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the seconds that two spans share; negative where they are apart."""
    return min(one[1], other[1]) - max(one[0], other[0])


def end_error(pause: tuple[float, float], heard: Edges) -> float | None:
    """Return the larger error of the two ends, in seconds, None where nothing overlaps `pause`."""
    best = max(heard, key=lambda span: overlap(pause, span), default=None)
    if best is None or overlap(pause, best) <= 0:
        return None
    return max(abs(best[0] - pause[0]), abs(best[1] - pause[1]))


if __name__ == "__main__":
    main()
