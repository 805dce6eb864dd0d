"""The steps of the history's schema, in order: append one, never edit one."""

MIGRATIONS = (
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
)
