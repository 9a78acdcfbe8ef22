"""The `Audit` port on SQLAlchemy, and `note`, which stores call in their own transactions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.tables.studio import audit
from web.domain.accounts.actor import actor
from web.domain.accounts.audit import AuditEntry

_LENGTH = 200


def note(c: sa.Connection, action: str, subject: str, **detail: object) -> None:
    """Write an entry in the caller's transaction, for whoever is at work (`web.domain.accounts.actor`)."""
    c.execute(
        audit.insert().values(
            at=now(), actor=actor()[:120], action=action, subject=subject[:_LENGTH], detail=detail
        )
    )


class SqlAudit:
    """Implements `web.domain.accounts.audit.Audit`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def note(self, action: str, subject: str, **detail: object) -> None:
        """See `Audit.note`."""
        with self._db.write("audit") as c:
            note(c, action, subject, **detail)

    def entries(
        self,
        *,
        actor: str = "",
        action: str = "",
        subject: str = "",
        since: date | None = None,
        until: date | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[AuditEntry]:
        """See `Audit.entries`."""
        query = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
        if actor:
            query = query.where(audit.c.actor == actor)
        if action:
            query = query.where(audit.c.action.startswith(action, autoescape=True))
        if subject:
            query = query.where(audit.c.subject == subject)
        if since is not None:
            query = query.where(audit.c.at >= _midnight(since))
        if until is not None:
            query = query.where(audit.c.at < _midnight(until) + timedelta(days=1))
        if before is not None:
            query = query.where(audit.c.id < before)
        with self._db.read() as c:
            return [AuditEntry(**row) for row in c.execute(query).mappings()]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
