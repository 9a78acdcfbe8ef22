"""The `Contacts` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.questions.question_rows import MATTER, read_question
from infra.db.tables.companion import question_contacts, questions
from web.domain.questions.contacts import PendingNotification
from web.domain.questions.questions import QuestionState

_kept = question_contacts.c


class SqlContacts:
    """Implements `web.domain.questions.contacts.Contacts`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, question: str) -> list[tuple[str, bytes]]:
        """See `Contacts.of`."""
        merged = sa.select(questions.c.id).where(questions.c.merged_into == question)
        query = sa.select(_kept.kind, _kept.sealed).where(
            sa.or_(_kept.question == question, _kept.question.in_(merged))
        )
        with self._db.read() as c:
            return [(row.kind, row.sealed) for row in c.execute(query.order_by(_kept.created_at))]

    def kinds(self, question: str) -> list[str]:
        """See `Contacts.kinds`."""
        query = sa.select(_kept.kind).where(_kept.question == question).order_by(_kept.kind)
        with self._db.read() as c:
            return list(c.execute(query).scalars())

    def forget(self, question: str, kind: str = "") -> None:
        """See `Contacts.forget`."""
        rows = question_contacts.delete().where(_kept.question == question)
        with self._db.write(MATTER) as c:
            c.execute(rows.where(_kept.kind == kind) if kind else rows)

    def add(self, question: str, kind: str, sealed: bytes) -> None:
        """See `Contacts.add`."""
        with self._db.write(MATTER) as c:
            read_question(c, question)
            put_contact(c, question, kind, sealed)

    def answered(self, kinds: Collection[str]) -> list[PendingNotification]:
        """See `Contacts.answered`."""
        asked, stands = questions.alias("asked"), questions
        query = (
            sa.select(_kept.question.label("asked"), _kept.kind, _kept.sealed, stands.c.id)
            .join(asked, asked.c.id == _kept.question)
            .join(stands, stands.c.id == sa.func.coalesce(asked.c.merged_into, asked.c.id))
            .where(
                stands.c.state == QuestionState.ANSWERED,
                _kept.kind.in_(list(kinds)),
                sa.or_(_kept.claimed_until.is_(None), _kept.claimed_until < now()),
            )
            .order_by(_kept.created_at)
        )
        with self._db.read() as c:
            return [
                PendingNotification(row.asked, row.kind, row.sealed, read_question(c, row.id))
                for row in c.execute(query).all()
            ]

    def claim(self, asked: str, kind: str, seconds: float) -> bool:
        """See `Contacts.claim`."""
        moment = now()
        free = sa.or_(_kept.claimed_until.is_(None), _kept.claimed_until < moment)
        row = question_contacts.update().where(_kept.question == asked, _kept.kind == kind, free)
        with self._db.write(MATTER) as c:
            until = moment + timedelta(seconds=seconds)
            return c.execute(row.values(claimed_until=until)).rowcount == 1

    def sweep(self, older_than: timedelta) -> int:
        """See `Contacts.sweep`."""
        with self._db.write(MATTER) as c:
            old = question_contacts.delete().where(_kept.created_at < now() - older_than)
            return c.execute(old).rowcount


def put_contact(c: sa.Connection, question: str, kind: str, sealed: bytes) -> None:
    """Add or replace the contact of a kind."""
    row = sa.and_(_kept.question == question, _kept.kind == kind)
    values = {"sealed": sealed, "created_at": now(), "claimed_until": None}
    if not c.execute(question_contacts.update().where(row).values(**values)).rowcount:
        c.execute(question_contacts.insert().values(question=question, kind=kind, **values))
