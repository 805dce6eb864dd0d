"""A kept report judged again by today's rules, from its words and times; the sound may be gone.

Words, their times, pauses, and what analyzers that need sound have measured stay as they were;
what one of them measures only since then is unknown. Everything that rests on the words is made
anew: fillers, sentences, structure, rubric, rates, findings, scores. Silence beside a word still
counts towards its being a filler; its loudness, which is not kept, no longer does.
"""

from __future__ import annotations

import numpy as np

from speechcoach.coach import Coach, Heard
from speechcoach.data import Frames, Measurement, Report, Span
from speechcoach.judging.norms import Norms
from speechcoach.sound.frames import HOP


def rescore(coach: Coach, report: Report) -> Report:
    """Return `report` as it would be judged today.

    Raises
    ------
    UnknownNameError
        If the bank no longer has its question.
    """
    question = coach.bank[report.question] if report.question else None
    written = report.recording.kind == "text"
    breaks = {sentence.words[0] for sentence in report.transcript.sentences} if written else set()
    heard = Heard(
        report.transcript.words,
        frozenset(breaks - {0}),
        report.possible_fillers,
        report.pauses,
        report.engine,
        _warnings_of_the_file(report, coach.norms),
        _speaking(report) if written else (),
        report.measurements,
    )
    frames = None if written else _outline(report)
    return coach.report(report.recording, None, frames, heard, question)


def _outline(report: Report) -> Frames:
    """Return frames that know where the speech was and its pauses, and nothing else."""
    count = round((report.recording.duration or 0.0) / HOP) + 1
    speech = np.zeros(count, np.bool_)
    for span in _speaking(report):
        speech[_frames(span)] = True
    for pause in report.pauses:
        speech[_frames(pause.span)] = False
    silent = np.zeros(count, np.float32)
    known = report.measurements.get("longest_pause", Measurement(None, "s")).value is not None
    unvoiced = np.zeros(count, np.bool_)
    return Frames(HOP, silent, speech, unvoiced, np.full_like(silent, np.nan), known)


def _speaking(report: Report) -> tuple[Span, ...]:
    """Return when the person spoke, as it was measured."""
    return report.measurements.get("speaking_time", Measurement(None, "s")).spans


def _frames(span: Span) -> slice:
    """Return the frames whose 10 ms lie within `span`; see `length.speaking_span`."""
    return slice(round((span.start + HOP / 2) / HOP), round((span.end + HOP / 2) / HOP))


def _warnings_of_the_file(report: Report, norms: Norms) -> tuple[str, ...]:
    """Return the warnings that do not come from a norm, which gives its own again."""
    starts = tuple(limit.text.partition("%(")[0] for limit in norms.warning)
    return tuple(text for text in report.warnings if not text.startswith(starts))
