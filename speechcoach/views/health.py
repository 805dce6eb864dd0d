"""What works on this machine, and the next step for what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from speechcoach.views.screen import Screen, laid_out

if TYPE_CHECKING:
    from speechcoach.checkup import Check


def render(check: Check, screen: Screen) -> str:
    """Return one check in a line, and under it the next step if there is one."""
    from rich.text import Text

    colour = "green" if check.works else "yellow" if check.optional else "red"
    mark = ("ok  " if check.works else "no  ", colour)
    lines = [Text.assemble(mark, f"{check.name}: {check.detail}")]
    if check.next_step:
        lines.append(Text(f"    {check.next_step}"))
    return laid_out(lines, screen)
