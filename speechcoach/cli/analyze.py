"""``speechcoach analyze``: recorded or written answers in, a report on each out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.destination import destination
from speechcoach.cli.options import (
    ANY_FILE,
    analysis_options,
    explain_option,
    force_option,
    format_option,
    keep_option,
    output_option,
    save_option,
    track_option,
)
from speechcoach.cli.showing import note, view_of, write_result
from speechcoach.errors import SpeechCoachError
from speechcoach.harmless import harmless
from speechcoach.views import FORMATS

if TYPE_CHECKING:
    from speechcoach.data import Report


@click.command()
@click.argument("files", nargs=-1, required=True, type=ANY_FILE, metavar="FILE...")
@click.option("--question", metavar="ID", help="The question answered; else the file's name tells.")
@analysis_options
@click.option("--transcript", type=ANY_FILE, help="The words that were said, as a transcript.")
@track_option
@format_option(FORMATS)
@output_option
@force_option
@explain_option
@save_option
@keep_option
@click.option("--verbose", is_flag=True, help="Say what is being done, on stderr.")
def analyze(
    files: tuple[Path, ...],
    question: str | None,
    engine: str,
    model: str | None,
    guide: str | None,
    bank: tuple[Path, ...],
    fillers: Path | None,
    transcript: Path | None,
    track: int | None,
    format_: str,
    output: Path | None,
    force: bool,
    explain: bool,
    no_save: bool,
    keep_audio: bool,
    verbose: bool,
) -> None:
    """Analyse each FILE: any audio or video, or a transcript.

    Transcripts are .txt, .srt, .vtt, .md and .docx files; - is a transcript on standard input.

    Without --question the file's name may tell which question is answered: conflict-2.wav
    answers "conflict". Several files give one report after another, each as soon as it is done;
    as JSON, one a line.
    """
    from speechcoach.cli.recognisers import bar
    from speechcoach.coach import Coach, Settings

    handler = logging.StreamHandler()
    handler.setFormatter(_Harmless("%(message)s"))
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, handlers=[handler])
    render = FORMATS[format_]
    settings = Settings(engine, model, bank, fillers, guide, track)
    target = destination(output, (*files, transcript), settings, force=force) if output else None
    coach = Coach(settings, note, bar)
    coach.check(question)
    texts: list[str] = []
    failures: list[str] = []
    for path in files:
        with _noted(failures):
            report = coach.analyze(path, question=question, transcript=transcript)
            many, plain = len(files) > 1, target is not None
            texts.append(render(view_of(coach, report, plain=plain, explain=explain, compact=many)))
            if target is None:
                with _noted(failures):
                    write_result(_parted(texts))
            _keep(path, report, failures, in_history=not no_save, sound=keep_audio)
    if target and texts:
        with _noted(failures):
            write_result("\n".join(texts), target)
    if failures:
        raise SpeechCoachError("\n".join(dict.fromkeys(failures)))


class _Harmless(logging.Formatter):
    """Libraries may name files as they are called."""

    def format(self, record: logging.LogRecord) -> str:
        return harmless(super().format(record))


@contextmanager
def _noted(failures: list[str]) -> Iterator[None]:
    """Let a failure cost only what is inside; the rest goes on, and all is said at the end."""
    try:
        yield
    except SpeechCoachError as error:
        failures.append(str(error))


def _parted(texts: list[str]) -> str:
    """Return the last text, with an empty line before it if it is one of several of lines."""
    between = "\n" if len(texts) > 1 and texts[-1].endswith("\n") else ""
    return between + texts[-1]


def _keep(
    path: Path, report: Report, failures: list[str], *, in_history: bool, sound: bool
) -> None:
    """Keep a report in the history, and a copy of the recording that it is on."""
    from speechcoach.history import recordings
    from speechcoach.history.store import History

    if in_history:
        with _noted(failures), History.open() as history:
            history.add(report)
    if sound and report.recording.kind == "audio":
        with _noted(failures):
            recordings.keep(path, report.recording.sha256)
