"""``speechcoach history``: the reports that were kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.destination import destination
from speechcoach.cli.options import (
    ANY_FILE,
    explain_option,
    fillers_option,
    force_option,
    format_option,
    guide_options,
    output_option,
    question_option,
    since_option,
)
from speechcoach.cli.showing import note, view_of, write_result
from speechcoach.paths import shown
from speechcoach.views import FORMATS, rows_format

if TYPE_CHECKING:
    from speechcoach.batch import Row
    from speechcoach.history.salvage import Saved

MOST = 10  # numbers of takes that are named in a sentence
NUMBER = click.IntRange(1)


@click.group(invoke_without_command=True)
@question_option
@since_option
@click.pass_context
def history(ctx: click.Context, question: str | None, since: datetime | None) -> None:
    """List, show, delete, export or rescore what was kept.

    Without a command: list, oldest first.
    """
    if ctx.invoked_subcommand is not None:
        return
    from speechcoach.history.store import History
    from speechcoach.views.takes import NONE_YET, render

    with History.read() as opened:
        takes = opened.takes(question=question, since=since)
        overall = opened.values("score.overall")
    if not takes:
        note(NONE_YET)
    else:
        write_result(render(takes, overall))


@history.command()
@click.argument("number", type=NUMBER, metavar="N")
@format_option(FORMATS)
@output_option
@force_option
@explain_option
@guide_options
def show(
    number: int,
    format_: str,
    output: Path | None,
    force: bool,
    explain: bool,
    guide: str | None,
    bank: tuple[Path, ...],
) -> None:
    """Show the report of take N again."""
    from speechcoach.coach import Coach, Settings
    from speechcoach.history.store import History

    render = FORMATS[format_]
    settings = Settings(bank=bank, guide=guide)
    target = destination(output, (), settings, force=force) if output else None
    with History.read() as opened:
        report = opened.report(number)
    coach = Coach(settings, note)
    view = view_of(coach, report, plain=output is not None, explain=explain)
    write_result(render(view), target)


@history.command()
@click.argument("numbers", type=NUMBER, nargs=-1, metavar="[N]...")
@click.option("--all", "everything", is_flag=True, help="Delete every take.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(numbers: tuple[int, ...], everything: bool, yes: bool) -> None:
    """Delete take N, or --all: report, numbers, and the copy of the recording if one was kept."""
    from speechcoach.history.store import History

    if bool(numbers) == everything:
        raise click.UsageError("Name the takes to delete, or --all.")
    with History.open() as opened:
        for number in numbers:
            opened.row("id", number)
        what = f"take {', '.join(map(str, numbers))}" if numbers else "every take"
        if not yes:
            click.confirm(f"Delete {what} for good?", abort=True, err=True)
        if everything:
            opened.delete_all()
        for number in dict.fromkeys(numbers):
            opened.delete(number)
    note(f"Deleted {what}.")


@history.command()
@click.argument("file", type=ANY_FILE, metavar="FILE.csv|FILE.jsonl")
@question_option
@since_option
@force_option
def export(file: Path, question: str | None, since: datetime | None, force: bool) -> None:
    """Write the kept takes to FILE: .csv for the numbers, .jsonl for whole reports.

    Of a damaged history all that can still be read is written.
    """
    from speechcoach.errors import HistoryError
    from speechcoach.history.salvage import readable
    from speechcoach.history.store import History
    from speechcoach.outputs import whole

    render = rows_format(file)
    destination(file, force=force)
    lost: list[int] = []
    with History.read(whole=False) as opened, whole(file) as out:
        takes = readable(opened, lost, question=question, since=since)
        out.writelines(line.encode() for line in render(map(_row, takes)))
    note(f"Written to {shown(file)}.")
    if lost:
        raise HistoryError(
            f"Not in {shown(file)} are takes that cannot be read: {_listed(lost)}. "
            "'speechcoach history delete N' removes one."
        )


def _row(take: Saved) -> Row:
    from speechcoach.batch import Row

    made = take.made.isoformat(timespec="seconds") if take.made else None
    return Row(take.path or take.name, {**take.report, "take": take.id, "made": made}, kept=True)


def _listed(numbers: list[int]) -> str:
    more = f" and {len(numbers) - MOST} more" if len(numbers) > MOST else ""
    return ", ".join(map(str, numbers[:MOST])) + more


@history.command()
@guide_options
@fillers_option
def rescore(guide: str | None, bank: tuple[Path, ...], fillers: Path | None) -> None:
    """Judge kept takes again by today's rules, so that a trend never mixes two versions.

    Words, times, pauses and voice stay as they were measured; fillers, structure, content and
    scores are made anew.
    """
    from speechcoach.coach import Coach, Settings
    from speechcoach.errors import HistoryError, UnknownNameError
    from speechcoach.history.faults import DamagedHistoryError
    from speechcoach.history.rescoring import rescore as judged_again
    from speechcoach.history.store import History
    from speechcoach.terminal.tally import Tally

    coach = Coach(Settings(bank=bank, fillers=fillers, guide=guide), note)
    changed, problems = 0, []
    with History.open() as opened:
        takes = opened.takes()
        with Tally(len(takes)) as tally:
            for take in takes:
                try:
                    if old := take.rules != coach.rules(take.question):
                        opened.replace(take.id, judged_again(coach, opened.report(take.id)))
                except UnknownNameError as error:
                    tally.note(f"Take {take.id} stays as it is. {error}")
                    old = False
                except DamagedHistoryError as error:
                    problems.append(str(error))
                    old = False
                changed += old
                tally.advance(worked=old)
    note(f"{changed} of {len(takes)} takes were judged again.")
    if problems:
        raise HistoryError("\n".join(problems))
