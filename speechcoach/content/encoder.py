"""The network that reads: wordpieces in, a vector for each of them out.

It is MiniLM-L6 (Wang et al. 2020; Apache-2.0), trained further for this product and kept as whole
numbers of 8 bits; it is loaded once a process, when something is read for the first time.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from speechcoach.errors import EngineError
from speechcoach.paths import shown

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = NDArray[np.float32]

FILE = Path(__file__).with_name("judge.onnx")
SIZE = 384  # numbers of a vector
MOST = 512  # wordpieces that it reads at once

_LOADING = threading.Lock()


def encode(numbers: Sequence[int]) -> Floats:
    """Return a vector for each wordpiece, float32 of shape (n, `SIZE`), each with all in view.

    Raises
    ------
    ValueError
        If there are more than `MOST`.
    EngineError
        If the network cannot be loaded.
    """
    if len(numbers) > MOST:
        raise ValueError(f"the encoder reads {MOST} wordpieces at once, not {len(numbers)}")
    with _LOADING:
        session = _session()
    return np.asarray(session.run(None, {"ids": np.array([numbers], np.int64)})[0][0], np.float32)


@functools.cache
def _session() -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # batch workers share the cores; one thread is deterministic
    options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(FILE, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no public root for its errors
        raise EngineError(
            f"What reads the answers, {shown(FILE)}, cannot be loaded ({error}); install "
            "speechcoach again: pip install --force-reinstall speechcoach"
        ) from error
