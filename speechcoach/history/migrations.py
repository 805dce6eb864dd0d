"""The steps of the history's schema, in order: append one, never edit one.

A step is SQL, or a function where SQL alone cannot say it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from speechcoach.reports import place_in_1

Step = str | Callable[[sqlite3.Connection], None]


def apply(step: Step, db: sqlite3.Connection) -> None:
    """Take one step, inside the transaction that is open."""
    if not isinstance(step, str):
        step(db)
        return
    for statement in filter(str.strip, step.split(";")):
        db.execute(statement)


def _name_apart(db: sqlite3.Connection) -> None:
    """Tell the place of a recording from its name: what was shown was both.

    The model's digest is known only where it comes with the recogniser (empty).
    """
    for statement in (
        "ALTER TABLE takes RENAME COLUMN path TO name",
        "ALTER TABLE takes ADD COLUMN path TEXT",  # absolute, as `paths.to_text`; NULL: unknown
        "ALTER TABLE takes ADD COLUMN digest TEXT",  # of the model's file; '' none, NULL unknown
        "UPDATE takes SET digest = '' WHERE engine = 'moonshine'",
    ):
        db.execute(statement)
    for number, shown in db.execute("SELECT id, name FROM takes").fetchall():
        db.execute("UPDATE takes SET path = ?, name = ? WHERE id = ?", (*place_in_1(shown), number))


MIGRATIONS: tuple[Step, ...] = (
    """
    CREATE TABLE takes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        made TEXT NOT NULL,              -- when the answer was given: UTC, ISO 8601
        path TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        kind TEXT NOT NULL,              -- audio, text
        duration REAL,                   -- seconds
        question TEXT,
        engine TEXT,
        model TEXT,
        rules TEXT NOT NULL,
        report TEXT NOT NULL             -- JSON, the report's contract
    ) STRICT;
    CREATE INDEX takes_content ON takes (sha256, rules);
    CREATE INDEX takes_question ON takes (question, made);
    CREATE TABLE measurements (
        take INTEGER NOT NULL REFERENCES takes (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        value REAL,
        unit TEXT NOT NULL,
        PRIMARY KEY (take, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX measurements_name ON measurements (name, take, value);
    """,
    """
    CREATE TABLE notes (                 -- what the user told, such as the interview's date
        name TEXT PRIMARY KEY,
        text TEXT NOT NULL
    ) STRICT;
    """,
    _name_apart,
)
