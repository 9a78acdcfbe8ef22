"""The audit log: who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change. `action` is a verb with its object's kind (“episode.publish”), `subject` what was
    changed (a slug, a login), `detail` what can be shown of it, `at` UTC."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]


class Audit(Protocol):
    """Entries are written by the stores, each in the transaction that makes the change."""

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
        """Newest first; `action` may be the beginning of one (“episode.”); `before` is an entry's id."""
        ...

    def note(self, action: str, subject: str, **detail: object) -> None:
        """Write an entry for what changes nothing in a store, such as a sign-in."""
        ...
