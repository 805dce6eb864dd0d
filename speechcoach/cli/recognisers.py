"""What commands share about recognisers: their options, and what is seen of a fetch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from speechcoach.cli.showing import note

if TYPE_CHECKING:
    from speechcoach.coach import Settings
    from speechcoach.engines.display import Fetch, Gauge


class _EngineOption(click.Option):
    """``--engine``: its help lists whatever is registered, and is made when it is asked for."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help, with the engines' names and what "auto" takes."""
        from speechcoach import engines

        registered = engines.in_order()
        self.metavar = "|".join([engines.AUTO, *(engine.name for engine in registered)])
        offers = (engine.offer for engine in registered if engine.order is not None)
        self.help = f"Recogniser. {engines.AUTO}: {', else '.join(offers)}."
        return super().get_help_record(ctx)


class _ModelOption(click.Option):
    """``--model``: its help says of each engine which models it has."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help, with what each engine takes."""
        from speechcoach import engines

        models = (f"{engine.name}: {engine.models}" for engine in engines.in_order())
        self.help = f"The recogniser's model. {'; '.join(models)}."
        return super().get_help_record(ctx)


engine_option = click.option(
    "--engine", cls=_EngineOption, default="auto", show_default=True, help="Recogniser."
)
model_option = click.option(
    "--model", cls=_ModelOption, metavar="NAME|PATH", help="The recogniser's model."
)


def settled(settings: Settings) -> Settings:
    """Return the settings with the recogniser decided, its model fetched if need be."""
    from dataclasses import replace

    from speechcoach import engines

    name, model = engines.settle(settings.engine, settings.model, announce=note, display=bar)
    return replace(settings, engine=name, model=model)


@contextmanager
def bar(fetch: Fetch) -> Iterator[Gauge]:
    """Announce a fetch on stderr and, if that is a terminal, show how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    from speechcoach.engines.display import line

    console = Console(stderr=True)
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with (
        line(note)(fetch),
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as p,
    ):
        task = p.add_task(fetch.what, total=fetch.size)
        yield lambda have, total: p.update(task, completed=have, total=total)
