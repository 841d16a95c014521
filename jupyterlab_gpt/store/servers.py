"""The servers that have the database open, and the turns that dead ones left behind.

Several servers may share one database. Each has a row with a heartbeat; turns and
calls name their server, and only those of a server that is gone are closed. Gone is

- on this machine: a process that has ended, at once, so that a restart after
  ``kill -9`` finds the cut answer marked; a process that lives is never gone, however
  old its heartbeat (a laptop that slept, a debugger);
- elsewhere (a network home, another container): a heartbeat that did not change for
  `EXPIRY_SECONDS` of our own clock. Clocks of two machines are not compared, except
  over `STALE_SECONDS`.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .rows import decode_parts, merge, pieces, plain_text
from .values import dumps, utc_now, utc_text

# Three heartbeats may be missed: a checkpoint on a slow disk, or a lock that is waited for,
# takes up to ten seconds.
BEAT_SECONDS = 10.0
EXPIRY_SECONDS = 30.0
# A heartbeat this old is dead at first sight; no two machines that share a home have clocks
# ten minutes apart (Kerberos refuses them at five).
STALE_SECONDS = 600.0


@dataclass(frozen=True)
class ServerProcess:
    """A process, told apart from all others: where, which pid, since when."""

    host: str
    pid: int
    process: str


def this_process() -> ServerProcess:
    """The process that runs this."""
    return ServerProcess(_host(), os.getpid(), _state_and_start(os.getpid())[1])


def _host() -> str:
    """Where a pid means something: this machine, this boot, this pid namespace."""
    words = [socket.gethostname()]
    try:
        words.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
        # Two containers with one host name do not see each other's processes.
        words.append(str(Path("/proc/self/ns/pid").readlink()))
    except OSError:
        pass
    return "/".join(words)


def _state_and_start(pid: int) -> tuple[str, str]:
    """State and start time (clock ticks since boot) of a process; '' where unknown."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "", ""
    # The name in parentheses may itself hold spaces and parentheses.
    words = stat.rpartition(")")[2].split()
    return words[0], words[19]


def _lives(server: ServerProcess) -> bool | None:
    """Whether a process of this machine lives; None where that cannot be told."""
    if Path("/proc/self/stat").exists():
        state, start = _state_and_start(server.pid)
        return state not in ("", "Z", "X") and start == server.process
    if sys.platform == "win32":
        return None  # os.kill would end the process there
    try:
        os.kill(server.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return None  # without a start time, the pid may be another's by now


@dataclass
class ServerRow:
    """The row of this server, and what it knows of the others.

    Parameters
    ----------
    id
        Id of this server; a server that starts again has a new one.
    on_orphans
        Called with the connection after the calls of dead servers were closed and before
        their answers are: what they cost is another room's business.
    """

    id: str
    on_orphans: Callable[[sqlite3.Connection], object] | None = None
    process: ServerProcess = field(default_factory=this_process)
    # Whether a server that never said goodbye was found: the file may have suffered too.
    found_dead: bool = False
    _heard: dict[str, tuple[str, float]] = field(default_factory=dict)

    def register(self, conn: sqlite3.Connection) -> None:
        """Enter this server, and close what dead ones left; at start."""
        # A row with our own id is from an earlier life of this server.
        conn.execute("DELETE FROM servers WHERE id = ?", (self.id,))
        self.close_expired(conn)
        self.beat(conn)

    def beat(self, conn: sqlite3.Connection) -> None:
        """Say that this server lives, and close what dead ones left."""
        now = utc_now()
        changed = conn.execute("UPDATE servers SET beat = ? WHERE id = ?", (now, self.id))
        if not changed.rowcount:  # the first beat, or another server took us for dead
            conn.execute(
                "INSERT INTO servers (id, host, pid, process, opened, beat)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (self.id, self.process.host, self.process.pid, self.process.process, now, now),
            )
        self.close_expired(conn)

    def leave(self, conn: sqlite3.Connection) -> None:
        """Take this server out; what it still had running is closed."""
        conn.execute("DELETE FROM servers WHERE id = ?", (self.id,))
        close_orphans(conn, self.on_orphans)

    def close_expired(self, conn: sqlite3.Connection) -> None:
        """Take out the servers that are gone, and close what they left."""
        for id_, host, pid, process, beat in conn.execute(
            "SELECT id, host, pid, process, beat FROM servers WHERE id <> ?", (self.id,)
        ).fetchall():
            if self._gone(id_, ServerProcess(host, pid, process), beat):
                conn.execute("DELETE FROM servers WHERE id = ?", (id_,))
                self._heard.pop(id_, None)
                self.found_dead = True
        close_orphans(conn, self.on_orphans)

    def _gone(self, id_: str, server: ServerProcess, beat: str) -> bool:
        if server.host == self.process.host:
            lives = _lives(server)
            if lives is not None:
                return not lives
        if beat < utc_text(datetime.now(UTC) - timedelta(seconds=STALE_SECONDS)):
            return True
        now = time.monotonic()
        heard, since = self._heard.setdefault(id_, (beat, now))
        if heard != beat:
            self._heard[id_] = (beat, now)
            return False
        return now - since >= EXPIRY_SECONDS


def close_orphans(
    conn: sqlite3.Connection, on_orphans: Callable[[sqlite3.Connection], object] | None = None
) -> int:
    """Close the turns and calls whose server has no row: text kept, status `incomplete`.

    Returns
    -------
    int
        How many answers were closed.
    """
    # What the call used is not known; that it was made, is.
    conn.execute(
        "UPDATE calls SET ended = ?, status = 'interrupted', estimated = 1,"
        " error_code = 'server_stopped' WHERE ended IS NULL AND server_id IS NOT NULL"
        " AND server_id NOT IN (SELECT id FROM servers)",
        (utc_now(),),
    )
    if on_orphans is not None:
        on_orphans(conn)
    orphans = conn.execute(
        "SELECT id, parts FROM messages WHERE status = 'streaming'"
        " AND (server_id IS NULL OR server_id NOT IN (SELECT id FROM servers))"
    ).fetchall()
    error = dumps(
        {
            "code": "server_stopped",
            "message": "The server stopped while this answer was being written",
            "retryable": True,
        }
    )
    for id_, stored in orphans:
        parts = merge(decode_parts(stored), pieces(conn, id_))
        conn.execute(
            "UPDATE messages SET status = 'incomplete', parts = ?, text = ?, error = ?"
            " WHERE id = ?",
            (dumps(parts), plain_text(parts), error, id_),
        )
        conn.execute("DELETE FROM pieces WHERE message_id = ?", (id_,))
    return len(orphans)
