"""The `Presences` port on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.tables import archive as t
from infra.db.tables.studio import accounts, presence
from media.errors import NotFound
from web.domain.accounts.presence import ENDS_AFTER, Present


class SqlPresences:
    """Implements `web.domain.accounts.presence.Presences`: a row for each page that is open."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def beat(self, episode: str, account: str, what: str) -> None:
        """See `Presences.beat`."""
        moment = now()
        row = sa.and_(presence.c.episode == episode, presence.c.account == account, presence.c.what == what)
        with self._db.write("presence") as c:
            c.execute(presence.delete().where(presence.c.seen_at < moment - ENDS_AFTER))
            if c.execute(presence.update().where(row).values(seen_at=moment)).rowcount:
                return
            if not c.execute(sa.select(1).where(t.episodes.c.slug == episode)).first():
                raise NotFound("There is no episode “%(episode)s”.", episode=episode[:80])
            values = {"episode": episode, "account": account, "what": what}
            c.execute(presence.insert().values(**values, since=moment, seen_at=moment))

    def present(self, episodes: Sequence[str]) -> dict[str, list[Present]]:
        """See `Presences.present`."""
        query = (
            sa.select(presence, accounts.c.name)
            .join(accounts, accounts.c.id == presence.c.account)
            .where(presence.c.episode.in_(list(episodes)), presence.c.seen_at >= now() - ENDS_AFTER)
            .order_by(presence.c.since)
        )
        found: dict[str, list[Present]] = {}
        with self._db.read() as c:
            for row in c.execute(query).mappings():
                here = Present(row["account"], row["name"], row["what"], row["since"])
                found.setdefault(row["episode"], []).append(here)
        return found
