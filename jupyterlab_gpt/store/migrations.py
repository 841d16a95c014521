"""The tables, as numbered steps: each was once the newest, and none is ever changed.

Those that are about what is searched stand in `search_schema`.

Ids (conversations, messages, requests) are UUIDs made by clients and unique over
all owners. Times are UTC text, money is a whole number of nano-dollars, NULL is
unknown.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from ..errors import StorageError
from .search_schema import DELETED_BRANCHES, SEARCH

Migration = tuple[str, Sequence[str]]

MIGRATIONS: tuple[Migration, ...] = (
    (
        "conversations, turns, usage, providers, blobs",
        (
            # A server that has this database open. `host` says where its pid means something,
            # `process` when that pid began, `beat` when it was last heard of.
            """CREATE TABLE servers (
                id TEXT PRIMARY KEY,
                host TEXT NOT NULL,
                pid INTEGER NOT NULL,
                process TEXT NOT NULL,
                opened TEXT NOT NULL,
                beat TEXT NOT NULL
            )""",
            """CREATE TABLE conversations (
                id TEXT PRIMARY KEY,
                owner TEXT NOT NULL,
                title TEXT NOT NULL,
                notebook TEXT,
                created TEXT NOT NULL,
                updated TEXT NOT NULL,
                pinned INTEGER NOT NULL DEFAULT 0,
                leaf TEXT,
                deleted TEXT
            )""",
            "CREATE INDEX conversations_listed ON conversations (owner, pinned, updated, id)",
            # `seq` orders siblings; `parts` of an answer that streams are those it began with,
            # what came since stands in `pieces`. `text` is what a search looks at.
            """CREATE TABLE messages (
                seq INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                conversation_id TEXT NOT NULL
                    REFERENCES conversations (id) ON DELETE CASCADE,
                parent_id TEXT REFERENCES messages (id) ON DELETE CASCADE,
                role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
                parts TEXT NOT NULL,
                text TEXT NOT NULL,
                created TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN
                    ('streaming', 'complete', 'incomplete', 'cancelled', 'failed')),
                request_id TEXT UNIQUE,
                provider TEXT,
                model TEXT,
                params TEXT,
                server_id TEXT,
                finish_reason TEXT,
                error TEXT,
                usage TEXT,
                cost TEXT,
                seconds REAL
            )""",
            "CREATE INDEX messages_of ON messages (conversation_id, seq)",
            "CREATE INDEX messages_under ON messages (parent_id)",
            "CREATE INDEX messages_streaming ON messages (server_id) WHERE status = 'streaming'",
            """CREATE TABLE pieces (
                id INTEGER PRIMARY KEY,
                message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
                part INTEGER NOT NULL,
                kind TEXT NOT NULL,
                text TEXT NOT NULL
            )""",
            "CREATE INDEX pieces_of ON pieces (message_id, id)",
            # One row per call upstream. No reference to the chat: a row outlives it.
            """CREATE TABLE calls (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                owner TEXT NOT NULL,
                request_id TEXT NOT NULL,
                conversation_id TEXT,
                answer_id TEXT,
                notebook TEXT,
                provider TEXT NOT NULL,
                host TEXT NOT NULL,
                model TEXT NOT NULL,
                attempt INTEGER NOT NULL,
                server_id TEXT,
                started TEXT NOT NULL,
                ended TEXT,
                status TEXT NOT NULL,
                error_code TEXT,
                input INTEGER,
                cached_input INTEGER,
                cache_write INTEGER,
                output INTEGER,
                reasoning INTEGER,
                estimated INTEGER NOT NULL DEFAULT 0,
                raw_usage TEXT,
                cost_nano INTEGER,
                cost_source TEXT,
                rates TEXT
            )""",
            "CREATE INDEX calls_when ON calls (owner, started)",
            "CREATE INDEX calls_of ON calls (conversation_id)",
            "CREATE INDEX calls_running ON calls (server_id) WHERE ended IS NULL",
            """CREATE TABLE providers (
                owner TEXT NOT NULL,
                id TEXT NOT NULL,
                name TEXT NOT NULL,
                base_url TEXT NOT NULL,
                headers TEXT NOT NULL,
                model TEXT,
                PRIMARY KEY (owner, id)
            )""",
            """CREATE TABLE blobs (
                owner TEXT NOT NULL,
                sha256 TEXT NOT NULL,
                bytes INTEGER NOT NULL,
                put TEXT NOT NULL,
                PRIMARY KEY (owner, sha256)
            )""",
            "CREATE INDEX blobs_by_hash ON blobs (sha256)",
            # Which messages name which blobs: what a sweep must leave.
            """CREATE TABLE message_blobs (
                message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
                sha256 TEXT NOT NULL,
                PRIMARY KEY (message_id, sha256)
            ) WITHOUT ROWID""",
            "CREATE INDEX message_blobs_by_hash ON message_blobs (sha256)",
        ),
    ),
    (
        "prices, budget",
        (
            "ALTER TABLE calls ADD COLUMN base_url TEXT NOT NULL DEFAULT ''",
            # Tokens of the prompt as counted before it left; 1 where more may be due than
            # `cost_nano`; what reading from the provider's cache saved.
            "ALTER TABLE calls ADD COLUMN counted INTEGER",
            "ALTER TABLE calls ADD COLUMN at_least INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE calls ADD COLUMN saved_nano INTEGER NOT NULL DEFAULT 0",
            # What was booked is never changed, what was settled neither, and nothing is ever
            # deleted. A call that was closed for a server taken for dead may still be settled.
            """CREATE TRIGGER calls_booked_once BEFORE UPDATE OF
                id, owner, request_id, conversation_id, answer_id, notebook, provider, host,
                base_url, model, attempt, server_id, started, counted ON calls
            BEGIN
                SELECT RAISE(ABORT, 'a call is booked once');
            END""",
            """CREATE TRIGGER calls_settled_once BEFORE UPDATE ON calls
            WHEN OLD.ended IS NOT NULL AND OLD.status <> 'interrupted'
            BEGIN
                SELECT RAISE(ABORT, 'a call is settled once');
            END""",
            """CREATE TRIGGER calls_kept BEFORE DELETE ON calls
            BEGIN
                SELECT RAISE(ABORT, 'a call is never deleted');
            END""",
            # What a month costs is read before each prompt, so from the index alone.
            "DROP INDEX calls_when",
            "CREATE INDEX calls_when ON calls (owner, started, ended, cost_nano)",
            "CREATE INDEX calls_of_request ON calls (request_id)",
            """CREATE INDEX calls_to_learn_from ON calls (owner, host, model, id)
                WHERE estimated = 0 AND input > 0 AND counted > 0""",
            """CREATE INDEX calls_to_price ON calls (id) WHERE status = 'interrupted'
                AND cost_nano IS NULL AND rates IS NOT NULL AND counted IS NOT NULL""",
            """CREATE TABLE budgets (
                owner TEXT PRIMARY KEY,
                limit_nano INTEGER,
                tz TEXT NOT NULL
            )""",
            # What turns that run may still cost; a row goes with its turn, or with its server.
            """CREATE TABLE reservations (
                request_id TEXT PRIMARY KEY,
                owner TEXT NOT NULL,
                server_id TEXT NOT NULL,
                nano INTEGER NOT NULL,
                made TEXT NOT NULL
            )""",
            "CREATE INDEX reservations_of ON reservations (owner)",
            # Amounts as they were typed: USD per million tokens.
            """CREATE TABLE price_overrides (
                owner TEXT NOT NULL,
                place INTEGER NOT NULL,
                base_url TEXT NOT NULL,
                pattern TEXT NOT NULL,
                input TEXT NOT NULL,
                output TEXT NOT NULL,
                cached_input TEXT,
                cache_write TEXT,
                PRIMARY KEY (owner, place)
            ) WITHOUT ROWID""",
        ),
    ),
    SEARCH,
    DELETED_BRANCHES,
    (
        "refused parameters",
        (
            # No owner: it is a fact of the endpoint, and holds nothing of a user's.
            """CREATE TABLE refusals (
                base_url TEXT NOT NULL,
                model TEXT NOT NULL,
                parameter TEXT NOT NULL,
                learned TEXT NOT NULL,
                PRIMARY KEY (base_url, model, parameter)
            ) WITHOUT ROWID""",
        ),
    ),
)


def migrate(conn: sqlite3.Connection) -> int:
    """Bring the tables up to date; each step in a transaction of its own.

    Returns
    -------
    int
        How many steps were taken.

    Raises
    ------
    StorageError
        The database was written by a newer version: it is left as it is.
    """
    done = 0
    while True:
        # The lock first, the version second: two servers may start at once.
        conn.execute("BEGIN IMMEDIATE")
        try:
            version = int(conn.execute("PRAGMA user_version").fetchone()[0])
            if version > len(MIGRATIONS):
                raise StorageError(
                    "The database was written by a newer version of JupyterLab GPT",
                    retryable=False,
                    detail={"version": version, "known": len(MIGRATIONS)},
                )
            if version == len(MIGRATIONS):
                return done
            for statement in MIGRATIONS[version][1]:
                conn.execute(statement)
            conn.execute(f"PRAGMA user_version = {version + 1}")
            conn.execute("COMMIT")
            done += 1
        finally:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
