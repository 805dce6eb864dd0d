"""``speechcoach doctor``: what works here, and for what doesn't, the next step."""

from __future__ import annotations

import click


@click.command()
def doctor() -> None:
    """Check what works on this machine.

    Python, recognisers, checkpoints, microphone, decoder and data folder; for what does not work,
    the next step.
    """
    from speechcoach import health

    checks = []
    for check in health.checks():
        checks.append(check)
        colour = "green" if check.works else "yellow" if check.optional else "red"
        mark = click.style("ok  " if check.works else "no  ", fg=colour)
        click.echo(f"{mark}{check.name}: {check.detail}")
        if check.next_step:
            click.echo(f"    {check.next_step}")
    if not all(check.works or check.optional for check in checks):
        raise click.exceptions.Exit(1)
