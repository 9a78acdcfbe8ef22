"""The `WordList` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.tables.companion import watched_words

_MATTER = "watched words"
_ALL = sa.select(watched_words.c.word).order_by(watched_words.c.word)


class SqlWordList:
    """Implements `web.domain.questions.word_list.WordList`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def words(self) -> list[str]:
        """See `WordList.words`."""
        with self._db.read() as c:
            return list(c.execute(_ALL).scalars())

    def change(self, added: Sequence[str], removed: Sequence[str]) -> list[str]:
        """See `WordList.change`."""
        with self._db.write(_MATTER) as c:
            c.execute(watched_words.delete().where(watched_words.c.word.in_(list(removed))))
            there = set(c.execute(_ALL).scalars())
            fresh = [{"word": each} for each in dict.fromkeys(added) if each not in there]
            if fresh:
                c.execute(watched_words.insert(), fresh)
            if added or removed:
                note(c, "words.change", "", added=list(added)[:50], removed=list(removed)[:50])
            return list(c.execute(_ALL).scalars())
