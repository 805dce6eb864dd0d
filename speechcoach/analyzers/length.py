"""Length: how long the recording is, how long the person speaks, and in how many words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from speechcoach.analyzers import analyzer
from speechcoach.data import Answer, Frames, Measurement, Span, Word


@analyzer("length")
def length(answer: Answer) -> Iterator[tuple[str, Measurement]]:
    """Yield the recording's duration, the speaking time and the number of words."""
    turns = speaking_turns(answer)
    yield "duration", Measurement(answer.recording.duration, "s")
    yield "speaking_time", Measurement(seconds(turns), "s", turns)
    yield "word_count", Measurement(float(len(words_said(answer))), "words")


def speaking_turns(answer: Answer) -> tuple[Span, ...]:
    """Return when the person speaks: from the signal, of a text from its stamps; else nothing."""
    if answer.frames is None:
        return answer.turns
    heard = speaking_span(answer.frames)
    return (heard,) if heard else ()


def seconds(turns: Sequence[Span]) -> float | None:
    """Return the length of some turns, None where there are none."""
    return sum(turn.duration for turn in turns) if turns else None


def speaking_span(frames: Frames | None) -> Span | None:
    """Return the time from the first sound of speech to the last, None where nobody speaks."""
    if frames is None or not frames.speech.any():
        return None
    half = frames.hop / 2
    first = int(frames.speech.argmax())
    last = len(frames.speech) - 1 - int(frames.speech[::-1].argmax())
    whole = (len(frames.speech) - 1) * frames.hop  # the outermost frames reach over the edges
    return Span(max(0.0, first * frames.hop - half), min(whole, last * frames.hop + half))


def words_said(answer: Answer) -> tuple[Word, ...]:
    """Return the words of the answer: filled pauses and lone punctuation are none."""
    hesitations = {
        position
        for filler in answer.fillers
        if filler.kind == "filled_pause"
        for position in range(*filler.words)
    }
    return tuple(
        word
        for position, word in enumerate(answer.transcript.words)
        if position not in hesitations and any(letter.isalnum() for letter in word.text)
    )
