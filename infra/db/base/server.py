"""What `tualai doctor` asks a PostgreSQL server: whether it is one that this can rely on."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from infra.db.base.database import Database

OLDEST = 14
"""The oldest major version that its makers still mend (postgresql.org/support/versioning)."""
_ASKED = (
    "server_version",
    "server_version_num",
    "server_encoding",
    "statement_timeout",
    "idle_in_transaction_session_timeout",
    "fsync",
    "max_connections",
)

Check = tuple[str, bool, str, str]
"""What was checked, whether it is well, what was found, what to do."""


def examine_server(database: Database) -> Iterator[Check]:
    """Look at the server of `database`. Raises `Unavailable`."""
    with database.read() as c:
        found = {name: str(c.execute(sa.select(sa.func.current_setting(name))).scalar()) for name in _ASKED}
        used = c.exec_driver_sql("SELECT count(*) FROM pg_stat_activity").scalar() or 0
    version = int(found["server_version_num"]) // 10_000
    yield (
        "PostgreSQL",
        version >= OLDEST and found["server_encoding"] == "UTF8" and found["fsync"] == "on",
        f"version {found['server_version']}, {found['server_encoding']}, fsync {found['fsync']}",
        f"use version {OLDEST} or newer, a database made with ENCODING 'UTF8', and fsync on",
    )
    wanted = (database.connecting.statement, database.connecting.idle)
    limits = (found["statement_timeout"], found["idle_in_transaction_session_timeout"])
    yield (
        "database time limits",
        all((text != "0") == bool(seconds) for text, seconds in zip(limits, wanted, strict=True)),
        f"a statement {limits[0]}, a transaction that stands still {limits[1]}",
        "the limits that are set do not arrive; let a pooler in between pass “options” on, and keep sessions whole",
    )
    most = int(found["max_connections"])
    mine = database.connecting.pool + database.connecting.overflow
    yield (
        "database connections",
        used + mine <= most,
        f"{used} of {most} in use, up to {mine} more by each process",
        "raise max_connections at the server, or lower TUALAI_DATABASE_POOL",
    )
