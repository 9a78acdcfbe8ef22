"""The `Lexicons` port on SQLAlchemy: an entry is in the versions from `since` up to, not with, `until`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.tables import archive as t
from media.errors import NotFound
from search.synonyms.entries import EntryKind, LexiconEntry, in_order
from search.synonyms.port import (
    SEED_AUTHOR,
    LexiconChanged,
    LexiconDifference,
    LexiconVersion,
    difference,
    missing,
)
from search.synonyms.rules import changed, grown

_ENTRY = (
    t.lexicon_entries.c.kind,
    t.lexicon_entries.c.said,
    t.lexicon_entries.c.meant,
    t.lexicon_entries.c.note,
)


class SqlLexicons:
    """Versions share the rows they have in common."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def version(self) -> int:
        with self._db.read() as c:
            return _version(c)

    def entries(self, number: int | None = None) -> list[LexiconEntry]:
        with self._db.read() as c:
            return _entries(c, _version(c) if number is None else number)

    def history(self, limit: int = 100) -> list[LexiconVersion]:
        query = sa.select(t.lexicon_versions).order_by(t.lexicon_versions.c.number.desc()).limit(limit)
        with self._db.read() as c:
            return [_as_version(row) for row in c.execute(query)]

    def change(
        self,
        added: Sequence[LexiconEntry],
        removed: Sequence[LexiconEntry],
        *,
        author: str,
        note: str = "",
        expected: int | None = None,
    ) -> int:
        yours = LexiconDifference(tuple(added), tuple(removed))
        return self._save(lambda _, old: changed(old, added, removed), yours, expected, author, note)

    def restore(self, number: int, *, author: str, expected: int | None = None) -> int:
        note = f"as version {number}"
        return self._save(lambda c, _: _entries(c, number), LexiconDifference(), expected, author, note)

    def grow(self, seed: Sequence[LexiconEntry]) -> int:
        with self._db.read() as c:
            if not missing(seed, _ever(c)):
                return 0
        before = len(self.entries())
        note = "the program's own entries"
        self._save(
            lambda c, old: grown(old, missing(seed, _ever(c))), LexiconDifference(), None, SEED_AUTHOR, note
        )
        return len(self.entries()) - before

    def _save(
        self,
        decide: Callable[[sa.Connection, list[LexiconEntry]], list[LexiconEntry]],
        yours: LexiconDifference,
        expected: int | None,
        author: str,
        note: str,
    ) -> int:
        """Make what `decide` says of the newest entries the next version."""
        try:
            return self._save_once(decide, yours, expected, author, note)
        except IntegrityError:  # a server lets two writers find the same newest version
            return self._save_once(decide, yours, expected, author, note)

    def _save_once(
        self,
        decide: Callable[[sa.Connection, list[LexiconEntry]], list[LexiconEntry]],
        yours: LexiconDifference,
        expected: int | None,
        author: str,
        note: str,
    ) -> int:
        with self._db.write("lexicon") as c:
            newest = _version(c)
            if expected is not None and expected != newest:
                raise _conflict(c, expected, newest, yours)
            old = _entries(c, newest)
            found = difference(old, decide(c, old))
            if not found:
                return newest
            _write(c, newest + 1, found)
            values = {"number": newest + 1, "at": now(), "author": author, "note": note}
            c.execute(t.lexicon_versions.insert().values(values))
            return newest + 1


def _version(c: sa.Connection) -> int:
    return c.execute(sa.select(sa.func.max(t.lexicon_versions.c.number))).scalar() or 0


def _entries(c: sa.Connection, number: int) -> list[LexiconEntry]:
    if number < 0 or number > _version(c) or (number == 0 and _version(c)):
        raise NotFound("The lexicon has no version %(number)s; its history lists them.", number=number)
    rows, until = t.lexicon_entries.c, t.lexicon_entries.c.until
    there = sa.and_(rows.since <= number, sa.or_(until.is_(None), until > number))
    return in_order(_as_entry(row) for row in c.execute(sa.select(*_ENTRY).where(there)))


def _ever(c: sa.Connection) -> list[LexiconEntry]:
    return [_as_entry(row) for row in c.execute(sa.select(*_ENTRY).distinct())]


def _write(c: sa.Connection, number: int, found: LexiconDifference) -> None:
    rows = t.lexicon_entries
    for entry in found.removed:
        same = (rows.c.kind == entry.kind, rows.c.said == entry.said, rows.c.meant == entry.meant)
        c.execute(rows.update().where(*same, rows.c.until.is_(None)).values(until=number))
    if found.added:
        values = [
            {"kind": str(e.kind), "said": e.said, "meant": e.meant, "note": e.note, "since": number}
            for e in found.added
        ]
        c.execute(rows.insert(), values)


def _conflict(c: sa.Connection, expected: int, newest: int, yours: LexiconDifference) -> LexiconChanged:
    row = c.execute(sa.select(t.lexicon_versions).where(t.lexicon_versions.c.number == newest)).first()
    if row is None or not 0 < expected < newest:
        raise NotFound(
            "The lexicon has no version %(number)s; the newest is %(newest)s.",
            number=expected,
            newest=newest,
        )
    theirs = difference(_entries(c, expected), _entries(c, newest))
    return LexiconChanged(expected, _as_version(row), theirs, yours)


def _as_entry(row: Any) -> LexiconEntry:
    return LexiconEntry(EntryKind(row.kind), row.said, row.meant, row.note)


def _as_version(row: Any) -> LexiconVersion:
    return LexiconVersion(row.number, row.at, row.author, row.note)
