"""Sounds of known truth, media files made in-process, frames drawn by hand, and answers of them."""

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np

from speechcoach.data import Answer, Audio, Frames, Recording, Sentence, Transcript, Word
from speechcoach.sound.frames import frames

RATE = 16_000
SAMPLES = Path(__file__).resolve().parent.parent / "sample_audio"
_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def truth(name):
    """Return what is known of a sample answer: its words, pauses and fillers, exactly."""
    lines = (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines()
    return next(known for known in map(json.loads, lines) if known["id"] == name)


def tone(hz, seconds, *, level=-20.0, rate=RATE):
    """Return a sine whose RMS level is `level` dB relative to full scale."""
    time = np.arange(round(seconds * rate)) / rate
    return (np.sqrt(2) * 10 ** (level / 20) * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def noise(seconds, *, level, seed=0):
    """Return white noise at `level` dB relative to full scale."""
    sound = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return (10 ** (level / 20) * sound).astype(np.float32)


def pulses(hz, seconds, *, level=-20.0):
    """Return a voice-like buzz: all harmonics of `hz` (a number or a contour) up to 4 kHz."""
    count = round(seconds * RATE)
    contour = np.broadcast_to(np.asarray(hz, dtype=float), count)
    phase = 2 * np.pi * np.cumsum(contour) / RATE
    sound = sum(np.cos(k * phase) / k for k in range(1, int(4000 / contour.max()) + 1))
    return (sound * 10 ** (level / 20) / np.sqrt(np.mean(sound**2))).astype(np.float32)


def silence(seconds):
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def write(path, sound, *, rate=RATE, codec="pcm_s16le", options=None, pts=None):
    """Encode `sound`, shape (n,) or (channels, n); `pts` maps a sample's position to its time."""
    sound = np.atleast_2d(sound).astype(np.float32)
    layout = _LAYOUTS[sound.shape[0]]
    with av.open(str(path), "w", options=options or {}) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout
        stream.codec_context.open(strict=False)
        form = stream.codec_context.format.name
        resampler = av.AudioResampler(format=form, layout=layout, rate=rate)
        size = stream.codec_context.frame_size or 1024
        for first in range(0, sound.shape[1], size):
            block = np.ascontiguousarray(sound[:, first : first + size])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
            frame.sample_rate = rate
            for ready in resampler.resample(frame):
                ready.pts = pts(first) if pts else first
                ready.time_base = Fraction(1, rate)
                container.mux(stream.encode(ready))
        container.mux(stream.encode(None))
    return path


def cut(path, share):
    """Throw the end of a file away."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def audio(*parts):
    return Audio(np.concatenate(parts).astype(np.float32), RATE)


def drawn(pattern, *, hop=0.01, level=-20.0, f0=120.0):
    """Return frames from a drawing: 0.1 s a letter, ``#`` voiced speech, ``s`` hiss, ``.`` none."""
    letters = np.repeat(list(pattern), round(0.1 / hop))
    voiced = letters == "#"
    speech = voiced | (letters == "s")
    return Frames(
        hop=hop,
        level=np.where(speech, level, -80.0).astype(np.float32),
        speech=speech,
        voiced=voiced,
        f0=np.where(voiced, f0, np.nan).astype(np.float32),
    )


def answer_of(sound=None, texts=(), *, fillers=(), pauses=(), question=None):
    """Return an answer of `sound` whose words are spread evenly over it."""
    seconds = None if sound is None else sound.size / RATE
    edges = np.linspace(0, seconds or 0, len(texts) + 1).tolist()
    times = [(None, None)] * len(texts) if sound is None else list(pairwise(edges))
    words = tuple(Word(text, *time) for text, time in zip(texts, times, strict=True))
    whole = Sentence((0, len(words)), *(words[0].start, words[-1].end), "") if words else None
    transcript = Transcript(" ".join(texts), words, (whole,) if whole else ())
    kind = "text" if sound is None else "audio"
    recording = Recording(
        "/a", "a", "0" * 64, seconds, RATE if sound is not None else None, 1, kind
    )
    audio = None if sound is None else Audio(sound.astype(np.float32), RATE)
    signal = None if audio is None else frames(audio)
    return Answer(recording, audio, signal, transcript, fillers, (), pauses, question)
