"""What is stored: conversations, usage, providers and blobs, in SQLite beside a folder.

::

    database.py        one writing thread, one reading thread, one transaction per call
      worker.py        a thread with a queue and a heartbeat
      servers.py       who has the database open; what dead servers left is closed
      health.py        whether the disk takes things, as the user is told
      disk.py          private files, journal mode by file system, what errors mean
      transaction.py   all of it, or nothing
      migrations.py    the tables
    turns.py           question, pieces of the answer, end
    conversations.py   the tree: read, list, search, change, delete
    usage.py           one row per call upstream
    budget.py          the month's limit, and what is reserved
    prices.py          the users' own prices
    report.py          usage added up
    providers.py       the users' own providers
    blobs.py           content too large for a frame
    values.py, rows.py text, JSON and times; rows as the wire's dicts
"""

from .blobs import BlobStore
from .database import Database
from .values import clean_text, utc_now

__all__ = ["BlobStore", "Database", "clean_text", "utc_now"]
