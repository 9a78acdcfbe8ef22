"""The `Tokens` port on SQLAlchemy."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.people.accounts import account_of
from infra.db.tables.studio import accounts, api_tokens, replays
from media.archive.taxonomy import check_text
from media.errors import Conflict, NotFound
from web.domain.accounts.tokens import REPLAY_LIFE, TOKEN_LIMIT, ApiToken, Replay, Scope

_USED_EVERY = timedelta(minutes=1)
_BEGUN_LIFE = timedelta(minutes=5)
"""A call that was begun and not finished within this time was lost with its process."""


class SqlTokens:
    """Implements `web.domain.accounts.tokens.Tokens`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, account: str, digest: str, name: str, scopes: frozenset[Scope]) -> ApiToken:
        """See `Tokens.add`."""
        name = check_text(name, "A token's name", 1, 100)
        with self._db.write() as c:
            owner = c.execute(sa.select(accounts).where(accounts.c.id == account)).mappings().first()
            if owner is None:
                raise NotFound("There is no such account.")
            count = sa.select(sa.func.count()).where(api_tokens.c.account == account)
            if c.execute(count).scalar_one() >= TOKEN_LIMIT:
                raise Conflict(
                    "An account has %(most)s tokens at most; remove one first.", most=TOKEN_LIMIT
                )
            made = ApiToken(uuid.uuid4().hex, account_of(owner), name, scopes, now())
            c.execute(
                api_tokens.insert().values(
                    id=made.id, account=account, digest=digest, name=name,
                    scopes=sorted(scopes), made_at=made.made_at,
                )
            )  # fmt: skip
            note(c, "token.add", owner["login"], name=name, scopes=sorted(scopes))
        return made

    def token(self, digest: str) -> ApiToken | None:
        """See `Tokens.token`; that it was used is written once a minute at most."""
        query = _with_account().where(api_tokens.c.digest == digest, accounts.c.active)
        with self._db.read() as c:
            row = c.execute(query).mappings().first()
        if row is None:
            return None
        moment = now()
        if row["used_at"] is None or row["used_at"] < moment - _USED_EVERY:
            with self._db.write(f"token/{digest}") as c:
                c.execute(api_tokens.update().where(api_tokens.c.digest == digest).values(used_at=moment))
        return _token(row)

    def tokens(self, account: str) -> list[ApiToken]:
        """See `Tokens.tokens`."""
        query = _with_account().where(api_tokens.c.account == account).order_by(api_tokens.c.made_at.desc())
        with self._db.read() as c:
            return [_token(row) for row in c.execute(query).mappings()]

    def remove(self, account: str, id: str) -> None:
        """See `Tokens.remove`."""
        row = sa.and_(api_tokens.c.id == id, api_tokens.c.account == account)
        with self._db.write() as c:
            name = c.execute(sa.select(api_tokens.c.name).where(row)).scalar()
            if name is None:
                raise NotFound("There is no such token; it may have been removed already.")
            c.execute(api_tokens.delete().where(row))
            login = c.execute(sa.select(accounts.c.login).where(accounts.c.id == account)).scalar_one()
            note(c, "token.remove", login, name=name)

    def begin(self, account: str, key: str, digest: str) -> Replay | None:
        """See `Tokens.begin`."""
        moment = now()
        row = sa.and_(replays.c.account == account, replays.c.key == key)
        try:
            with self._db.write("replays") as c:
                lost = sa.and_(replays.c.status == 0, replays.c.at < moment - _BEGUN_LIFE)
                c.execute(replays.delete().where(sa.or_(replays.c.at < moment - REPLAY_LIFE, lost)))
                found = c.execute(sa.select(replays).where(row)).mappings().first()
                if found is None:
                    c.execute(
                        replays.insert().values(
                            account=account,
                            key=key,
                            digest=digest,
                            at=moment,
                            status=0,
                            body=b"",
                            headers=[],
                        )
                    )
                    return None
        except IntegrityError as error:  # two at once, on a database with several writers
            raise Conflict("This call is being made at this moment; ask again shortly.") from error
        if found["digest"] != digest:
            raise Conflict("This idempotency key was used for something else; use a new one.")
        headers = tuple((name, value) for name, value in found["headers"])
        return Replay(found["status"], bytes(found["body"]), headers)

    def finish(self, account: str, key: str, replay: Replay | None) -> None:
        """See `Tokens.finish`."""
        row = sa.and_(replays.c.account == account, replays.c.key == key)
        with self._db.write("replays") as c:
            if replay is None:
                c.execute(replays.delete().where(row))
                return
            values = {
                "status": replay.status,
                "body": replay.body,
                "headers": [list(h) for h in replay.headers],
            }
            c.execute(replays.update().where(row).values(values))


def _with_account() -> sa.Select[tuple[object, ...]]:
    columns = [c.label(f"token_{c.name}") if c.name in ("id", "name") else c for c in api_tokens.c]
    return sa.select(*columns, *(c for c in accounts.c)).join(
        accounts, accounts.c.id == api_tokens.c.account
    )


def _token(row: sa.RowMapping) -> ApiToken:
    return ApiToken(
        row["token_id"],
        account_of(row),
        row["token_name"],
        frozenset(Scope(each) for each in row["scopes"]),
        row["made_at"],
        row["used_at"],
    )
