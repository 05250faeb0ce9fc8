"""The tables, and how older databases become as today's.

A migration is never changed once released; a new layout is a new function at the end. Dates are seconds since 1970
(UTC). A unit's id holds its job's number in the upper bits (`unit_range`), so that all units of a job stand together
and whatever is asked about a job reads one run of pages.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

SCHEMA = Migrations("translator")
MIGRATIONS_TABLE = SCHEMA.migrations_table

UNIT_BITS = 32
"""A job has room for 2³² units."""


def unit_range(job_number: int) -> tuple[int, int]:
    """The lowest and highest id that units of this job can have."""
    return job_number << UNIT_BITS, ((job_number + 1) << UNIT_BITS) - 1


# `state` is the place in rows.STATES. units_pending holds only what is still to be asked: it is read in the order of
# batches, and empties as the job goes on.
_FIRST = (
    """CREATE TABLE recipes (
        number INTEGER PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE,
        recipe TEXT NOT NULL
    )""",
    """CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        input TEXT NOT NULL,
        output TEXT NOT NULL,
        source_language TEXT NOT NULL,
        target_language TEXT NOT NULL,
        model TEXT NOT NULL,
        recipe INTEGER NOT NULL REFERENCES recipes(number),
        glossary_digest TEXT NOT NULL DEFAULT '',
        options TEXT NOT NULL,
        program_version TEXT NOT NULL,
        server TEXT NOT NULL,
        status TEXT NOT NULL,
        runs INTEGER NOT NULL DEFAULT 0,
        created REAL NOT NULL,
        updated REAL NOT NULL,
        finished REAL
    )""",
    """CREATE TABLE documents (
        number INTEGER PRIMARY KEY,
        job INTEGER NOT NULL REFERENCES jobs(number) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        path TEXT NOT NULL,
        format TEXT NOT NULL,
        digest TEXT NOT NULL,
        segments INTEGER NOT NULL,
        notices TEXT,
        UNIQUE (job, ordinal)
    )""",
    """CREATE TABLE batches (
        job INTEGER NOT NULL REFERENCES jobs(number) ON DELETE CASCADE,
        id INTEGER NOT NULL,
        after INTEGER,
        scene TEXT NOT NULL,
        units TEXT NOT NULL,
        PRIMARY KEY (job, id)
    ) WITHOUT ROWID""",
    """CREATE TABLE units (
        id INTEGER PRIMARY KEY,
        job INTEGER NOT NULL REFERENCES jobs(number) ON DELETE CASCADE,
        state INTEGER NOT NULL,
        flagged INTEGER NOT NULL,
        from_memory INTEGER NOT NULL,
        run INTEGER NOT NULL,
        batch INTEGER,
        hash BLOB NOT NULL,
        role TEXT NOT NULL,
        format TEXT NOT NULL,
        scene TEXT NOT NULL,
        speaker TEXT,
        source TEXT NOT NULL,
        target TEXT,
        findings TEXT,
        notes TEXT,
        limits TEXT,
        glossary TEXT,
        UNIQUE (job, hash)
    )""",
    "CREATE INDEX units_pending ON units (job, batch) WHERE state = 0",
    "CREATE INDEX units_failed ON units (job) WHERE state = 3",
    """CREATE TABLE segments (
        document INTEGER NOT NULL REFERENCES documents(number) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        unit INTEGER NOT NULL REFERENCES units(id),
        flagged INTEGER NOT NULL DEFAULT 0,
        key TEXT NOT NULL,
        output TEXT,
        findings TEXT,
        PRIMARY KEY (document, position)
    ) WITHOUT ROWID""",
    "CREATE INDEX segments_unit ON segments (unit)",
    """CREATE TABLE attempts (
        number INTEGER PRIMARY KEY,
        job INTEGER NOT NULL REFERENCES jobs(number) ON DELETE CASCADE,
        batch INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        created REAL NOT NULL,
        host TEXT NOT NULL,
        prompt_hash TEXT NOT NULL,
        sampling TEXT NOT NULL,
        stop TEXT NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        seconds REAL NOT NULL,
        units TEXT NOT NULL,
        findings TEXT,
        reply TEXT NOT NULL
    )""",
    "CREATE INDEX attempts_batch ON attempts (job, batch)",
    """CREATE TABLE memory (
        number INTEGER PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        recipe INTEGER NOT NULL REFERENCES recipes(number),
        created REAL NOT NULL,
        source TEXT NOT NULL,
        target TEXT NOT NULL
    )""",
)

_EDITS_AND_SPEEDS = (
    """CREATE TABLE edits (
        project TEXT NOT NULL,
        key TEXT NOT NULL,
        source TEXT NOT NULL,
        target TEXT NOT NULL,
        created REAL NOT NULL,
        PRIMARY KEY (project, key, source)
    ) WITHOUT ROWID""",
    """CREATE TABLE speeds (
        server TEXT NOT NULL,
        model TEXT NOT NULL,
        tokens_per_second REAL NOT NULL,
        slots INTEGER NOT NULL,
        measured REAL NOT NULL,
        PRIMARY KEY (server, model)
    ) WITHOUT ROWID""",
)

# Every content that a job ever wrote for a file, so that it knows its own work by it, also after a crash between two
# writes, and where the file itself is no longer among the job's documents.
_OUTPUTS = """CREATE TABLE outputs (
        job INTEGER NOT NULL REFERENCES jobs(number) ON DELETE CASCADE,
        path TEXT NOT NULL,
        written TEXT NOT NULL,
        original TEXT NOT NULL,
        PRIMARY KEY (job, path, written)
    ) WITHOUT ROWID"""

# What was learnt of servers, for the next run. name, digest, context and structured are what the server told of the
# model that was asked for as `model`; rates is JSON. Only the speed moves here: the slots beside it were those that had
# been asked for, not found.
_SERVERS = (
    """CREATE TABLE servers (
        server TEXT NOT NULL,
        model TEXT NOT NULL,
        name TEXT,
        digest TEXT,
        context INTEGER,
        structured INTEGER,
        slots INTEGER,
        rates TEXT,
        tokens_per_second REAL,
        measured REAL NOT NULL,
        PRIMARY KEY (server, model)
    ) WITHOUT ROWID""",
    """INSERT INTO servers (server, model, tokens_per_second, measured)
        SELECT server, model, tokens_per_second, measured FROM speeds""",
    "DROP TABLE speeds",
)

NAMES_OFF = "off"
"""The `names_digest` of jobs whose names become no glossary entries."""

# `asked` is the hash of a unit with the entries of the job's names too, NULL where none applies: `hash` alone says
# which unit a text of a file is, however its names are translated by then.
_NAMES = (
    "ALTER TABLE units ADD COLUMN asked BLOB",
    "ALTER TABLE units ADD COLUMN binding TEXT",
    "ALTER TABLE jobs ADD COLUMN names_digest TEXT NOT NULL DEFAULT ''",
    f"UPDATE jobs SET names_digest = '{NAMES_OFF}'",  # noqa: S608 - a constant
    "CREATE INDEX units_names ON units (job) WHERE role = 'name'",
    "CREATE INDEX units_mentioning ON units (job) WHERE asked IS NOT NULL",
)


# Empty: a request of before, whose model was not written down.
_MODELS = "ALTER TABLE attempts ADD COLUMN model TEXT NOT NULL DEFAULT ''"


# What a person decided for a text at its place, copied from `edits` when a run begins.
_EDITED = (
    "ALTER TABLE segments ADD COLUMN edit TEXT",
    "CREATE INDEX segments_edited ON segments (document) WHERE edit IS NOT NULL",
)


# Statement by statement: `executescript` would commit the transaction that a migration runs in.
@SCHEMA()
def m0001_jobs_and_memory(db: Database) -> None:
    """Jobs with their documents, segments, units, batches and attempts; the memory."""
    for statement in _FIRST:
        db.conn.execute(statement)


@SCHEMA()
def m0002_edits_and_speeds(db: Database) -> None:
    """What people decided, and how fast servers were."""
    for statement in _EDITS_AND_SPEEDS:
        db.conn.execute(statement)


@SCHEMA()
def m0003_outputs(db: Database) -> None:
    """What jobs wrote."""
    db.conn.execute(_OUTPUTS)


@SCHEMA()
def m0004_servers(db: Database) -> None:
    """What is known of a model on a server, its speed included."""
    for statement in _SERVERS:
        db.conn.execute(statement)


@SCHEMA()
def m0005_names(db: Database) -> None:
    """Which glossary entries a job's own names came to. Jobs that are there already go on without."""
    for statement in _NAMES:
        db.conn.execute(statement)


@SCHEMA()
def m0006_models_of_attempts(db: Database) -> None:
    """Which model a request was made to: the job's, or its fallback."""
    db.conn.execute(_MODELS)


@SCHEMA()
def m0007_edits_at_segments(db: Database) -> None:
    """What people decided for a job's segments."""
    for statement in _EDITED:
        db.conn.execute(statement)


KNOWN = (
    "m0001_jobs_and_memory",
    "m0002_edits_and_speeds",
    "m0003_outputs",
    "m0004_servers",
    "m0005_names",
    "m0006_models_of_attempts",
    "m0007_edits_at_segments",
)
"""The names of all migrations, in order."""
