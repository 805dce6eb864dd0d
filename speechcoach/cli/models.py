"""``speechcoach models``: the Whisper checkpoints on this machine and how they come here."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from speechcoach.engines.checkpoints import Checkpoint
    from speechcoach.engines.download import Progress


@click.group(invoke_without_command=True)
@click.pass_context
def models(ctx: click.Context) -> None:
    """List, fetch and verify Whisper checkpoints.

    Without a command: list.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@models.command("list")
def list_() -> None:
    """List every published checkpoint: name, size, start of its sha256, and where it is."""
    from speechcoach.engines.checkpoints import known, present

    here = present()
    for name, checkpoint in known().items():
        place = here.get(name, "not here")
        click.echo(f"{name:<15} {checkpoint.megabytes:>8}  {checkpoint.sha256[:12]}  {place}")


@models.command()
@click.argument("name", required=False)
def fetch(name: str | None) -> None:
    """Fetch the checkpoint NAME (base.en), going on where an earlier attempt stopped."""
    from speechcoach.engines import checkpoints, fetching

    name = name or checkpoints.DEFAULT
    click.echo(f"{name} is here and whole: {fetching.fetch(name, bar)}")


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
def verify(names: tuple[str, ...]) -> None:
    """Compare the checkpoints on this machine, or only NAME..., with their checksums."""
    from speechcoach.engines import checkpoints

    whole = checkpoints.verify(names)
    for name, file in whole.items():
        click.echo(f"{name} is whole: {file}")
    if not whole:
        click.echo("No checkpoint is here yet: `speechcoach models fetch` brings one.", err=True)


@models.command()
@click.argument("name", required=False)
def path(name: str | None) -> None:
    """Print the file of the checkpoint NAME; without NAME, the folder where new ones go."""
    from speechcoach import paths
    from speechcoach.engines import checkpoints

    click.echo(checkpoints.locate(name) if name else paths.model_dirs()[0])


@contextmanager
def bar(checkpoint: Checkpoint) -> Iterator[Progress]:
    """Announce a fetch on stderr and, if that is a terminal, show how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from speechcoach.engines.fetching import told

    console = Console(stderr=True)
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with (
        told(functools.partial(click.echo, err=True))(checkpoint),
        Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as shown,
    ):
        task = shown.add_task(checkpoint.name)
        yield lambda have, total: shown.update(task, completed=have, total=total)
