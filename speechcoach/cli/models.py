"""``speechcoach models``: the Whisper checkpoints on this machine and how they come here."""

from __future__ import annotations

import click

from speechcoach.cli.showing import note, write_path, write_result
from speechcoach.paths import shown


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
    from speechcoach.views.checkpoints import render

    write_result(render(known(), present()))


@models.command()
@click.argument("name", required=False)
def fetch(name: str | None) -> None:
    """Fetch the checkpoint NAME (base.en), going on where an earlier attempt stopped."""
    from speechcoach.cli.recognisers import bar
    from speechcoach.engines import checkpoints
    from speechcoach.engines.checkpoints import fetching

    name = name or checkpoints.DEFAULT
    write_result(f"{name} is here and whole: {shown(fetching.fetch(name, bar))}")


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
def verify(names: tuple[str, ...]) -> None:
    """Compare the checkpoints on this machine, or only NAME..., with their checksums."""
    from speechcoach.engines import checkpoints

    whole = checkpoints.verify(names)
    for name, file in whole.items():
        write_result(f"{name} is whole: {shown(file)}")
    if not whole:
        note("No checkpoint is here yet: `speechcoach models fetch` brings one.")


@models.command()
@click.argument("name", required=False)
def path(name: str | None) -> None:
    """Print the file of the checkpoint NAME; without NAME, the folder where new ones go."""
    from speechcoach import paths
    from speechcoach.engines import checkpoints

    write_path(checkpoints.locate(name) if name else paths.model_dirs()[0])
