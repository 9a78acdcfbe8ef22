"""The `Attempts` port: the `limits` library's fixed window, counted in the database for all processes."""

from __future__ import annotations

import time

import sqlalchemy as sa
from limits import RateLimitItemPerSecond
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from infra.db.base.database import Database
from infra.db.tables.studio import attempts
from media.errors import Unavailable
from web.domain.accounts.attempts import Allowance

_SWEPT = 100
"""Others' rows removed by the way, but none that anybody is counting in: two who wait for each other never end."""


class _SqlStorage(Storage):
    """A storage of `limits` in one table; rows that have ended are removed by the way."""

    STORAGE_SCHEME = None

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._db = database

    @property
    def base_exceptions(self) -> type[Exception]:
        return Unavailable

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        moment = time.time()
        row, ended = attempts.c.key == key, attempts.c.ends_at <= moment
        others = sa.select(attempts.c.key).where(ended).limit(_SWEPT).with_for_update(skip_locked=True)
        with self._db.write(f"attempts/{key}") as c:
            c.execute(attempts.delete().where(row, ended))
            c.execute(attempts.delete().where(attempts.c.key.in_(others)))
            if not c.execute(attempts.update().where(row).values(count=attempts.c.count + amount)).rowcount:
                c.execute(attempts.insert().values(key=key, count=amount, ends_at=moment + expiry))
            return int(c.execute(sa.select(attempts.c.count).where(row)).scalar_one())

    def get(self, key: str) -> int:
        query = sa.select(attempts.c.count).where(attempts.c.key == key, attempts.c.ends_at > time.time())
        with self._db.read() as c:
            return int(c.execute(query).scalar() or 0)

    def get_expiry(self, key: str) -> float:
        with self._db.read() as c:
            found = c.execute(sa.select(attempts.c.ends_at).where(attempts.c.key == key)).scalar()
        return float(found or time.time())

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._db.write() as c:
            return c.execute(attempts.delete()).rowcount

    def clear(self, key: str) -> None:
        with self._db.write(f"attempts/{key}") as c:
            c.execute(attempts.delete().where(attempts.c.key == key))


class SqlAttempts:
    """Implements `web.domain.accounts.attempts.Attempts`."""

    def __init__(self, database: Database) -> None:
        self._limiter = FixedWindowRateLimiter(_SqlStorage(database))

    def allow(self, allowance: Allowance, key: str) -> bool:
        """See `Attempts.allow`."""
        item = _item(allowance)
        return self._limiter.test(item, key) and self._limiter.hit(item, key)

    def forgive(self, allowance: Allowance, key: str) -> None:
        """See `Attempts.forgive`."""
        self._limiter.clear(_item(allowance), key)


def _item(allowance: Allowance) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(allowance.count, allowance.seconds, namespace=allowance.kind)
