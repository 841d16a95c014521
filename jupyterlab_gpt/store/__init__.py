"""What is stored: conversations, usage, providers and blobs, in SQLite beside a folder.

::

    database.py        one writing thread, one reading thread, one transaction per call
      writing.py       the writing connection: opened, repaired, closed
      worker.py        a thread with a queue and a heartbeat
      servers.py       who has the database open; what dead servers left is closed
      health.py        whether the disk takes things, as the user is told
      disk.py          private files, journal mode by file system, what errors mean
      transaction.py   all of it, or nothing
      migrations.py    the tables; backup.py copies them before a migration
      repair.py        a damaged file is replaced; salvage.py reads what can be read of it
    turns.py           question, pieces of the answer, end
    conversations.py   the tree: read, change, delete
    listing.py         the list, a page at a time; search.py says what is found, and where
    imports.py         conversations from a file
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
