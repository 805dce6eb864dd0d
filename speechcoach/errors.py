"""Everything that can go wrong for a user, under one root.

::

    SpeechCoachError            a full sentence: the culprit, the value, the next step
    ├── AudioError              a file or microphone that gives no usable sound
    ├── EngineError             a recogniser that cannot be loaded or run
    ├── ModelError              a recogniser's model that is missing, broken or cannot be fetched
    ├── UnknownNameError        a question, engine, model or metric that does not exist
    ├── ContentError            a question bank, norm or filler list that does not read
    ├── JobError                an analysis in the background that met a fault or was ended
    ├── HistoryError            a history file that cannot be opened or is newer than this program
    └── OutputError             a place where results cannot be written

A programmer's mistake raises ``TypeError`` or ``ValueError`` and keeps its traceback; these never
show one. The command line turns them into exit code 1 in one place (``speechcoach.cli``).
"""


class SpeechCoachError(Exception):
    """Root of every error that is the user's to mend; ``str()`` is the sentence to show."""


class AudioError(SpeechCoachError):
    """The file or the microphone gives no sound that can be analysed."""


class EngineError(SpeechCoachError):
    """A recogniser cannot be loaded or run."""


class ModelError(SpeechCoachError):
    """A recogniser's model is missing, broken or cannot be fetched."""


class UnknownNameError(SpeechCoachError):
    """A name that no registry, bank or folder has."""


class ContentError(SpeechCoachError):
    """A data file (questions, norms, filler words) does not read; all its problems are listed."""


class JobError(SpeechCoachError):
    """An analysis in the background met a fault of ours, hung, or ended its worker."""


class HistoryError(SpeechCoachError):
    """The history cannot be opened, read or written."""


class OutputError(SpeechCoachError):
    """A result cannot be written where it was asked for."""
