"""``speechcoach batch``: a folder of practice answers in, a report on each out."""

from __future__ import annotations

from pathlib import Path

import click

from speechcoach.cli.options import ANY_FILE, analysis_options, save_option


@click.command()
@click.argument("folder", type=ANY_FILE)
@click.option("--question", metavar="ID")
@analysis_options
@click.option("--out", type=ANY_FILE, required=True)
@save_option
def batch(
    folder: Path,
    question: str | None,
    engine: str,
    model: str | None,
    bank: tuple[Path, ...],
    fillers: Path | None,
    out: Path,
    no_save: bool,
) -> None:
    """Analyse every answer below FOLDER."""
    from speechcoach.cli.options import note
    from speechcoach.coach import Coach, Settings
    from speechcoach.reports import to_json

    coach = Coach(Settings(engine, model, bank, fillers), note)
    with out.open("w", encoding="utf-8") as lines:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            lines.write(to_json(coach.analyze(path, question=question)) + "\n")
