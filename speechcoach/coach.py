"""THE pipeline: a file in, a report out. The command line, batch workers and recorder call this.

::

    sound -> frames -> recognition -> alignment -> filled pauses -> pauses -> words and pauses
    text  ---------------------------------------------------------------> words

    words and pauses -> sentences -> fillers -> measurements -> content -> judgement -> report
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from speechcoach.data import (
    Answer,
    Audio,
    EngineInfo,
    Filler,
    Frames,
    Measurement,
    Pause,
    Question,
    Recording,
    Report,
    Span,
    Transcript,
    Word,
)
from speechcoach.errors import AudioError, ContentError
from speechcoach.paths import shown
from speechcoach.registry import unknown

if TYPE_CHECKING:
    from speechcoach.content.opinions import Opinions
    from speechcoach.engines.display import Display
    from speechcoach.engines.engine import Recogniser
    from speechcoach.fillers import Lexicon
    from speechcoach.guides import Bank, Guide
    from speechcoach.judging.norms import Norms
    from speechcoach.transcripts.answer import Said

NO_SPEECH = "No speech was found in this recording, so nothing is measured or scored."
ALL_VOICES = "The sound holds the others too: pace, pauses and voice are those of all of it."
NO_WORDS = "No words were found in this file, so nothing is measured or scored."

_HEARING = threading.Lock()  # two threads in PocketSphinx's decoder crash the process

NO_PAUSES = (
    "Pauses cannot be told from speech in this recording (an echoing room, or much noise), so none "
    "is listed and Delivery is not scored: move closer to the microphone."
)


@dataclass(frozen=True)
class Settings:
    """What stays the same from answer to answer; plain values, so that it can go to a worker.

    `engine` is "auto" or a registered recogniser, `model` one of its models by name or path, `bank`
    further question files, `fillers` the user's own filler list, `guide` the name of a built-in
    guide or the folder of another, None for the default. `track` is which sound track of a file
    with several, from 1, None for the one in which somebody speaks.
    """

    engine: str = "auto"
    model: str | None = None
    bank: tuple[Path, ...] = ()
    fillers: Path | None = None
    guide: str | None = None
    track: int | None = None


@dataclass(frozen=True)
class Heard:
    """A transcript's makings: words in order, where sentences must break, and what to say of it.

    `turns` are the stretches of time in which a written answer was given, by its stamps.
    `measured` holds what was measured while there was sound, if that is gone: see
    `speechcoach.analyzers.measure`.
    """

    words: tuple[Word, ...]
    breaks: frozenset[int] = frozenset()
    possible: tuple[Filler, ...] = ()
    pauses: tuple[Pause, ...] = ()
    engine: EngineInfo | None = None
    warnings: tuple[str, ...] = ()
    turns: tuple[Span, ...] = ()
    measured: Mapping[str, Measurement] | None = None


def _notes(said: Said) -> tuple[str, ...]:
    """Return what there is to say of a transcript that was handed in with a recording."""
    return tuple(filter(None, (said.speakers, ALL_VOICES if said.others else "")))


class Coach:
    """Analyses answers; loads the recogniser, the bank and the word lists once, when needed.

    It may be used from several threads, and several coaches at once. That makes nothing quicker:
    recognisers, aligner and listener hold state and are one a process, so recordings are heard
    one after another. `speechcoach.workers` hears several at once.

    Parameters
    ----------
    settings : Settings
    announce : callable
        Receives one-line notes for the user, such as the fallback to another recogniser.
    display : callable, optional
        Shows the fetch of a model; else `announce` tells of it.
    """

    def __init__(
        self,
        settings: Settings,
        announce: Callable[[str], None] = lambda _: None,
        display: Display | None = None,
    ):
        self.settings = settings
        self.announce = announce
        self.display = display

    @functools.cached_property
    def guide(self) -> Guide:
        """The guide: what is asked, the forms of answer, and norms of its own."""
        from speechcoach.guides import built_in, load_guide

        named = self.settings.guide
        return built_in() if named is None else load_guide(named)

    @functools.cached_property
    def bank(self) -> Bank:
        """The questions of the guide, the user's own included."""
        from speechcoach.guides import load_bank

        return load_bank(*self.settings.bank, guide=self.guide)

    @functools.cached_property
    def norms(self) -> Norms:
        """The bands that measurements are judged by.

        Raises
        ------
        ContentError
            If the guide's own do not read, or speak of what is not measured.
        """
        from speechcoach.judging.norms import load_norms

        norms = load_norms(self.guide.norms)
        if self.guide.norms and not self.guide.built_in:
            from speechcoach import analyzers

            for name in sorted(norms.metrics - analyzers.names()):
                problem = unknown("measurement", name, analyzers.names())
                raise ContentError(f"{shown(self.guide.norms)}: {problem}")
        return norms

    @functools.cached_property
    def opinions(self) -> Opinions:
        """What content is judged by."""
        from speechcoach.content import opinions

        return opinions(self.guide.opinions)

    @functools.cached_property
    def lexicon(self) -> Lexicon:
        """The filler words, the user's own list included."""
        from speechcoach.fillers import load_lexicon

        return load_lexicon(self.settings.fillers)

    @functools.cached_property
    def engine(self) -> Recogniser:
        """The recogniser."""
        from speechcoach.engines import choose

        settings = self.settings
        return choose(settings.engine, settings.model, announce=self.announce, display=self.display)

    def rules(self, question: str | None) -> str:
        """Return what identifies the rules for answers to `question`: ours, and the user's own.

        The guide counts as a whole. Of the user's other files only what bears on that question
        does: a question of their own that is added leaves the rules of the others as they are.
        """
        from speechcoach.fillers import lexicon
        from speechcoach.judging.norms import rules_version

        about = self.bank[question] if question else None
        own: list[object] = []
        if about and about not in self.guide.questions:
            own.append(about)
        if self.lexicon != lexicon.built_in():
            own.append(self.lexicon)
        return rules_version(self.guide.digest, *map(repr, own))

    def check(self, question: str | None = None) -> None:
        """Raise now what would otherwise surface after minutes of work: a bad name or file."""
        from speechcoach import engines

        engines.check(self.settings.engine, self.settings.model)
        if question is not None:
            self.bank[question]
        _ = self.lexicon, self.norms, self.opinions

    def analyze(
        self, path: Path, *, question: str | None = None, transcript: Path | None = None
    ) -> Report:
        """Return the report on one recorded or written answer.

        Parameters
        ----------
        path : Path
            Audio, video, or a transcript: see `speechcoach.transcripts`.
        question : str, optional
            A question's id; without it the file's or folder's name may tell.
        transcript : Path, optional
            The words that were said, instead of a recogniser's; for sound only.

        Raises
        ------
        SpeechCoachError
            With a sentence for the user.
        """
        from speechcoach import transcripts
        from speechcoach.guides import question_of

        asked = question or question_of(path, self.bank)
        about = self.bank[asked] if asked else None
        if transcripts.is_transcript(path):
            if transcript is not None:
                raise AudioError(
                    f"{shown(path)} is a transcript itself: leave --transcript out, or name the "
                    "recording."
                )
            return self._text_report(path, about)
        return self._sound_report(path, about, transcript)

    def _text_report(self, path: Path, question: Question | None) -> Report:
        from speechcoach import transcripts

        written = transcripts.read(path)
        said = written.said
        notes = (said.speakers, said.stamps, "" if said.words else NO_WORDS)
        warnings = tuple(filter(None, notes))
        heard = Heard(said.words, said.breaks, turns=said.turns, warnings=warnings)
        return self.report(written.recording, None, None, heard, question)

    def _sound_report(
        self, path: Path, question: Question | None, transcript: Path | None
    ) -> Report:
        from speechcoach.sound import audio
        from speechcoach.sound.frames import frames as frames_of
        from speechcoach.sound.frames import has_speech

        sound = audio.load(path, self.settings.track)
        frames = frames_of(sound.audio)
        if has_speech(frames):
            heard = self._hear(sound.audio, frames, transcript)
        else:
            heard = Heard((), warnings=(NO_SPEECH,))
        heard = replace(heard, warnings=(*sound.warnings, *heard.warnings))
        return self.report(sound.recording, sound.audio, frames, heard, question)

    def _hear(self, audio: Audio, frames: Frames, transcript: Path | None) -> Heard:
        """Recognise, time and complete the words of `audio`."""
        from speechcoach import transcripts
        from speechcoach.alignment.aligner import align
        from speechcoach.content import clauses
        from speechcoach.engines import given
        from speechcoach.fillers import filled_pauses
        from speechcoach.sound.pauses import silences

        written = transcripts.read(transcript) if transcript else None
        notes = _notes(written.said) if written else ()
        with _HEARING:
            recognise = given.recogniser(written) if written else self.engine
            recognition = recognise(audio)
            aligned = align(recognition.utterances, audio)
            recovered = filled_pauses.recover(audio, frames, aligned)
        return Heard(
            recovered.words,
            possible=recovered.possible,
            pauses=clauses.pauses(silences(frames) if frames.pauses_known else (), recovered.words),
            engine=recognition.engine,
            warnings=(*notes, *recognition.warnings, *aligned.warnings),
        )

    def report(
        self,
        recording: Recording,
        audio: Audio | None,
        frames: Frames | None,
        heard: Heard,
        question: Question | None,
    ) -> Report:
        """Measure and judge what was heard; `audio` and `frames` are None for a written answer.

        Of an answer that is kept `audio` is gone, and `frames` tell only where somebody speaks.
        """
        from speechcoach import analyzers, content
        from speechcoach.judging import scoring

        answer = self._answer(recording, audio, frames, heard, question)
        measurements = analyzers.measure(answer, heard.measured)
        form = self.guide.form_of(question)
        said = content.assess(
            answer.transcript, question, form, self.opinions, others=self.guide.questions
        )
        judged = scoring.judge(
            measurements,
            question,
            self.norms,
            said.findings,
            structure=content.structure_score(said, form),
            content=content.content_score(said, self.opinions.rubric),
        )
        return Report(
            recording=recording,
            question=question.id if question else None,
            engine=heard.engine,
            transcript=answer.transcript,
            fillers=answer.fillers,
            possible_fillers=answer.possible_fillers,
            measurements=measurements,
            pauses=answer.pauses,
            structure=said.structure,
            rubric=said.rubric,
            on_question=said.on_question,
            findings=judged.findings,
            scores=judged.scores,
            warnings=(*heard.warnings, *judged.warnings),
            rules=self.rules(question.id if question else None),
        )

    def _answer(
        self,
        recording: Recording,
        audio: Audio | None,
        frames: Frames | None,
        heard: Heard,
        question: Question | None,
    ) -> Answer:
        """Return all that is known of an answer before it is measured: also sentences, fillers."""
        from speechcoach import content, fillers

        words = heard.words
        sentences = content.split(words, heard.breaks)
        return Answer(
            recording=recording,
            audio=audio,
            frames=frames,
            transcript=Transcript(" ".join(word.text for word in words), words, sentences),
            fillers=fillers.find(words, sentences, frames=frames, lexicon=self.lexicon),
            possible_fillers=heard.possible,
            pauses=heard.pauses,
            question=question,
            turns=heard.turns,
        )
