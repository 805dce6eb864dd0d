"""``speechcoach analyze``: recorded or written answers in, a report on each out."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.options import (
    ANY_FILE,
    analysis_options,
    explain_option,
    format_option,
    keep_option,
    output_option,
    save_option,
    track_option,
)
from speechcoach.cli.showing import note, view_of, write_result
from speechcoach.errors import SpeechCoachError
from speechcoach.views import FORMATS

if TYPE_CHECKING:
    from speechcoach.data import Report


@click.command()
@click.argument("files", nargs=-1, required=True, type=ANY_FILE, metavar="FILE...")
@click.option("--question", metavar="ID", help="The question answered; else the file's name tells.")
@analysis_options
@click.option("--transcript", type=ANY_FILE, help="The words that were said, as a text file.")
@track_option
@format_option(FORMATS)
@output_option
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
    explain: bool,
    no_save: bool,
    keep_audio: bool,
    verbose: bool,
) -> None:
    """Analyse each FILE: any audio or video, or a .txt transcript.

    Without --question the file's name may tell which question is answered: conflict-2.wav
    answers "conflict". Several files give one report after another, each as soon as it is done;
    as JSON, one a line.
    """
    from speechcoach.cli.recognisers import bar
    from speechcoach.coach import Coach, Settings
    from speechcoach.files import check_place

    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format="%(message)s")
    render = FORMATS[format_]
    if output:
        check_place(output)
    coach = Coach(Settings(engine, model, bank, fillers, guide, track), note, bar)
    coach.check(question)
    texts: list[str] = []
    failures = []
    for path in files:
        try:
            report = coach.analyze(path, question=question, transcript=transcript)
            many, plain = len(files) > 1, output is not None
            view = view_of(coach, report, plain=plain, explain=explain, compact=many)
            texts.append(render(view))
            if output is None:
                between = "\n" if len(texts) > 1 and texts[-1].endswith("\n") else ""
                write_result(between + texts[-1])
            _keep(path, report, in_history=not no_save, sound=keep_audio)
        except SpeechCoachError as error:
            failures.append(str(error))
    if output and texts:
        write_result("\n".join(texts), output)
    if failures:
        raise SpeechCoachError("\n".join(failures))


def _keep(path: Path, report: Report, *, in_history: bool, sound: bool) -> None:
    """Keep a report in the history, and a copy of the recording that it is on."""
    from speechcoach.history import recordings
    from speechcoach.history.store import History

    if in_history:
        with History.open() as history:
            history.add(report)
    if sound and report.recording.kind == "audio":
        recordings.keep(path, report.recording.sha256)
