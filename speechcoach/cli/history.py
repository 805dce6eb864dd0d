"""``speechcoach history``: the reports that were kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from speechcoach.cli.options import ANY_FILE, note, write_result

if TYPE_CHECKING:
    from speechcoach.batch import Row
    from speechcoach.history.store import History

DAY = click.DateTime(["%Y-%m-%d"])
NUMBER = click.IntRange(1)

question_option = click.option("--question", metavar="ID", help="Only takes of this question.")
since_option = click.option(
    "--since", type=DAY, metavar="YYYY-MM-DD", help="Only takes from this day on."
)


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
    from speechcoach.paths import place

    with History.open() as opened:
        takes = opened.takes(question=question, since=since)
        overall = opened.values("score.overall")
    if not takes:
        note("No take is kept yet that fits: 'analyze', 'batch' and 'practice' keep them.")
    width = max((len(take.question or "–") for take in takes), default=0)
    for take in takes:
        score = overall.get(take.id)
        said = "  –" if score is None else f"{score:3.0f}"
        day = f"{take.made.astimezone():%Y-%m-%d %H:%M}"
        asked = f"{take.question or '–':{width}}"
        click.echo(f"{take.id:5}  {day}  {asked}  {said}  {place(take.path, take.name)}")


@history.command()
@click.argument("number", type=NUMBER, metavar="N")
@click.option(
    "--format", "form", default="text", show_default=True, metavar="text|json|md", help="Form."
)
@click.option("-o", "--output", type=ANY_FILE, help="Write the report to this file.")
@click.option("--explain", is_flag=True, help="Print every formula and source as well.")
def show(number: int, form: str, output: Path | None, explain: bool) -> None:
    """Show the report of take N again."""
    from speechcoach.cli.analyze import view_of
    from speechcoach.coach import Coach, Settings
    from speechcoach.history.store import History
    from speechcoach.views import FORMATS

    render = FORMATS[form]
    with History.open() as opened:
        report = opened.report(number)
    view = view_of(Coach(Settings(), note), report, output is None, explain)
    write_result(render(view), output)


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
            opened.take(number)
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
def export(file: Path, question: str | None, since: datetime | None) -> None:
    """Write the kept takes to FILE: .csv for the numbers, .jsonl for whole reports."""
    from speechcoach.batch.out import FORMS
    from speechcoach.files import replacing
    from speechcoach.history.store import History

    form = FORMS[file.suffix.lower()]
    with History.open() as opened, replacing(file) as part, part.open("wb") as out:
        out.writelines(line.encode() for line in form(_rows(opened, question, since)))
    note(f"Written to {file}.")


def _rows(opened: History, question: str | None, since: datetime | None) -> Iterator[Row]:
    from speechcoach.batch import Row

    for take in opened.takes(question=question, since=since):
        extra = {"take": take.id, "made": take.made.isoformat(timespec="seconds")}
        yield Row(take.path or take.name, {**opened.plain(take.id), **extra}, kept=True)


@history.command()
@click.option("--bank", type=ANY_FILE, multiple=True, help="Your own question file (TOML).")
@click.option("--fillers", type=ANY_FILE, help="Your own list of filler words (TOML).")
def rescore(bank: tuple[Path, ...], fillers: Path | None) -> None:
    """Judge kept takes again by today's rules, so that a trend never mixes two versions.

    Words, times, pauses and voice stay as they were measured; fillers, structure, content and
    scores are made anew.
    """
    from speechcoach.coach import Coach, Settings
    from speechcoach.errors import UnknownNameError
    from speechcoach.history.rescoring import rescore as judged_again
    from speechcoach.history.store import History
    from speechcoach.terminal.tally import Meter

    coach = Coach(Settings(bank=bank, fillers=fillers), note)
    changed = 0
    with History.open() as opened:
        takes = opened.takes()
        with Meter(len(takes)) as meter:
            for take in takes:
                try:
                    if old := take.rules != coach.rules(take.question):
                        opened.replace(take.id, judged_again(coach, opened.report(take.id)))
                except UnknownNameError as error:
                    meter.note(f"Take {take.id} stays as it is. {error}")
                    old = False
                changed += old
                meter.advance(worked=old)
    note(f"{changed} of {len(takes)} takes were judged again.")
