"""A database that is only looked at: one connection, one moment of its life, whatever others write meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from infra.db.base.connecting import Connecting, complete_url
from media.errors import Unavailable

Place = tuple[object, ...]


class Snapshot:
    """What a database held when it was opened. `place` tells whether another is the same."""

    def __init__(self, place: Place, connection: sa.Connection, watching: sa.Connection) -> None:
        self.place, self.connection, self._watching = place, connection, watching
        self._began = self._version()

    def others(self) -> list[str]:
        """Who else is connected, as far as the engine tells; SQLite does not."""
        if self.connection.dialect.name == "sqlite":
            return []
        query = sa.text(
            "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid NOT IN (pg_backend_pid(), :own)"
        )
        own = self.connection.execute(sa.select(sa.func.pg_backend_pid())).scalar()
        return [name or "?" for name in self._watching.execute(query, {"own": own}).scalars()]

    def disturbed(self) -> bool:
        """Whether anybody has written since, or could have: a server tells only who is there."""
        return self._version() != self._began or bool(self.others())

    def _version(self) -> object:
        """A value that changes with every commit of another (sqlite.org/pragma.html#pragma_data_version)."""
        if self.connection.dialect.name != "sqlite":
            return None
        return self._watching.exec_driver_sql("PRAGMA data_version").scalar()


def place_of(url: sa.URL) -> Place:
    """Where a database is, whatever its URL says of how to reach it."""
    path = str(Path(url.database or "").absolute()) if url.get_backend_name() == "sqlite" else url.database
    return url.get_backend_name(), url.host or url.query.get("host"), url.port, path


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """The database at `url` as it is now. Nothing can be written to it through this.

    Raises:
        InvalidInput: it is of a database there is no support for.
        Unavailable: it is not there or can't be read.
    """
    complete = complete_url(url, Connecting(statement=0, idle=0))
    engine = _engine(complete)
    try:
        with engine.connect() as watching, engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                watching.execution_options(isolation_level="AUTOCOMMIT")
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield Snapshot(place_of(complete), connection, watching)
            connection.rollback()
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        shown = complete.render_as_string()
        raise Unavailable(
            "The database %(shown)s can't be read (%(why)s); see whether it is there.",
            shown=shown,
            why=reason,
        ) from error
    finally:
        engine.dispose()


def _engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url)
    address = f"file:{quote(str(Path(url.database or '').absolute()))}?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)

    return sa.create_engine("sqlite://", creator=connect, poolclass=sa.QueuePool)
