"""Build the sample answers and their exact truth: ``python sample_audio/make.py [ID...]``.

Every sentence is spoken by flite, which tells where each word starts and ends. The sentence is
then cut at its breaks, its own silences are thrown away, and the phrases are laid down again with
silences of known length and with filled pauses between them: nothing in truth.jsonl is estimated
by a recogniser. The same scripts always give the same files.

Needs the Debian package libflite1 and the environment of the project.
"""

import json
import os
import sys
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flite
import numpy as np
import soundfile
from flite import RATE
from markup import Event, Filler, Phrase, Silence, Word, parse
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.signal import fftconvolve

HERE = Path(__file__).resolve().parent
Samples = NDArray[np.float64]

LEAD_IN, LEAD_OUT = (0.5, 1.1), (0.7, 1.2)  # seconds before the first word, after the last one
SHORT_BREAK = (0.10, 0.20)  # seconds, at a comma
PAUSE = 0.25  # seconds; shorter silences are articulation (Goldman-Eisler 1968)
SPEECH_LEVEL = -22.0  # dB re full scale, RMS of the phrases
ROOM_TONE = -74.0  # dB re full scale; a quiet room
NOISE_RATIO = 30.0  # dB, speech over noise in the noisy samples
AUDIBLE = -42.0  # dB re the phrase's loudest 5 ms: where it starts and ends
FILLER_AUDIBLE = -28.0  # the same of a filled pause, whose nasal would die away for long
FADE = 0.004  # seconds
HOMOGRAPHS = {"red": "read", "reed": "read"}  # flite respells a word that has two sounds
FILLER_SECONDS = {"um": (0.38, 0.62), "uh": (0.28, 0.46)}
# The phones to speak, and how many of them to keep after the first silence: before a stop the vowel
# stays open to its end, before a silence it closes into a hum.
FILLER_PHONES = {"um": ("pau ah m pau", 2), "uh": ("pau ah t pau", 1)}
FILLER_GAIN = -3.0  # dB; hesitations are a little softer than what surrounds them


@dataclass(frozen=True, eq=False)
class Piece:
    """A stretch of sound and its words, in seconds from its own start."""

    samples: Samples
    words: tuple[tuple[Word, float, float], ...]


@dataclass
class Track:
    """The answer as it grows, and the truth about it."""

    parts: list[Samples] = field(default_factory=list)
    length: int = 0
    words: list[tuple[str, float, float]] = field(default_factory=list)
    fillers: list[tuple[float, float, str]] = field(default_factory=list)
    markers: dict[tuple[int, int], tuple[int, list[str]]] = field(default_factory=dict)
    sounding: list[tuple[float, float]] = field(default_factory=list)

    def append(self, samples: Samples) -> float:
        """Lay `samples` down at the end and return where they start, in seconds."""
        start = self.length / RATE
        self.parts.append(samples)
        self.length += samples.size
        return start

    def silence(self, seconds: float) -> None:
        """Say nothing for `seconds`."""
        self.append(np.zeros(round(seconds * RATE)))

    def phrase(self, piece: Piece, line: int) -> None:
        """Say a phrase of the script's line number `line`."""
        at = self.append(piece.samples)
        for word, start, end in piece.words:
            if word.marker is not None:
                first = (len(self.words), [])
                self.markers.setdefault((line, word.marker), first)[1].append(
                    _bare(word.text).lower()
                )
            self.words.append((word.text, at + start, at + end))
        self.sounding.append((at, self.length / RATE))

    def filler(self, samples: Samples, text: str) -> None:
        """Hesitate."""
        at, end = self.append(samples), self.length / RATE
        self.words.append((text, at, end))
        self.fillers.append((at, end, text))
        self.sounding.append((at, end))

    def pauses(self) -> list[tuple[float, float]]:
        """Return the silences between sounds that count as pauses."""
        gaps = zip(self.sounding, self.sounding[1:], strict=False)
        return [(a, b) for (_, a), (b, _) in gaps if b - a >= PAUSE - 1e-6]


def main(wanted: list[str]) -> None:
    """Build the samples that are named, or all of them, and truth.jsonl with all of them."""
    with (HERE / "scripts.toml").open("rb") as file:
        scripts = tomllib.load(file)
    known = {sample["id"]: sample for sample in scripts["sample"]}
    truth = {} if set(wanted) in (set(), set(known)) else _old_truth()
    for name in wanted or known:
        samples, truth[name] = build(known[name], scripts["say"])
        _write_flac(HERE / truth[name]["file"], samples)
        print(f"{truth[name]['file']}: {truth[name]['duration_s']:.1f} s", file=sys.stderr)
    lines = [json.dumps(truth[name], ensure_ascii=False) for name in known if name in truth]
    _replace(HERE / "truth.jsonl", "\n".join(lines).encode() + b"\n")


def build(script: Mapping[str, Any], say: Mapping[str, str]) -> tuple[Samples, dict[str, Any]]:
    """Speak a script; return the sound and the truth about it."""
    rng = np.random.default_rng(zlib.crc32(script["id"].encode()))
    track = Track()
    track.silence(rng.uniform(*LEAD_IN))
    for number, line in enumerate(script["lines"]):
        events = parse(line)
        _speak_line(track, number, events, script, say, rng)
        if number < len(script["lines"]) - 1 and not isinstance(events[-1], Silence):
            track.silence(rng.uniform(*script["rest"]))
    track.silence(rng.uniform(*LEAD_OUT))
    return _in_a_room(track, noisy=script["noise"], rng=rng), _truth(script, track)


def _speak_line(
    track: Track,
    number: int,
    events: tuple[Event, ...],
    script: Mapping[str, Any],
    say: Mapping[str, str],
    rng: Generator,
) -> None:
    sway = 1 + script["sway"] * rng.uniform(-1, 1, size=3)
    settings = {
        "duration_stretch": script["stretch"] * sway[0],
        "f0_shift": script["f0"] * sway[1],
        "int_f0_target_stddev": script["f0_deviation"] * sway[2],
    }
    phrases = iter(_phrases(events, script["voice"], settings, say))
    for event in events:
        if isinstance(event, Silence):
            track.silence(event.seconds or rng.uniform(*SHORT_BREAK))
        elif isinstance(event, Filler):
            seconds = rng.uniform(*FILLER_SECONDS[event.text]) * script["stretch"] ** 0.5
            track.filler(_hesitation(event.text, seconds, script["voice"], settings), event.text)
        else:
            track.phrase(next(phrases), number)


def _phrases(
    events: tuple[Event, ...], voice: str, settings: Mapping[str, float], say: Mapping[str, str]
) -> Iterator[Piece]:
    """Speak a whole line, for the sake of its melody, and cut it at its breaks."""
    phrases = [event.words for event in events if isinstance(event, Phrase)]
    spoken = [[say.get(_bare(w.text), _bare(w.text)) for w in p] for p in phrases]
    utterance = flite.speak(voice, ", ".join(map(" ".join, spoken)) + ".", settings)
    times = _word_times(utterance, [text for phrase in spoken for text in phrase])
    for phrase in phrases:
        taken = [(word, *next(times)) for word in phrase]
        yield _cut(utterance.samples, taken)


def _word_times(utterance: flite.Utterance, spoken: list[str]) -> Iterator[tuple[float, float]]:
    """Join flite's tokens ("resident", "'s") into the words of the script again."""
    tokens = iter(utterance.tokens)
    for text in spoken:
        letters, start, end = "", None, 0.0
        while letters != _letters(text):
            token = next(tokens, None)
            if token is None or not _letters(text).startswith(letters):
                heard = " ".join(token.text for token in utterance.tokens)
                raise ValueError(f"Flite has no words that make up {text!r}; it read: {heard}")
            letters += _letters(HOMOGRAPHS.get(token.text, token.text))
            start, end = token.start if start is None else start, token.end
        yield start or 0.0, end


def _cut(
    samples: Samples, words: list[tuple[Word, float, float]], audible: float = AUDIBLE
) -> Piece:
    """Cut a phrase out of an utterance, from its first audible moment to its last one."""
    margin, step = 0.04, round(0.005 * RATE)
    first = max(0, round((words[0][1] - margin) * RATE))
    part = samples[first : round((words[-1][2] + margin) * RATE)]
    frames = part[: part.size // step * step].reshape(-1, step)
    level = np.sqrt((frames**2).mean(axis=1))
    loud = np.flatnonzero(level > level.max() * 10 ** (audible / 20))
    begin, end = loud[0] * step, (loud[-1] + 1) * step
    offset, length = (first + begin) / RATE, (end - begin) / RATE
    edges = [min(max(start - offset, 0.0), length) for _, start, _ in words[1:]]
    starts, ends = [0.0, *edges], [*edges, length]
    spans = zip((word for word, _, _ in words), starts, ends, strict=True)
    return Piece(_faded(part[begin:end]), tuple(spans))


def _hesitation(text: str, seconds: float, voice: str, settings: Mapping[str, float]) -> Samples:
    """Draw out a vowel for `seconds`, flat and a little lower than the speech around it."""
    calm = {"f0_shift": settings["f0_shift"] * 0.93}
    calm["int_f0_target_stddev"] = settings["int_f0_target_stddev"] * 0.3
    phones, kept = FILLER_PHONES[text]
    stretch = 1.6
    for _ in range(2):  # the second reading has the length that the first one shows to be needed
        stretched = {**calm, "duration_stretch": stretch}
        utterance = flite.speak_phones(voice, phones, stretched)
        start, end = utterance.phones[1].start, utterance.phones[kept].end
        piece = _cut(utterance.samples, [(Word(text), start, end)], FILLER_AUDIBLE)
        stretch *= seconds / (piece.samples.size / RATE)
    return _faded(piece.samples, 0.015) * 10 ** (FILLER_GAIN / 20)


def _faded(samples: Samples, seconds: float = FADE) -> Samples:
    ramp = np.hanning(2 * round(seconds * RATE))[: round(seconds * RATE)]
    result = samples.copy()
    result[: ramp.size] *= ramp
    result[-ramp.size :] *= ramp[::-1]
    return result


def _in_a_room(track: Track, *, noisy: bool, rng: Generator) -> Samples:
    """Set the level, and lay the room under the speech."""
    speech = np.concatenate(track.parts)
    sounding = np.concatenate(
        [speech[round(a * RATE) : round(b * RATE)] for a, b in track.sounding]
    )
    speech *= 10 ** (SPEECH_LEVEL / 20) / np.sqrt((sounding**2).mean())
    if noisy:
        speech = _reverberant(speech, rng)
    level = SPEECH_LEVEL - NOISE_RATIO if noisy else ROOM_TONE
    mixed = speech + 10 ** (level / 20) * _room_noise(speech.size, rng)
    return mixed * min(1.0, 0.89 / np.abs(mixed).max())


def _reverberant(speech: Samples, rng: Generator) -> Samples:
    """Add the late sound of a small furnished room: 0.18 s of decay, 18 dB below the voice."""
    time = np.arange(round(0.18 * RATE)) / RATE
    tail = rng.standard_normal(time.size) * 10 ** (-3 * time / 0.18)
    tail[: round(0.004 * RATE)] = 0
    tail *= 10 ** (-18 / 20) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    return fftconvolve(speech, tail)[: speech.size]


def _room_noise(size: int, rng: Generator) -> Samples:
    """Return noise of RMS 1 that falls by 3 dB an octave above 100 Hz, as a fan's does."""
    spectrum = np.fft.rfft(rng.standard_normal(size))
    frequency = np.fft.rfftfreq(size, 1 / RATE)
    shaped = np.fft.irfft(spectrum / np.sqrt(np.maximum(frequency, 100)), size)
    return shaped / np.sqrt((shaped**2).mean())


def _truth(script: Mapping[str, Any], track: Track) -> dict[str, Any]:
    return {
        "id": script["id"],
        "file": f"{script['id']}.flac",
        "question": script["question"],
        "voice": f"flite {script['voice']}",
        "shows": script["shows"],
        "duration_s": track.length / RATE,
        "noise": script["noise"],
        "words": [[text, _ms(start), _ms(end)] for text, start, end in track.words],
        "fillers": [[_ms(start), _ms(end), text] for start, end, text in track.fillers],
        "discourse": [[first, " ".join(words)] for first, words in track.markers.values()],
        "pauses": [[_ms(start), _ms(end)] for start, end in track.pauses()],
    }


def _ms(seconds: float) -> float:
    return round(float(seconds), 3)


def _bare(text: str) -> str:
    return text.strip(".,?!;:")


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalpha())


def _old_truth() -> dict[str, dict[str, Any]]:
    path = HERE / "truth.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {sample["id"]: sample for sample in map(json.loads, lines)}


def _write_flac(path: Path, samples: Samples) -> None:
    part = path.with_suffix(".part")
    pcm = np.round(samples * 32767).astype(np.int16)
    soundfile.write(part, pcm, RATE, format="FLAC", subtype="PCM_16", compression_level=1.0)
    os.replace(part, path)


def _replace(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(content)
    os.replace(part, path)


if __name__ == "__main__":
    main(sys.argv[1:])
