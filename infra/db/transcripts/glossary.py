"""The `Glossary` port on SQLAlchemy."""

from __future__ import annotations

from dataclasses import asdict, replace
from uuid import uuid4

import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.tables.studio import glossary
from media.errors import Conflict, NotFound
from transcribe.editing.glossary import GlossaryTerm, TermKind, checked


class SqlGlossary:
    """Implements `transcribe.editing.glossary.Glossary`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def terms(self) -> list[GlossaryTerm]:
        """See `Glossary.terms`."""
        with self._db.read() as c:
            rows = c.execute(sa.select(glossary).order_by(glossary.c.written)).mappings()
            return [_term(row) for row in rows]

    def save(self, term: GlossaryTerm, seen: GlossaryTerm | None) -> GlossaryTerm:
        """See `Glossary.save`."""
        made = checked(term)
        with self._db.write() as c:
            _check_seen(c, made, seen)
            same = sa.and_(glossary.c.written == made.written, glossary.c.id != made.id)
            if c.execute(sa.select(glossary.c.id).where(same)).first():
                raise Conflict(
                    "The glossary has “%(written)s” already; change that one.", written=made.written
                )
            if seen is None:
                made = replace(made, id=uuid4().hex)
                c.execute(glossary.insert().values(_values(made)))
            else:
                c.execute(glossary.update().where(glossary.c.id == made.id).values(_values(made)))
            note(c, "glossary.save", made.written, heard=list(made.heard))
        return made

    def remove(self, id: str) -> None:
        """See `Glossary.remove`."""
        with self._db.write() as c:
            found = _find(c, id)
            c.execute(glossary.delete().where(glossary.c.id == id))
            note(c, "glossary.remove", found.written)


def _check_seen(c: sa.Connection, made: GlossaryTerm, seen: GlossaryTerm | None) -> None:
    if seen is not None and _find(c, made.id) != seen:
        raise Conflict(
            "“%(name)s” was changed by somebody else meanwhile; look at it again, nothing was saved.",
            name=made.written,
        )


def _find(c: sa.Connection, id: str) -> GlossaryTerm:
    row = c.execute(sa.select(glossary).where(glossary.c.id == id)).mappings().first()
    if row is None:
        raise NotFound("The glossary no longer has this term; somebody removed it.")
    return _term(row)


def _values(term: GlossaryTerm) -> dict[str, object]:
    return {**asdict(term), "heard": list(term.heard)}


def _term(row: sa.RowMapping) -> GlossaryTerm:
    return GlossaryTerm(
        row["id"], row["written"], TermKind(row["kind"]), tuple(row["heard"]), row["by_sound"]
    )
