"""A miniature Whisper: OpenAI's own format and code, weights that know two sentences.

What it is: a checkpoint that `whisper.load_model` loads and `transcribe` runs as it would run
``base.en``: the true tokenizer, the true mel front end, 30-second windows, timestamp tokens and
no-speech probability, with an encoder and a decoder of two layers, 64 wide. It was trained by
``train.py`` (kept here) to write down the two clips beside it: alone, one after the other in
either order, early or late in the window, loud or soft, with or without noise; and to give a high
no-speech probability to noise and to the clips played backwards. For those, and for silence, it
still writes a sentence: it makes things up as its big relatives do, which is what our engine has
to withstand.

What it is not: a recogniser. It knows these two recordings and nothing else of English; on any
other voice its text is meaningless. It shows that our code and whisper's work together, never how
well Whisper hears.

Only the rows of the token table that it uses are stored, in half precision; `checkpoint` fills
the others with zeros.
"""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
WEIGHTS = HERE / "weights.npz"

DIMS = {
    "n_mels": 80,
    "n_audio_ctx": 1500,
    "n_audio_state": 64,
    "n_audio_head": 2,
    "n_audio_layer": 2,
    "n_vocab": 51864,
    "n_text_ctx": 448,
    "n_text_state": 64,
    "n_text_head": 2,
    "n_text_layer": 2,
}
"""As in whisper's English-only checkpoints, but for width and depth."""


@dataclass(frozen=True)
class Clip:
    """A sound file (FLAC, mono, 16 kHz, made by the TTS flite) and the words said in it."""

    path: Path
    text: str
    voice: str


CLIPS = (
    Clip(HERE / "surgeon.flac", "Um, I called the surgeon about the missed fracture.", "slt"),
    Clip(HERE / "checklist.flac", "So we changed the night checklist together.", "rms"),
)


def checkpoint(folder: Path) -> Path:
    """Write the miniature as ``mini.en.pt``, in OpenAI's format, into `folder`; return its path."""
    import numpy as np
    import torch
    from whisper.model import sinusoids

    with np.load(WEIGHTS) as stored:
        state = {name: torch.from_numpy(stored[name].astype(np.float32)) for name in stored.files}
    rows = state.pop("rows").long()
    for name, count in (
        ("token_embedding.weight", "n_vocab"),
        ("positional_embedding", "n_text_ctx"),
    ):
        known = state[f"decoder.{name}"]
        full = torch.zeros(DIMS[count], known.shape[1])
        full[rows if count == "n_vocab" else slice(len(known))] = known
        state[f"decoder.{name}"] = full
    state["encoder.positional_embedding"] = sinusoids(DIMS["n_audio_ctx"], DIMS["n_audio_state"])
    path = folder / "mini.en.pt"
    torch.save({"dims": DIMS, "model_state_dict": state}, path)
    return path
