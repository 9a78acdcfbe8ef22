"""The `Screens` port on SQLAlchemy: digests to find them by, secrets sealed to show them at the desk again."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.questions.question_rows import MATTER
from infra.db.tables.companion import screens
from infra.db.transcripts.segments import check_episode
from media.errors import InvalidInput, NotFound
from web.domain.moderation.screens import Screen, ScreenKind, new_secret, secret_digest
from web.domain.sending.encryption import Encryption


class SqlScreens:
    """Implements `web.domain.moderation.screens.Screens`."""

    def __init__(self, database: Database, encryption: Callable[[], Encryption]) -> None:
        self._db = database
        self._encryption = encryption

    def add(self, episode: str, kind: ScreenKind) -> Screen:
        """See `Screens.add`."""
        secret, moment = new_secret(), now()
        made = Screen(secret_digest(secret), episode, kind, moment, secret)
        sealed = self._encryption().encrypt(secret.encode())
        with self._db.write(MATTER) as c:
            check_episode(c, episode)
            values = {"digest": made.digest, "episode": episode, "kind": kind, "created_at": moment}
            c.execute(screens.insert().values(**values, sealed=sealed))
            note(c, "screen.add", episode, kind=kind, screen=made.digest[:12])
        return made

    def of_episode(self, episode: str) -> list[Screen]:
        """See `Screens.of_episode`."""
        query = sa.select(screens).where(screens.c.episode == episode)
        with self._db.read() as c:
            rows = c.execute(query.order_by(screens.c.created_at, screens.c.digest)).all()
        return [_screen_in(row, self._secret(row.sealed)) for row in rows]

    def screen(self, secret: str) -> Screen:
        """See `Screens.screen`."""
        query = sa.select(screens).where(screens.c.digest == secret_digest(secret))
        with self._db.read() as c:
            row = c.execute(query).first()
        if row is None:
            raise NotFound("This link is no longer good; ask at the desk for the one that is.")
        return _screen_in(row, secret)

    def revoke(self, episode: str, digest: str) -> None:
        """See `Screens.revoke`."""
        row = sa.and_(screens.c.episode == episode, screens.c.digest == digest)
        with self._db.write(MATTER) as c:
            if not c.execute(screens.delete().where(row)).rowcount:
                raise NotFound("This link was taken back already.")
            note(c, "screen.revoke", episode, screen=digest[:12])

    def _secret(self, sealed: bytes) -> str:
        try:
            return self._encryption().decrypt(sealed).decode()
        except InvalidInput:
            return ""


def _screen_in(row: sa.Row[tuple[object, ...]], secret: str) -> Screen:
    return Screen(row.digest, row.episode, ScreenKind(row.kind), row.created_at, secret)
