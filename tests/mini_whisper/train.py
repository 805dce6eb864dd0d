"""Make the clips and train the miniature Whisper on them: ``python tests/mini_whisper/train.py``.

Needs the program ``flite`` (Debian package flite) for the clips. Takes ten minutes on one core;
the result is kept in git, so nobody needs to run this but to change the sentences. With
``--again`` it keeps the clips and the encoder and trains the decoder further.
"""

# ruff: noqa: T201 - a script that tells how far it is
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import torch
import whisper
from whisper.audio import N_SAMPLES, SAMPLE_RATE, log_mel_spectrogram
from whisper.model import AudioEncoder, ModelDimensions, Whisper
from whisper.tokenizer import get_tokenizer

sys.path.insert(0, str(Path(__file__).parents[1]))
from mini_whisper import CLIPS, DIMS, WEIGHTS, Clip, checkpoint

BATCH = 6
SHORT = 450
"""Positions of the encoder, 50 a second, that the sound of an example is sure to fit in. Attention
costs the square of the positions, so the encoder learns from these only; the decoder then gets
used to whole windows (1500), which the encoder has to listen to just once."""

STEPS, WINDOWS = (1800, 900), 240
"""Steps of the two stages; whole windows of the second."""

TEXT_POSITIONS = 64  # tokens that the longest example has, and some
TOKENIZER = get_tokenizer(multilingual=False)


@dataclass(frozen=True)
class Example:
    """Sound, the tokens that the decoder is given, and those that it should write after each."""

    samples: np.ndarray
    given: list[int]
    wanted: list[int]


def speak(clip: Clip) -> None:
    """Write `clip` as FLAC, spoken by flite."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as wav:
        command = ["flite", "-voice", clip.voice, "-t", clip.text, "-o", wav.name]
        subprocess.run(command, check=True)
        with av.open(wav.name) as source, av.open(str(clip.path), "w") as target:
            stream = target.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
            for frame in source.decode(audio=0):
                target.mux(stream.encode(frame))
            target.mux(stream.encode(None))


def samples_of(path: Path) -> np.ndarray:
    """Return the sound of a clip, float32 at 16 kHz."""
    with av.open(str(path)) as source:
        frames = [frame.to_ndarray().ravel() for frame in source.decode(audio=0)]
    return np.concatenate(frames).astype(np.float32) / 32768


def timestamp(seconds: float) -> int:
    """Return whisper's token for a time in its window."""
    return TOKENIZER.timestamp_begin + round(seconds / 0.02)


def example(rng: np.random.Generator, sounds: list[np.ndarray]) -> Example:
    """Return clips (none, one, or both) at random places of a window, and what to write."""
    count = rng.choice([0, 1, 2], p=[0.2, 0.45, 0.35])
    order = rng.permutation(len(CLIPS))[:count]
    pieces, tokens, clock = [], [], 0.0
    for i in order:
        gap = rng.uniform(0, 0.9) if not pieces else rng.uniform(0.1, 1.0)
        pieces += [np.zeros(round(gap * SAMPLE_RATE)), sounds[i]]
        end = clock + gap + len(sounds[i]) / SAMPLE_RATE
        tokens += [timestamp(clock + gap), *TOKENIZER.encode(" " + CLIPS[i].text), timestamp(end)]
        clock = end
    if not pieces and rng.random() < 0.5:  # a voice, but no language
        pieces.append(sounds[rng.integers(len(sounds))][::-1])
    pieces.append(np.zeros(round(rng.uniform(0.1, 2) * SAMPLE_RATE)))
    sound = np.concatenate(pieces)[:N_SAMPLES] * 10 ** rng.uniform(-1, 0.2)
    noise = 10 ** rng.uniform(-5, -2) * (rng.random() < 0.6)
    sound = sound + rng.normal(0, 1, len(sound)) * noise
    if tokens:
        given, wanted = [TOKENIZER.sot, *tokens], [*tokens, TOKENIZER.eot]
    else:  # whisper asks for a time even where it hears no speech: nothing is to follow it
        given, wanted = [TOKENIZER.sot, timestamp(0)], [TOKENIZER.no_speech, TOKENIZER.eot]
    return Example(sound.astype(np.float32), given, wanted)


def encode(encoder: AudioEncoder, mel: torch.Tensor) -> torch.Tensor:
    """Do what the encoder does, for windows of any length."""
    x = torch.nn.functional.gelu(encoder.conv1(mel))
    x = torch.nn.functional.gelu(encoder.conv2(x)).permute(0, 2, 1)
    x = x + encoder.positional_embedding[: x.shape[1]]
    for block in encoder.blocks:
        x = block(x)
    return encoder.ln_post(x)


def spectrograms(examples: list[Example], positions: int) -> torch.Tensor:
    """Return what the encoder takes, of shape (examples, mels, 2 * positions)."""
    mels = [log_mel_spectrogram(e.samples, padding=N_SAMPLES) for e in examples]
    return torch.stack([mel[:, : 2 * positions] for mel in mels])


def loss_of(
    model: Whisper, sound: torch.Tensor, examples: list[Example], rows: torch.Tensor
) -> torch.Tensor:
    """Return the cross entropy over the stored rows and the mass of all rows that stay zero."""
    place = {int(row): i for i, row in enumerate(rows)}
    longest = max(len(e.given) for e in examples)
    given = torch.full((len(examples), longest), TOKENIZER.eot)
    wanted = torch.full((len(examples), longest), -100)
    for i, e in enumerate(examples):
        given[i, : len(e.given)] = torch.tensor(e.given)
        wanted[i, : len(e.wanted)] = torch.tensor([place[t] for t in e.wanted])
    decoder = model.decoder
    x = decoder.token_embedding(given) + decoder.positional_embedding[:longest]
    for block in decoder.blocks:
        x = block(x, sound, mask=decoder.mask)
    logits = decoder.ln(x) @ decoder.token_embedding.weight[rows].T
    others = torch.full_like(logits[..., :1], math.log(DIMS["n_vocab"] - len(rows)))
    logits = torch.cat([logits, others], dim=-1)
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten())


def used_rows() -> torch.Tensor:
    """Return the tokens that any example may hold, in order."""
    words = {token for clip in CLIPS for token in TOKENIZER.encode(" " + clip.text)}
    special = {TOKENIZER.sot, TOKENIZER.eot, TOKENIZER.no_speech}
    times = {timestamp(t / 50) for t in range(50 * 10)}
    return torch.tensor(sorted(words | special | times))


def store(model: Whisper, rows: torch.Tensor) -> None:
    """Write the weights, in half precision, without what can be made again."""
    state = {k: v.detach().numpy().astype(np.float16) for k, v in model.state_dict().items()}
    del state["encoder.positional_embedding"]
    state["decoder.token_embedding.weight"] = state["decoder.token_embedding.weight"][rows]
    state["decoder.positional_embedding"] = state["decoder.positional_embedding"][:TEXT_POSITIONS]
    np.savez_compressed(WEIGHTS, rows=rows.numpy().astype(np.int32), **state)


Draw = Callable[[], tuple[torch.Tensor, list[Example]]]


def train(model: Whisper, part: torch.nn.Module, steps: int, rate: float, draw: Draw) -> None:
    """Train `part` of the model on what `draw` gives, sound as encoded, and store the result."""
    rows = used_rows()
    optimizer = torch.optim.AdamW(part.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    for step in range(steps):
        sound, examples = draw()
        loss = loss_of(model, sound, examples, rows)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(part.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            print(step, round(loss.item(), 4), flush=True)
    store(model, rows)


def train_all(model: Whisper, sounds: list[np.ndarray]) -> None:
    """Train encoder and decoder on the first seconds of windows."""
    rng = np.random.default_rng(0)

    def draw() -> tuple[torch.Tensor, list[Example]]:
        examples = [example(rng, sounds) for _ in range(BATCH)]
        return encode(model.encoder, spectrograms(examples, SHORT)), examples

    train(model, model, STEPS[0], 2e-3, draw)


def train_decoder(model: Whisper, sounds: list[np.ndarray]) -> None:
    """Get the decoder used to whole windows."""
    rng = np.random.default_rng(1)
    examples = [example(rng, sounds) for _ in range(WINDOWS)]
    with torch.no_grad():
        encoded = [encode(model.encoder, spectrograms([e], 1500))[0] for e in examples]

    def draw() -> tuple[torch.Tensor, list[Example]]:
        chosen = rng.choice(WINDOWS, BATCH, replace=False)
        return torch.stack([encoded[i] for i in chosen]), [examples[i] for i in chosen]

    train(model, model.decoder, STEPS[1], 1e-3, draw)


def fresh() -> Whisper:
    """Return an untrained model."""
    torch.manual_seed(0)
    model = Whisper(ModelDimensions(**DIMS))
    torch.nn.init.normal_(model.decoder.positional_embedding, std=0.02)
    torch.nn.init.normal_(model.decoder.token_embedding.weight, std=0.05)
    return model


def stored() -> Whisper:
    """Return the model that is stored."""
    with tempfile.TemporaryDirectory() as folder:
        return whisper.load_model(str(checkpoint(Path(folder))))


def check(sounds: list[np.ndarray]) -> None:
    """Print what openai-whisper itself makes of the clips through the stored weights."""
    model = stored()
    half, second = np.zeros(SAMPLE_RATE // 2, np.float32), np.zeros(SAMPLE_RATE, np.float32)
    noise = np.random.default_rng(1).normal(0, 0.01, 5 * SAMPLE_RATE).astype(np.float32)
    for sound in (
        *sounds,
        np.concatenate([half, sounds[0], second]),
        np.concatenate([sounds[1], second, sounds[0]]),
        sounds[0][::-1].copy(),
        second,
        noise,
    ):
        said = model.transcribe(sound, fp16=False, language="en", condition_on_previous_text=False)
        print([(s["start"], s["end"], s["text"], s["no_speech_prob"]) for s in said["segments"]])


if __name__ == "__main__":
    again = "--again" in sys.argv
    if not again:
        for clip in CLIPS:
            speak(clip)
    sounds = [samples_of(clip.path) for clip in CLIPS]
    model = stored() if again else fresh()
    if not again:
        train_all(model, sounds)
    train_decoder(model, sounds)
    check(sounds)
