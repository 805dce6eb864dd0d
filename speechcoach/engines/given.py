"""Words that were handed in with a recording, instead of a recogniser's.

Their places are still wanted, and a long recording cannot be aligned in one go; so the embedded
recogniser listens along, and its pieces are filled with the given words that match what it heard.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from speechcoach.data import Audio, EngineInfo, Recognition, Utterance
from speechcoach.engines import moonshine
from speechcoach.engines.engine import Recogniser
from speechcoach.spelling import plain

if TYPE_CHECKING:
    from speechcoach.transcripts import Written


def recogniser(written: Written) -> Recogniser:
    """Return a recogniser that hears exactly the words of `written`, in every recording."""
    listen = moonshine.recognise
    words = [word.text for word in written.said.words]

    def recognise(audio: Audio) -> Recognition:
        heard = listen(audio).utterances
        info = EngineInfo("transcript", written.recording.name, "", written.recording.sha256)
        if not heard:
            whole = Utterance(" ".join(words), 0.0, audio.duration)
            return Recognition(info, (whole,) if words else ())
        return Recognition(info, placed(words, heard))

    return recognise


def placed(words: Sequence[str], heard: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Return `words` as utterances with the times of those `heard`, split where they match best.

    Every word is in exactly one utterance, in order. Between matching words the split is in
    proportion.
    """
    counts = [len(utterance.text.split()) for utterance in heard]
    recognised = [word for utterance in heard for word in utterance.text.split()]
    edges = _counterparts([0, *itertools.accumulate(counts)], words, recognised)
    pieces = itertools.pairwise(edges)
    return tuple(
        Utterance(" ".join(words[first:end]), utterance.start, utterance.end)
        for (first, end), utterance in zip(pieces, heard, strict=True)
        if end > first
    )


def _counterparts(edges: list[int], words: Sequence[str], recognised: Sequence[str]) -> list[int]:
    """Return the positions among `words` that correspond to `edges` among `recognised`."""
    import numpy as np

    matcher = difflib.SequenceMatcher(None, _plain(recognised), _plain(words), autojunk=False)
    theirs, ours = [0], [0]
    for block in matcher.get_matching_blocks()[:-1]:
        theirs += [block.a, block.a + block.size]
        ours += [block.b, block.b + block.size]
    found = np.interp(edges, [*theirs, len(recognised)], [*ours, len(words)])
    return [0, *(round(float(edge)) for edge in found[1:-1]), len(words)]


def _plain(words: Sequence[str]) -> list[str]:
    return [re.sub(r"\W", "", plain(word)).lower() for word in words]
