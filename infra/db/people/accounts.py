"""The `Accounts` port on SQLAlchemy."""

from __future__ import annotations

import uuid
from dataclasses import asdict, replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from infra.db.base.clock import now
from infra.db.base.database import Database
from infra.db.outbox.audit import note
from infra.db.tables.studio import accounts, identities, links, sessions
from media.errors import Conflict, NotFound
from web.domain.accounts.accounts import (
    LINK_LIFE,
    SESSION_IDLE,
    SESSION_LONGEST,
    Account,
    LinkPurpose,
    Role,
    Session,
)

_SEEN_EVERY = timedelta(minutes=1)


class SqlAccounts:
    """Implements `web.domain.accounts.accounts.Accounts`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, account: Account) -> Account:
        """See `Accounts.add`."""
        made = replace(account, id=uuid.uuid4().hex)
        try:
            with self._db.write() as c:
                _check_free(c, made)
                c.execute(accounts.insert().values(**asdict(made), secret="", created_at=now()))
                note(c, "account.add", made.login, name=made.name, role=made.role)
        except IntegrityError as error:
            raise _taken(made) from error
        return made

    def save(self, account: Account) -> None:
        """See `Accounts.save`."""
        try:
            with self._db.write() as c:
                old = _found(c, account.id)
                _check_free(c, account)
                c.execute(accounts.update().where(accounts.c.id == account.id).values(**asdict(account)))
                if not account.active:
                    _end(c, account.id)
                before, after = asdict(old), asdict(account)
                changed = {name: after[name] for name in after if before[name] != after[name]}
                note(c, "account.change", account.login, **changed)
        except IntegrityError as error:
            raise _taken(account) from error

    def account(self, id: str) -> Account:
        """See `Accounts.account`."""
        with self._db.read() as c:
            return _found(c, id)

    def by_login(self, login: str) -> Account | None:
        """See `Accounts.by_login`."""
        query = sa.select(accounts).where(
            sa.or_(accounts.c.login == login, sa.and_(accounts.c.email == login, accounts.c.email != ""))
        )
        with self._db.read() as c:
            row = c.execute(query).mappings().first()
        return account_of(row) if row else None

    def accounts(self) -> list[Account]:
        """See `Accounts.accounts`."""
        with self._db.read() as c:
            rows = c.execute(sa.select(accounts).order_by(accounts.c.name, accounts.c.login)).mappings()
            return [account_of(row) for row in rows]

    def secret(self, id: str) -> str:
        """See `Accounts.secret`."""
        with self._db.read() as c:
            found = c.execute(sa.select(accounts.c.secret).where(accounts.c.id == id)).scalar()
        if found is None:
            raise _unknown(id)
        return str(found)

    def set_secret(self, id: str, secret: str, *, keep: str = "") -> None:
        """See `Accounts.set_secret`."""
        with self._db.write() as c:
            login = _found(c, id).login
            c.execute(accounts.update().where(accounts.c.id == id).values(secret=secret))
            _end(c, id, keep)
            note(c, "account.password", login)

    def renew_secret(self, id: str, secret: str) -> None:
        """See `Accounts.renew_secret`."""
        with self._db.write() as c:
            c.execute(accounts.update().where(accounts.c.id == id).values(secret=secret))

    def start_session(self, account: str, digest: str, agent: str) -> None:
        """See `Accounts.start_session`."""
        moment = now()
        with self._db.write() as c:
            login = _found(c, account).login
            c.execute(sessions.delete().where(sessions.c.seen_at < moment - SESSION_IDLE))
            c.execute(
                sessions.insert().values(
                    digest=digest, account=account, started_at=moment, seen_at=moment, agent=agent
                )
            )
            note(c, "account.sign-in", login)

    def session(self, digest: str) -> Session | None:
        """See `Accounts.session`; that it was seen is written once a minute at most."""
        moment = now()
        query = (
            sa.select(
                accounts, sessions.c.digest, sessions.c.started_at, sessions.c.seen_at, sessions.c.agent
            )
            .join(accounts, accounts.c.id == sessions.c.account)
            .where(
                sessions.c.digest == digest,
                sessions.c.seen_at >= moment - SESSION_IDLE,
                sessions.c.started_at >= moment - SESSION_LONGEST,
                accounts.c.active,
            )
        )
        with self._db.read() as c:
            row = c.execute(query).mappings().first()
        if row is None:
            return None
        if row["seen_at"] < moment - _SEEN_EVERY:
            with self._db.write(f"session/{digest}") as c:
                c.execute(sessions.update().where(sessions.c.digest == digest).values(seen_at=moment))
        return _session(row)

    def sessions(self, account: str) -> list[Session]:
        """See `Accounts.sessions`."""
        query = (
            sa.select(
                accounts, sessions.c.digest, sessions.c.started_at, sessions.c.seen_at, sessions.c.agent
            )
            .join(accounts, accounts.c.id == sessions.c.account)
            .where(sessions.c.account == account, sessions.c.seen_at >= now() - SESSION_IDLE)
            .order_by(sessions.c.seen_at.desc())
        )
        with self._db.read() as c:
            return [_session(row) for row in c.execute(query).mappings()]

    def end_session(self, digest: str) -> None:
        """See `Accounts.end_session`."""
        with self._db.write() as c:
            c.execute(sessions.delete().where(sessions.c.digest == digest))

    def end_sessions(self, account: str) -> None:
        """See `Accounts.end_sessions`."""
        with self._db.write() as c:
            login = _found(c, account).login
            c.execute(sessions.delete().where(sessions.c.account == account))
            note(c, "account.sign-out-everywhere", login)

    def add_link(self, account: str, digest: str, purpose: LinkPurpose) -> None:
        """See `Accounts.add_link`."""
        with self._db.write() as c:
            login = _found(c, account).login
            c.execute(links.delete().where(links.c.account == account))
            ends_at = now() + LINK_LIFE[purpose]
            c.execute(
                links.insert().values(digest=digest, account=account, purpose=purpose, ends_at=ends_at)
            )
            note(c, f"account.{purpose}", login)

    def link(self, digest: str) -> tuple[Account, LinkPurpose] | None:
        """See `Accounts.link`."""
        query = (
            sa.select(accounts, links.c.purpose)
            .join(links, links.c.account == accounts.c.id)
            .where(links.c.digest == digest, links.c.ends_at > now(), accounts.c.active)
        )
        with self._db.read() as c:
            row = c.execute(query).mappings().first()
        return (account_of(row), LinkPurpose(row["purpose"])) if row else None

    def bind(self, account: str, issuer: str, subject: str) -> None:
        """See `Accounts.bind`."""
        try:
            with self._db.write() as c:
                login = _found(c, account).login
                c.execute(identities.insert().values(issuer=issuer, subject=subject, account=account))
                note(c, "account.bind", login, issuer=issuer)
        except IntegrityError as error:
            raise Conflict("This identity belongs to an account already; sign in with it.") from error

    def by_subject(self, issuer: str, subject: str) -> Account | None:
        """See `Accounts.by_subject`."""
        query = (
            sa.select(accounts)
            .join(identities, identities.c.account == accounts.c.id)
            .where(identities.c.issuer == issuer, identities.c.subject == subject)
        )
        with self._db.read() as c:
            row = c.execute(query).mappings().first()
        return account_of(row) if row else None


def _end(c: sa.Connection, account: str, keep: str = "") -> None:
    c.execute(sessions.delete().where(sessions.c.account == account, sessions.c.digest != keep))
    c.execute(links.delete().where(links.c.account == account))


def _found(c: sa.Connection, id: str) -> Account:
    row = c.execute(sa.select(accounts).where(accounts.c.id == id)).mappings().first()
    if row is None:
        raise _unknown(id)
    return account_of(row)


def _check_free(c: sa.Connection, account: Account) -> None:
    """Nobody else may have the login or the e-mail address, neither as the one nor as the other."""
    names = {account.login, account.email} - {""}
    other = sa.select(1).where(
        accounts.c.id != account.id, sa.or_(accounts.c.login.in_(names), accounts.c.email.in_(names))
    )
    if c.execute(other).first():
        raise _taken(account)


def _unknown(id: str) -> NotFound:
    return NotFound(
        "There is no account %(id)s; “tualai user list” shows those there are.", id=repr(id[:40])
    )


def _taken(account: Account) -> Conflict:
    return Conflict(
        "Somebody has the user name or e-mail of “%(login)s” already; choose another.", login=account.login
    )


def account_of(row: sa.RowMapping) -> Account:
    """The account in a row that has its columns."""
    return Account(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        role=Role(row["role"]),
        organisation=row["organisation"],
        email=row["email"],
        active=row["active"],
    )


def _session(row: sa.RowMapping) -> Session:
    return Session(row["digest"], account_of(row), row["started_at"], row["seen_at"], row["agent"])
