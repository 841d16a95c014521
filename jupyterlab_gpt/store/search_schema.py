"""The steps of `migrations` that say what is searched; none is ever changed."""

from __future__ import annotations

SEARCH = (
    "search",
    (
        # `number` stands for the conversation in the index: a rowid of a table without an
        # INTEGER PRIMARY KEY may change with VACUUM.
        "ALTER TABLE conversations ADD COLUMN number INTEGER",
        "UPDATE conversations SET number = rowid",
        "CREATE UNIQUE INDEX conversations_by_number ON conversations (number)",
        # What is searched: `place` is the number and, in its lower 40 bits, the message's
        # seq; 0 there is the title.
        """CREATE VIEW searchable (place, text) AS
            SELECT number << 40, title FROM conversations
            UNION ALL
            SELECT (c.number << 40) | m.seq, m.text FROM messages AS m
            JOIN conversations AS c ON c.id = m.conversation_id WHERE m.text <> ''""",
        # Beginnings of one and two letters have an index of their own: without it the
        # first letter typed takes two seconds over 200,000 messages.
        """CREATE VIRTUAL TABLE found USING fts5 (text,
            content = 'searchable', content_rowid = 'place', columnsize = 0,
            tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2')""",
        "INSERT INTO found (found) VALUES ('rebuild')",
        """CREATE TRIGGER conversations_numbered AFTER INSERT ON conversations
        BEGIN
            UPDATE conversations SET number =
                (SELECT COALESCE(MAX(number), 0) + 1 FROM conversations) WHERE id = NEW.id;
            INSERT INTO found (rowid, text)
                SELECT number << 40, title FROM conversations WHERE id = NEW.id;
        END""",
        """CREATE TRIGGER conversations_renamed AFTER UPDATE OF title ON conversations
        WHEN OLD.title <> NEW.title
        BEGIN
            INSERT INTO found (found, rowid, text)
                VALUES ('delete', OLD.number << 40, OLD.title);
            INSERT INTO found (rowid, text) VALUES (NEW.number << 40, NEW.title);
        END""",
        # The messages go first, while their conversation still has its number.
        """CREATE TRIGGER conversations_gone BEFORE DELETE ON conversations
        BEGIN
            DELETE FROM messages WHERE conversation_id = OLD.id;
            INSERT INTO found (found, rowid, text)
                VALUES ('delete', OLD.number << 40, OLD.title);
        END""",
        """CREATE TRIGGER messages_added AFTER INSERT ON messages WHEN NEW.text <> ''
        BEGIN
            INSERT INTO found (rowid, text) SELECT (number << 40) | NEW.seq, NEW.text
                FROM conversations WHERE id = NEW.conversation_id;
        END""",
        """CREATE TRIGGER messages_changed AFTER UPDATE OF text ON messages
        WHEN OLD.text <> NEW.text
        BEGIN
            INSERT INTO found (found, rowid, text)
                SELECT 'delete', (number << 40) | OLD.seq, OLD.text
                FROM conversations WHERE id = OLD.conversation_id AND OLD.text <> '';
            INSERT INTO found (rowid, text) SELECT (number << 40) | NEW.seq, NEW.text
                FROM conversations WHERE id = NEW.conversation_id AND NEW.text <> '';
        END""",
        """CREATE TRIGGER messages_gone BEFORE DELETE ON messages WHEN OLD.text <> ''
        BEGIN
            INSERT INTO found (found, rowid, text)
                SELECT 'delete', (number << 40) | OLD.seq, OLD.text
                FROM conversations WHERE id = OLD.conversation_id;
        END""",
    ),
)

DELETED_BRANCHES = (
    "deleted branches",
    (
        # The top of the branch with which a message was deleted; NULL: it is there. Of a branch
        # in a deleted branch, each is brought back as it was deleted.
        "ALTER TABLE messages ADD COLUMN deleted_with TEXT",
        "DROP VIEW searchable",
        """CREATE VIEW searchable (place, text) AS
            SELECT number << 40, title FROM conversations
            UNION ALL
            SELECT (c.number << 40) | m.seq, m.text FROM messages AS m
            JOIN conversations AS c ON c.id = m.conversation_id
            WHERE m.text <> '' AND m.deleted_with IS NULL""",
        "DROP TRIGGER messages_added",
        "DROP TRIGGER messages_changed",
        "DROP TRIGGER messages_gone",
        """CREATE TRIGGER messages_added AFTER INSERT ON messages
        WHEN NEW.text <> '' AND NEW.deleted_with IS NULL
        BEGIN
            INSERT INTO found (rowid, text) SELECT (number << 40) | NEW.seq, NEW.text
                FROM conversations WHERE id = NEW.conversation_id;
        END""",
        """CREATE TRIGGER messages_changed AFTER UPDATE OF text, deleted_with ON messages
        WHEN OLD.text <> NEW.text OR OLD.deleted_with IS NOT NEW.deleted_with
        BEGIN
            INSERT INTO found (found, rowid, text)
                SELECT 'delete', (number << 40) | OLD.seq, OLD.text FROM conversations
                WHERE id = OLD.conversation_id AND OLD.text <> '' AND OLD.deleted_with IS NULL;
            INSERT INTO found (rowid, text)
                SELECT (number << 40) | NEW.seq, NEW.text FROM conversations
                WHERE id = NEW.conversation_id AND NEW.text <> '' AND NEW.deleted_with IS NULL;
        END""",
        """CREATE TRIGGER messages_gone BEFORE DELETE ON messages
        WHEN OLD.text <> '' AND OLD.deleted_with IS NULL
        BEGIN
            INSERT INTO found (found, rowid, text)
                SELECT 'delete', (number << 40) | OLD.seq, OLD.text
                FROM conversations WHERE id = OLD.conversation_id;
        END""",
    ),
)
