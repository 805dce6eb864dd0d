"""``speechcoach doctor``: what works here, and for what doesn't, the next step."""

from __future__ import annotations

import click

from speechcoach.cli.showing import write_result


@click.command()
def doctor() -> None:
    """Check what works on this machine.

    Python, recognisers, checkpoints, microphone, decoder and data folder; for what does not work,
    the next step.
    """
    from speechcoach import health
    from speechcoach.terminal.screen import screen
    from speechcoach.views.health import render
    from speechcoach.views.screen import WHOLE

    shown = screen(piped=WHOLE)
    checks = []
    for check in health.checks():  # some take a moment: each is said when it is known
        checks.append(check)
        write_result(render(check, shown))
    if not all(check.works or check.optional for check in checks):
        raise click.exceptions.Exit(1)
