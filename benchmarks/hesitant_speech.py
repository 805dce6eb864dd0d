"""Training material for the filled-pause head: real hesitations, and fluent speech made hesitant.

Everything comes from the corpus's `ami`, `mfa` and `librispeech` parts (CC BY 4.0, MIT) and from
Debian's synthesisers; `monologue` is for measuring only. A clip belongs to a group; whole groups
are held out in cross-validation, so no speaker and no hesitation is on both sides.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import librosa
import numpy as np
import soundfile
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.signal import lfilter

RATE = 16_000
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
ANSWERS = Path(__file__).parents[2] / "shared" / "answers" / "dev.jsonl"
GROUPS = ("ami-0", "ami-1", "ami-2", "mfa")  # librispeech's speakers are dealt to the ami groups
UNSURE = "unsure"
FLITE = ("slt", "rms", "awb", "kal16")  # voices of flite

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Event:
    """A hesitation ("um", "uh"), or a stretch whose truth is unsure; seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, eq=False)
class Clip:
    """Sound with its hesitations; `group` decides on which side of a split it stands."""

    samples: Samples
    events: tuple[Event, ...]
    group: str
    name: str = ""


def corpus(root: Path = CORPUS) -> list[Clip]:
    """Return the clips that may be trained on and whose hesitations have times."""
    lines = (root / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    clips, seen = [], {"ami": 0, "librispeech": 0}
    for entry in map(json.loads, lines):
        source = entry["source"]
        if source == "monologue" or ("fillers" not in entry and entry["count"]):
            continue
        group = "mfa"
        if source in seen:
            # librispeech: two clips a speaker, one after the other
            number = seen[source] // (2 if source == "librispeech" else 1)
            seen[source] += 1
            group = f"ami-{number % 3}"
        events = [Event(a, b, kind(text)) for a, b, text in entry.get("fillers", ())]
        events += [Event(a, b, UNSURE) for a, b in entry.get("ignore", ())]
        samples, _ = soundfile.read(root / entry["audio"], dtype="float32")
        clips.append(Clip(samples, tuple(events), group, entry["id"]))
    return clips


def kind(text: str) -> str:
    """Return "um" for what ends in a nasal, else "uh"."""
    return "um" if "m" in text else "uh"


def hesitations(clips: Sequence[Clip]) -> list[Clip]:
    """Return each hesitation of `clips` alone."""
    return [
        Clip(
            clip.samples[round((e.start - 0.01) * RATE) : round((e.end + 0.02) * RATE)],
            (Event(0.01, e.end - e.start, e.text),),
            clip.group,
        )
        for clip in clips
        for e in clip.events
        if e.text != UNSURE and e.start > 0.01
    ]


# Synthesisers ------------------------------------------------------------------------------------


def synthetic_speech(rng: Generator, count: int) -> list[Clip]:
    """Return `count` fluent sentences in many voices of flite and espeak-ng."""
    sentences = _sentences()
    return [
        Clip(_say(rng, text=sentences[rng.integers(len(sentences))]), (), "synthetic")
        for _ in range(count)
    ]


def synthetic_answers(rng: Generator, count: int) -> Iterator[Clip]:
    """Yield `count` clips of two sentences with a hesitation between them, all in one voice."""
    sentences = _sentences()
    for _ in range(count):
        voice, text = str(rng.choice(FLITE)), str(rng.choice(["um", "uh"]))
        parts = [
            _trimmed(_spoken(_flite(rng, t, h, voice)))
            for t, h in (
                (str(rng.choice(sentences)), ""),
                ("", text),
                (str(rng.choice(sentences)), ""),
            )
        ]
        parts[1] = _faded(parts[1] * np.float32(10 ** (rng.uniform(-6, 0) / 20)), 160)
        calm = [np.zeros(round(rng.uniform(0, 0.5) * RATE), np.float32) for _ in range(2)]
        start = (parts[0].size + calm[0].size) / RATE
        event = Event(start, start + parts[1].size / RATE, text)
        samples = np.concatenate([parts[0], calm[0], parts[1], calm[1], parts[2]])
        yield Clip(through_a_channel(samples, rng), (event,), "synthetic")


def synthetic_hesitations(rng: Generator, count: int) -> list[Clip]:
    """Return `count` spoken ums and uhs of 0.2 to 0.8 s."""
    found = []
    while len(found) < count:
        text = str(rng.choice(["um", "uh"]))
        samples = _trimmed(_say(rng, hesitation=text))
        seconds = samples.size / RATE
        if 0.15 < seconds < 1.0:
            found.append(Clip(samples, (Event(0.0, seconds, text),), "synthetic"))
    return found


def _sentences() -> list[str]:
    answers = map(json.loads, ANSWERS.read_text(encoding="utf-8").splitlines())
    every = (s for answer in answers for s in answer["sentences"] if not s["fillers"])
    return [s["text"] for s in every if 5 <= len(s["text"].split()) <= 18]


def _say(rng: Generator, *, text: str = "", hesitation: str = "") -> Samples:
    if rng.random() < 0.6:
        return _spoken(_flite(rng, text, hesitation, str(rng.choice(FLITE))))
    return _spoken(_espeak(rng, text, hesitation))


def _spoken(command: Sequence[str]) -> Samples:
    """Return the sound that `command` writes to the file whose name is its last word."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "say.wav")
        subprocess.run([*command, str(out)], check=True, capture_output=True)
        samples, rate = soundfile.read(out, dtype="float32")
    return librosa.resample(samples, orig_sr=rate, target_sr=RATE, res_type="soxr_mq")


def _flite(rng: Generator, text: str, hesitation: str, voice: str) -> list[str]:
    slow = rng.uniform(1.5, 4.5) if hesitation else rng.uniform(0.85, 1.25)
    phones = {"um": "pau ah m pau", "uh": "pau ah pau"}
    settings = {"duration_stretch": slow, "int_f0_target_mean": rng.uniform(85, 210)}
    spoken = ["-p", phones[hesitation]] if hesitation else ["-t", text]
    options = [part for k, v in settings.items() for part in ("--setf", f"{k}={v:.2f}")]
    return ["flite", "-voice", voice, *options, *spoken, "-o"]


def _espeak(rng: Generator, text: str, hesitation: str) -> list[str]:
    accent = str(rng.choice(["en-us", "en-gb", "en-gb-scotland"]))
    timbre = str(rng.choice(["m1", "m3", "m5", "m7", "f1", "f2", "f4", "f5"]))
    phones = {"um": ["V:m", "V::m:", "@:m:"], "uh": ["V:", "V::", "3:", "@:"]}
    spoken = f"[[{rng.choice(phones[hesitation])}]]" if hesitation else text
    speed, pitch = int(rng.integers(80, 130 if hesitation else 200)), int(rng.integers(25, 75))
    options = ["-v", f"{accent}+{timbre}", "-s", str(speed), "-p", str(pitch)]
    return ["espeak-ng", *options, spoken, "-w"]


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


# Changes to a clip -------------------------------------------------------------------------------


def excerpt(clip: Clip, rng: Generator) -> Clip:
    """Return 4 to 9 s of `clip` from a random place."""
    size = round(rng.uniform(4, 9) * RATE)
    first = int(rng.integers(0, max(1, clip.samples.size - size)))
    samples, offset = clip.samples[first : first + size], first / RATE
    inside = (
        Event(max(0.0, e.start - offset), e.end - offset, e.text)
        for e in clip.events
        if e.end > offset and e.start < offset + samples.size / RATE
    )
    return replace(clip, samples=samples, events=tuple(inside))


def another_voice(clip: Clip, factor: float) -> Clip:
    """Return `clip` `factor` times as fast, high and small-headed."""
    samples = librosa.resample(
        clip.samples, orig_sr=round(RATE * factor), target_sr=RATE, res_type="soxr_mq"
    )
    return _at_pace(clip, samples)


def lasting(clip: Clip, factor: float) -> Clip:
    """Return `clip` made `factor` times as long, at the same pitch."""
    samples = librosa.effects.time_stretch(
        np.pad(clip.samples, (0, 256)), rate=1 / factor, n_fft=512, hop_length=64
    )
    return _at_pace(clip, samples)


def _at_pace(clip: Clip, samples: Samples) -> Clip:
    pace = samples.size / clip.samples.size
    events = (Event(e.start * pace, e.end * pace, e.text) for e in clip.events)
    return replace(clip, samples=samples, events=tuple(events))


def insert(clip: Clip, at: int, piece: Clip) -> Clip:
    """Return `clip` with `piece` put in at sample `at`."""
    time, size = at / RATE, piece.samples.size / RATE
    new = (Event(e.start + time, e.end + time, e.text) for e in piece.events)
    old = (e if e.end <= time else Event(e.start + size, e.end + size, e.text) for e in clip.events)
    samples = np.concatenate([clip.samples[:at], piece.samples, clip.samples[at:]])
    return replace(clip, samples=samples, events=(*old, *new))


def lengthen(clip: Clip, at: int, size: int, factor: float) -> Clip:
    """Return `clip` with the `size` samples from `at` on drawn out: "sooo", "theee"."""
    drawn = lasting(Clip(clip.samples[at : at + size], (), ""), factor)
    rest = replace(clip, samples=np.delete(clip.samples, slice(at, at + size)))
    shorter = -size / RATE
    moved = (
        e if e.end <= at / RATE else Event(e.start + shorter, e.end + shorter, e.text)
        for e in clip.events
    )
    return insert(replace(rest, events=tuple(moved)), at, drawn)


def through_a_channel(samples: Samples, rng: Generator) -> Samples:
    """Return `samples` with another microphone, room and noise."""
    level = loudness(samples)
    if rng.random() < 0.5:
        samples = np.convolve(samples, [1, rng.uniform(-0.6, 0.6)])[: samples.size]
    if rng.random() < 0.25:
        samples = _in_a_room(samples, rng)
    if rng.random() < 0.6:
        noise = rng.standard_normal(samples.size)
        if rng.random() < 0.6:
            noise = lfilter([1], [1, -0.95], noise)
        samples = samples + noise * (level / np.std(noise) * 10 ** (-rng.uniform(10, 45) / 20))
    return samples.astype(np.float32)


def _in_a_room(samples: Samples, rng: Generator) -> Samples:
    size = round(rng.uniform(0.05, 0.25) * RATE)
    echo = rng.standard_normal(size) * np.exp(-6.9 * np.arange(size) / size)
    echo *= rng.uniform(0.02, 0.15) / np.linalg.norm(echo)
    echo[0] += 1
    return np.convolve(samples, echo)[: samples.size]


def loudness(samples: Samples) -> float:
    """Return the RMS of the loudest sixth of `samples`, in blocks of 10 ms."""
    return float(np.quantile(np.sqrt(_power(samples)), 0.85)) + 1e-6


def _power(samples: Samples) -> NDArray[np.float64]:
    """Return the mean power around each block of 10 ms."""
    return np.convolve(samples.astype(float) ** 2, np.ones(480) / 480, "same")[::160] + 1e-12


# Hesitant speech ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stock:
    """What hesitant speech is made of, by group."""

    fluent: dict[str, list[Clip]]
    hesitations: dict[str, list[Clip]]


def stock(seed: int = 0, synthetic: tuple[int, int] = (250, 300)) -> Stock:
    """Return the corpus and `synthetic` sentences and hesitations, by group."""
    rng = np.random.default_rng(seed)
    clips = corpus()
    fluent = [*clips, *synthetic_speech(rng, synthetic[0])]
    hesitant = [*hesitations(clips), *synthetic_hesitations(rng, synthetic[1])]
    return Stock(_by_group(fluent), _by_group(hesitant))


def _by_group(clips: Sequence[Clip]) -> dict[str, list[Clip]]:
    groups: dict[str, list[Clip]] = {}
    for clip in clips:
        groups.setdefault(clip.group, []).append(clip)
    return groups


def hesitant(supply: Stock, rng: Generator, count: int) -> Iterator[Clip]:
    """Yield `count` clips; `group` names both groups that they are made of."""
    carriers, donors = ([*GROUPS, "synthetic"] for _ in range(2))
    for _ in range(count):
        carrier = str(rng.choice(carriers, p=[0.2, 0.2, 0.2, 0.15, 0.25]))
        donor = str(rng.choice(donors, p=[0.18, 0.18, 0.18, 0.26, 0.2]))
        pool = supply.fluent[carrier]
        clip = excerpt(pool[rng.integers(len(pool))], rng)
        if rng.random() < 0.6:
            clip = another_voice(clip, rng.uniform(0.85, 1.2))
        for _ in range(rng.integers(0, 4)):
            found = supply.hesitations[donor]
            clip = _hesitate(clip, found[rng.integers(len(found))], rng)
        if rng.random() < 0.35:
            clip = _draw_out(clip, rng)
        samples = through_a_channel(clip.samples, rng)
        yield replace(clip, samples=samples, group=f"{carrier} {donor}")


def _hesitate(clip: Clip, filler: Clip, rng: Generator) -> Clip:
    """Put `filler` in, in another voice and length, mostly at quiet places, mostly in a pause."""
    filler = another_voice(filler, rng.uniform(0.8, 1.25))
    filler = lasting(filler, rng.uniform(0.6, 1.5))
    gain = 10 ** (rng.uniform(-10, 3) / 20) * loudness(clip.samples) / loudness(filler.samples)
    faded = _faded(filler.samples * np.float32(gain), round(rng.uniform(0.005, 0.03) * RATE))
    tries = int(rng.choice([30, 6, 1], p=[0.6, 0.3, 0.1]))
    places = rng.integers(1600, clip.samples.size - 1600, size=tries)
    power = _power(clip.samples)
    at = int(places[np.argmin(power[places // 160])])
    if any(e.start - 0.02 < at / RATE < e.end + 0.02 for e in clip.events):
        return clip
    clip = insert(clip, at, _calm(clip, power, rng))
    clip = insert(clip, at, replace(filler, samples=faded))
    return insert(clip, at, _calm(clip, power, rng))


def _calm(clip: Clip, power: NDArray[np.float64], rng: Generator) -> Clip:
    """Return up to 0.6 s of the background of `clip`, or nothing."""
    size = round(rng.uniform(0, 0.6) * RATE) if rng.random() < 0.6 else 0
    quiet = np.argsort(power)[:20] * 160
    noise = np.concatenate([clip.samples[max(0, i - 160) : i + 160] for i in quiet])
    return Clip(np.resize(noise, size).astype(np.float32), (), "")


def _draw_out(clip: Clip, rng: Generator) -> Clip:
    """Lengthen a loud place that is no hesitation."""
    places = rng.integers(1600, clip.samples.size - 4800, size=8)
    at = int(places[np.argmax(_power(clip.samples)[places // 160])])
    if any(e.start - 0.1 < at / RATE < e.end + 0.1 for e in clip.events):
        return clip
    return lengthen(clip, at, round(rng.uniform(0.05, 0.2) * RATE), rng.uniform(1.5, 3.0))


def _faded(samples: Samples, size: int) -> Samples:
    size = min(size, samples.size // 2)
    ramp = np.linspace(0, 1, size, dtype=np.float32)
    faded = samples.copy()
    faded[:size] *= ramp
    faded[faded.size - size :] *= ramp[::-1]
    return faded
