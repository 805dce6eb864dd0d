"""``speechcoach batch``: a folder of practice answers in, a report on each out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.destination import destination
from speechcoach.cli.options import ANY_FILE, analysis_options, keep_option, save_option
from speechcoach.cli.showing import note, write_result

if TYPE_CHECKING:
    from speechcoach.batch import Row
    from speechcoach.history.store import History
    from speechcoach.views.batch import Line

SOME_FAILED, INTERRUPTED = 3, 130  # exit codes


@click.command()
@click.argument("folder", type=ANY_FILE)
@click.option("--manifest", type=ANY_FILE, help="CSV with the columns file,question.")
@click.option("--question", metavar="ID", help="The question of every file; else names tell.")
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Processes to use; as many as cores."
)
@click.option("--out", type=ANY_FILE, help="Also write to FILE.jsonl (whole reports) or FILE.csv.")
@analysis_options
@save_option
@keep_option
@click.option(
    "--force",
    is_flag=True,
    help="Analyse again what is in the history, and let --out replace any file but an input.",
)
@click.option("--watch", is_flag=True, help="Go on with files that come later, until Ctrl-C.")
@click.pass_context
def batch(
    ctx: click.Context,
    folder: Path,
    manifest: Path | None,
    question: str | None,
    jobs: int | None,
    out: Path | None,
    engine: str,
    model: str | None,
    guide: str | None,
    bank: tuple[Path, ...],
    fillers: Path | None,
    no_save: bool,
    keep_audio: bool,
    force: bool,
    watch: bool,
) -> None:
    """Analyse every answer below FOLDER.

    Answers are recordings, videos and transcripts (.txt, .srt, .vtt, .md, .docx). Each report is
    kept in the history as soon as it is there; what is there already, by content, is not analysed
    again. So a run that was stopped goes on where it was. A file that cannot be analysed costs its
    own line, and exit code 3 at the end.
    """
    from speechcoach.batch import Batch
    from speechcoach.batch.files import answers, arrivals
    from speechcoach.batch.out import written
    from speechcoach.batch.run import cores
    from speechcoach.cli.recognisers import bar
    from speechcoach.coach import Settings
    from speechcoach.views import rows_format
    from speechcoach.workers import Processes

    lines_of = rows_format(out) if out else None
    with _history(no_save) as history:
        settings = Settings(engine, model, bank, fillers, guide)
        run = Batch(
            settings,
            history,
            question=question,
            force=force,
            keep_audio=keep_audio,
            note=note,
            display=bar,
        )
        run.check(manifest)
        paths = [] if watch else answers(folder, note)
        groups = arrivals(folder) if watch else [paths]
        target = destination(out, (manifest, *paths), settings, force=force) if out else None
        settled = run.settled(None if watch else paths)
        with (
            target.growing() if target else nullcontext() as write,
            Processes(settled, min(jobs or cores(), len(paths) or cores())) as workers,
        ):
            rows: Iterator[Row] = (row for group in groups for row in run.rows(group, workers))
            if write and lines_of:
                rows = written(rows, lines_of, write)
            lines, stopped = _follow(rows, len(paths) or None)
    _show(lines, folder)
    if stopped and not watch:
        kept = "is not kept (--no-save)" if no_save else "is in the history: run it again to go on"
        note(f"Stopped before the end; what is done {kept}.")
        ctx.exit(INTERRUPTED)
    if any(line.failed for line in lines):
        ctx.exit(SOME_FAILED)


def _history(no_save: bool) -> AbstractContextManager[History | None]:
    from speechcoach.history.store import History

    return nullcontext() if no_save else History.open()


def _follow(rows: Iterable[Row], total: int | None) -> tuple[list[Line], bool]:
    """Show the rows as they come; return what the table needs, and whether Ctrl-C ended it."""
    from speechcoach.terminal.tally import Tally
    from speechcoach.views.batch import described, line

    lines: list[Line] = []
    with Tally(total) as tally:
        try:
            for row in rows:
                lines.append(line(row))
                if row.error or total is None:
                    tally.note(row.error or described(lines[-1]))
                tally.advance(worked=not row.kept)
        except KeyboardInterrupt:
            return lines, True
    return lines, False


def _show(lines: list[Line], folder: Path) -> None:
    """Print the table and the totals."""
    from speechcoach.terminal.screen import screen
    from speechcoach.views.batch import render
    from speechcoach.views.screen import WHOLE

    write_result(render(lines, folder, screen(piped=WHOLE)))
