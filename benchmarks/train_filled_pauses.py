"""Train the filled-pause head: ``python benchmarks/train_filled_pauses.py [--hold-out DIR]``.

Needs ../shared/corpus and the Debian packages flite and espeak-ng; about ten minutes of two cores.
Fluent speech is made hesitant (hesitant_speech.py) and heard by the product's own listener; then
three small networks learn which steps of 24 ms belong to an "uh" or an "um". They differ in their
random start only; their mean is steadier than the best of them.

Trained on everything, the head goes to speechcoach/fillers/filled_pause_head.npz. With
``--hold-out DIR`` one head for each group is written there instead, trained without that group:
``benchmarks/fillers.py --heads DIR`` measures what they make of speakers they have not heard.
"""

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import hesitant_speech
import numpy as np
import torch
from hesitant_speech import GROUPS, RATE, UNSURE, Clip, Event
from numpy.typing import NDArray
from torch import Tensor, nn

from speechcoach.data import Audio
from speechcoach.fillers import head
from speechcoach.fillers.head import Head
from speechcoach.fillers.listener import SIZE, listen

CLIPS = 2600  # of hesitant speech, about 7 s each
ANSWERS = 300  # of a synthesiser that hesitates in its own voice
WINDOW = 300  # steps; real recordings are shown in pieces of that length
REAL = 15.0  # what a step of a real recording weighs, against 1 for made-up speech
BLUR = 0.03  # seconds on either side of an edge, where no label is right
AXES = 96  # principal axes of the features that the networks see: 91% of the variance
TRAITS, HIDDEN, WIDTH, BACK = 8, 8, 9, 5
EPOCHS, BATCH, LEARNING_RATE, DECAY, NOISE = 4, 24, 0.01, 0.02, 0.1
MEMBERS = 3

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Lesson:
    """Features (n, SIZE) with a label (0 none, 1 "uh", 2 "um") and a weight for each step."""

    features: Floats
    labels: NDArray[np.int64]
    weights: Floats
    groups: tuple[str, ...]


# Lessons -----------------------------------------------------------------------------------------


def lessons(count: int = CLIPS) -> list[Lesson]:
    """Return made-up and real speech as the listener hears it."""
    with ProcessPoolExecutor(2) as pool:
        made = pool.map(_made_up, (0, 1), (count // 2, count - count // 2))
        real = pool.map(_real, hesitant_speech.corpus())
        spoken = hesitant_speech.synthetic_answers(np.random.default_rng(200), ANSWERS)
        answers = [_lesson(clip, 1.0) for clip in spoken]
        return [*answers, *(lesson for part in (*made, *real) for lesson in part)]


def _made_up(seed: int, count: int) -> list[Lesson]:
    supply = hesitant_speech.stock()
    rng = np.random.default_rng(100 + seed)
    return [_lesson(clip, 1.0) for clip in hesitant_speech.hesitant(supply, rng, count)]


def _real(clip: Clip) -> list[Lesson]:
    whole = _lesson(clip, REAL)
    cuts = range(0, len(whole.labels), WINDOW)
    return [
        replace(
            whole,
            features=whole.features[i : i + WINDOW],
            labels=whole.labels[i : i + WINDOW],
            weights=whole.weights[i : i + WINDOW],
        )
        for i in cuts
    ]


def _lesson(clip: Clip, weight: float) -> Lesson:
    heard = listen(Audio(clip.samples, RATE))
    labels, weights = labelled(heard.times, clip.events)
    return Lesson(heard.features, labels, weights * np.float32(weight), tuple(clip.group.split()))


def labelled(
    times: NDArray[np.float64], events: Sequence[Event]
) -> tuple[NDArray[np.int64], Floats]:
    """Return the label of each of `times` and its weight: 0 where the truth is unsure."""
    labels = np.zeros(times.size, np.int64)
    weights = np.ones(times.size, np.float32)
    for event in events:
        if event.text == UNSURE:
            weights[(times > event.start - 0.1) & (times < event.end + 0.1)] = 0
            continue
        labels[(times > event.start) & (times < event.end)] = 2 if event.text == "um" else 1
        for edge in (event.start, event.end):
            weights[np.abs(times - edge) < BLUR] = 0
    return labels, weights


# Networks ----------------------------------------------------------------------------------------


class Network(nn.Module):
    """The head as torch trains it; see speechcoach.fillers.head.Head for what it computes."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(AXES, TRAITS)
        self.around = nn.Conv1d(TRAITS, HIDDEN, WIDTH, padding=WIDTH // 2)
        self.combine = nn.Conv1d(HIDDEN, 3, BACK, padding=BACK // 2)
        self.direct = nn.Conv1d(TRAITS, 3, 1)
        self.drop = nn.Dropout(NOISE)

    def forward(self, axes: Tensor) -> Tensor:
        """Return the scores (batch, 3, steps) of `axes` (batch, steps, AXES)."""
        traits = self.project(axes).transpose(1, 2)
        if self.training:
            traits = traits * (1 + NOISE * torch.randn_like(traits))
        seen = self.drop(torch.relu(self.around(traits)))
        return self.combine(seen) + self.direct(traits)


def whitening(material: Sequence[Lesson]) -> tuple[Floats, Floats]:
    """Return the mean of the features and their principal axes (SIZE, AXES), at unit variance."""
    sample = np.concatenate([lesson.features for lesson in material[::6]])
    variances, axes = np.linalg.eigh(np.cov(sample.T))
    largest = np.argsort(-variances)[:AXES]
    scaled = axes[:, largest] / np.sqrt(variances[largest])
    return sample.mean(axis=0), scaled.astype(np.float32)


def train(material: Sequence[Lesson]) -> list[Head]:
    """Return heads that differ in their random start."""
    mean, axes = whitening(material)
    seen = [replace(x, features=(x.features - mean) @ axes) for x in material]
    return [exported(_fit(seen, seed), mean, axes) for seed in range(MEMBERS)]


def _fit(material: Sequence[Lesson], seed: int) -> Network:
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    network = Network().train()
    optimiser = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(material) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for features, labels, weights in _batches(material, rng):
            losses = nn.functional.cross_entropy(network(features), labels, reduction="none")
            optimiser.zero_grad()
            ((losses * weights).sum() / weights.sum()).backward()
            optimiser.step()
            schedule.step()
    return network.eval()


def _batches(
    material: Sequence[Lesson], rng: np.random.Generator
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Yield lessons of like length together, padded with steps that weigh nothing."""
    lengths = np.array([len(lesson.labels) for lesson in material])
    order = np.argsort(lengths + rng.uniform(0, 60, lengths.size))
    groups = np.array_split(order, len(material) // BATCH + 1)
    for k in rng.permutation(len(groups)):
        chosen = [material[i] for i in groups[k]]
        yield (
            _padded([x.features for x in chosen]),
            _padded([x.labels for x in chosen]),
            _padded([x.weights for x in chosen]),
        )


def _padded(arrays: Sequence[NDArray[np.generic]]) -> Tensor:
    tensors = [torch.from_numpy(array) for array in arrays]
    return nn.utils.rnn.pad_sequence(tensors, batch_first=True)


def exported(network: Network, mean: Floats, axes: Floats) -> Head:
    """Return `network` as the product's head, the whitening folded into its first step."""
    weights = {name: value.detach().numpy() for name, value in network.named_parameters()}
    project = axes @ weights["project.weight"].T
    turned = {
        name: weights[f"{name}.weight"].transpose(2, 1, 0).copy()
        for name in ("around", "combine", "direct")
    }
    return Head(
        project=project.reshape(1, SIZE, TRAITS),
        project_bias=weights["project.bias"] - mean @ project,
        around_bias=weights["around.bias"],
        bias=weights["combine.bias"] + weights["direct.bias"],
        **turned,
    )


def save(heads: Sequence[Head], path: Path) -> None:
    """Write `heads` to one file, or leave the old one as it was."""
    stacked: Mapping[str, Floats] = {
        name: np.stack([asdict(one)[name] for one in heads]).astype(np.float32)
        for name in asdict(heads[0])
    }
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("wb") as file:
        np.savez(file, **stacked)
    os.replace(unfinished, path)


def main() -> None:
    """Train, and write what was trained."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hold-out", type=Path, metavar="DIR")
    options = parser.parse_args()
    material = lessons()
    if not options.hold_out:
        save(train(material), Path(head.__file__).parent / head.FILE_NAME)
        return
    options.hold_out.mkdir(parents=True, exist_ok=True)
    for group in GROUPS:
        without = [lesson for lesson in material if group not in lesson.groups]
        save(train(without), options.hold_out / f"{group}.npz")
        print(f"{group}: held out", flush=True)


if __name__ == "__main__":
    main()
