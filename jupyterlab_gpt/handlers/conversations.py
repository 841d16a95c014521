"""The stored conversations."""

from __future__ import annotations

import sqlite3
from typing import Any

from ..chat.importing import MAX_IMPORT_BYTES, import_conversations
from ..errors import InvalidRequest
from ..ledger import ledger
from ..store import conversations
from .base import GPTHandler, load_protocol, secured

# Rows of one page where the client does not say: five screens of the list.
PAGE = 50


class ConversationsHandler(GPTHandler):
    """`conversations`."""

    max_body = MAX_IMPORT_BYTES

    @secured("read")
    async def get(self) -> None:
        """List or search them, a page at a time: `?q=&limit=&before=`."""
        owner = self.owner
        text = self.get_query_argument("q", "").strip() or None
        before = self.get_query_argument("before", "") or None
        limit = self.get_query_argument("limit", str(PAGE))
        if not limit.isascii() or not limit.isdigit() or len(limit) > 6:
            raise InvalidRequest("limit: must be a number")

        def read(conn: sqlite3.Connection) -> dict[str, Any]:
            page = conversations.list_conversations(
                conn, owner, q=text, limit=int(limit), before=before
            )
            items = page["items"]
            costs = ledger.costs_of_conversations(conn, owner, [item["id"] for item in items])
            return {**page, "items": [{**i, "cost": costs.get(i["id"])} for i in items]}

        self.reply(await self.services.db.read(read))

    @secured("write")
    async def post(self) -> None:
        """Import our own JSON, at most 64 MiB: all that is in it, or nothing."""
        owner, services = self.owner, self.services
        await load_protocol()
        made = await import_conversations(owner, self.body(), db=services.db, blobs=services.blobs)
        session = services.sessions.get(owner)
        for conversation in made:
            session.tell_changed(conversation["id"])
        self.reply({"conversations": made}, 201)

    @secured("write")
    async def delete(self) -> None:
        """Delete all of them for good; `?purge=1` leaves no text of them in any file."""
        owner, services = self.owner, self.services
        session = services.sessions.get(owner)
        await session.stop_turns("cancelled")
        await services.db.write(lambda conn: conversations.purge_conversations(conn, owner))
        if self.get_query_argument("purge", "") == "1":
            await services.blobs.purge(owner)
            await services.db.vacuum()
        self.reply_nothing()


class ConversationHandler(GPTHandler):
    """`conversations/{id}`."""

    @secured("read")
    async def get(self, conversation: str) -> None:
        """Show the whole tree; answers that are being written say how to join them."""
        owner, name = self.owner, self.uuid(conversation, "unknown_conversation")
        self.reply(await self.services.sessions.get(owner).conversation(name))

    @secured("write")
    async def patch(self, conversation: str) -> None:
        """Change title, pin, notebook or the branch shown."""
        owner, name = self.owner, self.uuid(conversation, "unknown_conversation")
        changes = (await self.parse("ConversationPatch")).model_dump(exclude_unset=True)
        changed = await self.services.db.write(
            lambda conn: conversations.patch_conversation(conn, owner, name, changes)
        )
        session = self.services.sessions.get(owner)
        session.tell_changed(name)
        self.reply(session.with_live(changed))

    @secured("write")
    async def delete(self, conversation: str) -> None:
        """Hide it; `restore` brings it back."""
        owner, name = self.owner, self.uuid(conversation, "unknown_conversation")
        session = self.services.sessions.get(owner)
        await self.services.db.write(
            lambda conn: conversations.delete_conversation(conn, owner, name)
        )
        # Nobody sees what it would go on to write, and it costs.
        await session.stop_turns("cancelled", name)
        session.tell_changed(name)
        self.reply_nothing()


class RestoreHandler(GPTHandler):
    """`conversations/{id}/restore`."""

    @secured("write")
    async def post(self, conversation: str) -> None:
        """Bring a deleted conversation back."""
        owner, name = self.owner, self.uuid(conversation, "unknown_conversation")
        await self.services.db.write(
            lambda conn: conversations.restore_conversation(conn, owner, name)
        )
        self.services.sessions.get(owner).tell_changed(name)
        self.reply_nothing()


class BranchHandler(GPTHandler):
    """`conversations/{id}/messages/{mid}`."""

    @secured("write")
    async def delete(self, conversation: str, message: str) -> None:
        """Hide a message and all below it; `restore` brings them back."""
        owner = self.owner
        name = self.uuid(conversation, "unknown_conversation")
        branch = self.uuid(message, "unknown_message")
        session = self.services.sessions.get(owner)
        await session.stop_below(name, branch)
        await self.services.db.write(
            lambda conn: conversations.delete_branch(conn, owner, name, branch)
        )
        session.tell_changed(name)
        self.reply_nothing()


class BranchRestoreHandler(GPTHandler):
    """`conversations/{id}/messages/{mid}/restore`."""

    @secured("write")
    async def post(self, conversation: str, message: str) -> None:
        """Bring a deleted branch back, and show it."""
        owner = self.owner
        name = self.uuid(conversation, "unknown_conversation")
        branch = self.uuid(message, "unknown_message")
        await self.services.db.write(
            lambda conn: conversations.restore_branch(conn, owner, name, branch)
        )
        self.services.sessions.get(owner).tell_changed(name)
        self.reply_nothing()
