"""A kept report judged again by today's rules, from its words and times; the sound may be gone.

Words, their times, pauses, and what only sound can tell (voice, the recording's quality) stay as
they were. Everything that rests on the words is made anew: fillers, sentences, structure, rubric,
rates, findings, scores. Silence beside a word still counts towards its being a filler; its
loudness, which is not kept, no longer does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from speechcoach import analyzers
from speechcoach.coach import Coach, Heard
from speechcoach.data import Answer, Audio, Frames, Measurement, Recording, Report, Span, Transcript
from speechcoach.judging.norms import Norms
from speechcoach.sound.frames import HOP

FROM_SOUND = ("voice", "quality")  # analyzers whose facts cannot be made again


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
        {} if written else _from_sound(report.measurements),
    )
    if written:
        return coach.report(report.recording, None, None, heard, question)
    return coach.report(report.recording, _no_sound(), _outline(report), heard, question)


def _from_sound(measured: Mapping[str, Measurement]) -> dict[str, Measurement]:
    """Return the facts of `FROM_SOUND`; unknown where the report is older than the fact."""
    nothing = Recording(None, "", "", None, None, None, "audio")
    answer = Answer(nothing, None, None, Transcript("", (), ()), (), (), (), None)
    return {
        name: measured.get(name, Measurement(None, fact.unit))
        for analyzer in FROM_SOUND
        for name, fact in analyzers.load()[analyzer](answer)
    }


def _no_sound() -> Audio:
    return Audio(np.zeros(0, np.float32), round(1 / HOP))


def _outline(report: Report) -> Frames:
    """Return frames that know where the speech was and its pauses, and nothing else."""
    count = round((report.recording.duration or 0.0) / HOP) + 1
    speech = np.zeros(count, np.bool_)
    for span in report.measurements.get("speaking_time", Measurement(None, "s")).spans:
        speech[_frames(span)] = True
    for pause in report.pauses:
        speech[_frames(pause.span)] = False
    silent = np.zeros(count, np.float32)
    return Frames(HOP, silent, speech, np.zeros(count, np.bool_), np.full_like(silent, np.nan))


def _frames(span: Span) -> slice:
    """Return the frames whose 10 ms lie within `span`; see `length.speaking_span`."""
    return slice(round((span.start + HOP / 2) / HOP), round((span.end + HOP / 2) / HOP))


def _warnings_of_the_file(report: Report, norms: Norms) -> tuple[str, ...]:
    """Return the warnings that do not come from a norm, which gives its own again."""
    starts = tuple(limit.text.partition("%(")[0] for limit in norms.warning)
    return tuple(text for text in report.warnings if not text.startswith(starts))
