"""How a PostgreSQL server is reached: its URL with every time limit in it, so that the job engine has them too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from media.errors import InvalidInput, Message

LOCK_SECONDS = 30
"""A statement waits so long for a lock, as SQLite does for its one writer."""
_KEEPALIVE = {"keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3"}
_SILENT_MILLISECONDS = 30_000
"""What was sent and is not acknowledged for so long ends a connection: its network is gone. libpq's own default
is the system's, a quarter of an hour (postgresql.org/docs/current/libpq-connect.html, tcp_user_timeout)."""
_SERVERS = ("postgresql", "postgres")


@dataclass(frozen=True, slots=True)
class Connecting:
    """Sizes of the pool, and time limits in seconds; 0 is no limit. SQLite has no use for them.

    `pool` connections are kept, `overflow` more are opened when those are in use, and who finds none waits
    `pool_wait`. `idle` ends a transaction in which nothing happens: it holds locks that others wait for.
    """

    pool: int = 10
    overflow: int = 10
    pool_wait: float = 10.0
    connect: float = 5.0
    statement: float = 60.0
    idle: float = 10.0
    application: str = "tualai"

    @property
    def engine_options(self) -> dict[str, Any]:
        """What SQLAlchemy is told of the pool. A connection that died while it was unused is replaced."""
        return {
            "pool_size": self.pool,
            "max_overflow": self.overflow,
            "pool_timeout": self.pool_wait,
            "pool_pre_ping": True,
        }


def complete_url(text: str, connecting: Connecting) -> sa.URL:
    """`text` as SQLAlchemy takes it; a server's with the limits in it, where it does not set them itself.

    `postgresql://`, `postgres://` and `postgresql+psycopg://` are all psycopg 3.

    Raises:
        InvalidInput: it is no URL, or of a database there is no support for.
    """
    scheme, colon, rest = text.partition(":")
    if scheme == "postgres":
        text = f"postgresql{colon}{rest}"
    try:
        url = sa.make_url(text)
        kind = url.get_backend_name()
    except ArgumentError as error:
        raise InvalidInput(_unusable(scheme)) from error
    if kind == "sqlite":
        return url
    if kind not in _SERVERS:
        raise InvalidInput(_unusable(scheme))
    options = {"application_name": connecting.application[:63], **_KEEPALIVE}
    options["tcp_user_timeout"] = str(_SILENT_MILLISECONDS)
    options["connect_timeout"] = str(max(2, round(connecting.connect)) if connecting.connect else 0)
    own = {key: value for key, value in url.query.items() if key != "options"}
    wanted = url.query.get("options", "")
    limits = f"{_limits(connecting)} {wanted if isinstance(wanted, str) else ' '.join(wanted)}".strip()
    return url.set(drivername="postgresql+psycopg", query={**options, **own, "options": limits})


def _limits(connecting: Connecting) -> str:
    """Later ones win, so that a URL's own stand behind these."""
    seconds = {
        "statement_timeout": connecting.statement,
        "lock_timeout": LOCK_SECONDS,
        "idle_in_transaction_session_timeout": connecting.idle,
    }
    return " ".join(f"-c {name}={round(value * 1000)}" for name, value in seconds.items())


def _unusable(scheme: str) -> Message:
    return Message(
        "TUALAI_DATABASE_URL begins with “%(scheme)s:”; use sqlite:///PATH or"
        " postgresql://USER:PASSWORD@HOST/DATABASE, or leave it empty for SQLite in the data folder.",
        scheme=scheme[:20],
    )
