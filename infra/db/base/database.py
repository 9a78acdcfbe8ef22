"""One database, by URL: connections, transactions, migrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from infra.db.base.connecting import Connecting, complete_url
from media.errors import InvalidInput, Unavailable

MIGRATIONS = Path(__file__).parents[1] / "migrations"
BUSY_SECONDS = 30
_EVERYBODY = 7_208_513
"""Of PostgreSQL's advisory locks, the one that a writer who names no matter takes alone, and others share."""
_MATTER = 720_851
"""The class of those for the matters that writers name."""
_check: ContextVar[Callable[[sa.Connection], None] | None] = ContextVar("check", default=None)


class Database:
    """An engine with two kinds of transaction: `read` and `write`.

    On SQLite a write begins with BEGIN IMMEDIATE: a deferred transaction that reads first and then
    writes fails at once with SQLITE_BUSY when another writer came between (sqlite.org/isolation.html),
    and no timeout helps against that. So writers come one after another, and what one has read is so until
    it commits. PostgreSQL gives the same promise by advisory locks, see `write` and docs/decisions/postgresql.md.
    """

    def __init__(self, url: str, connecting: Connecting | None = None) -> None:
        """Open `url`, such as `sqlite:////srv/tualai/tualai.sqlite`. Connects at first use.

        Raises:
            InvalidInput: it is of a database that cannot be used, or whose library is not installed.
        """
        self.connecting = connecting or Connecting()
        complete = complete_url(url, self.connecting)
        self.url = complete.render_as_string(hide_password=False)
        self.is_sqlite = complete.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = self._reading = sa.create_engine(complete)
            event.listen(self.engine, "connect", _prepare_sqlite)
        else:
            self.engine = _server(complete, self.connecting)
            # A statement at a time, as on SQLite: no round trips for BEGIN and ROLLBACK, nothing left open.
            self._reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection to read from. Raises `Unavailable`."""
        with _translated(self.is_sqlite), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *matters: str) -> Iterator[sa.Connection]:
        """A transaction that commits when the block ends without an error.

        Writers come one after another: all of them on SQLite. On PostgreSQL a writer that names matters, such
        as “episode/thang-ba”, waits for those that name one of the same, and works beside the others; a writer
        that names none works alone. Name a matter only where no row is written that depends on rows of another.

        Raises:
            Unavailable: the database does not answer, or another writer did not end within 30 s.
            InvalidInput: a value does not fit its column.
        """
        with _translated(self.is_sqlite), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(_turn(matters))
            if (check := _check.get()) is not None:
                check(connection)
            yield connection
            connection.commit()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def revision(self) -> str | None:
        """The migration the database stands at; None for an empty one."""
        with self.read() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.exec_driver_sql(
                "SELECT version_num FROM alembic_version"
            ).scalar()
            return found

    def migrate(self, to: str = "head") -> None:
        """Bring the schema forwards to a revision. Safe to run in several processes."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.write() as connection:
            if not self.is_sqlite:  # a big table may take longer than a page may
                connection.exec_driver_sql(
                    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
                )
            config.attributes["connection"] = connection
            command.upgrade(config, to)


@contextmanager
def checked(check: Callable[[sa.Connection], None]) -> Iterator[None]:
    """While the block runs, every write of this thread, by whatever store, begins with `check`; what it raises
    passes, and nothing is written."""
    before = _check.set(check)
    try:
        yield
    finally:
        _check.reset(before)


def newest_revision() -> str:
    """The revision this program was written for: the highest-numbered migration file."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).split("_")[0]


def _server(url: sa.URL, connecting: Connecting) -> sa.Engine:
    try:
        return sa.create_engine(url, **connecting.engine_options)
    except ModuleNotFoundError as error:
        raise InvalidInput(
            "The database is a PostgreSQL server's and its library is not installed; run"
            " pip install 'tualai[postgresql]'."
        ) from error


def _turn(matters: Sequence[str]) -> sa.Select[Any]:
    """Wait for one's turn. The locks end with the transaction, also with that of a process that died."""
    if not matters:
        return sa.select(sa.func.pg_advisory_xact_lock(_EVERYBODY))
    numbers = sorted({crc32(matter.encode("utf-8", "replace")) - (1 << 31) for matter in matters})
    locks = [
        sa.func.pg_advisory_xact_lock(_MATTER, number) for number in numbers
    ]  # in one order: no deadlock
    return sa.select(sa.func.pg_advisory_xact_lock_shared(_EVERYBODY), *locks)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, see Database
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _translated(is_sqlite: bool) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except DataError as error:  # SQLite takes any length; a server does not
        raise InvalidInput(
            "The database can't keep a value that was given (%(why)s); give a shorter or smaller one.",
            why=_reason(error),
        ) from error
    except (DatabaseError, InterfaceError, PoolTimeout) as error:
        cure = (
            "if the file is damaged, restore it from a backup"
            if is_sqlite
            else "see whether its server runs"
        )
        raise Unavailable(
            "The database did not answer (%(why)s). Nothing was changed; check the database setting with"
            " “tualai doctor” and try again; %(cure)s.",
            why=_reason(error),
            cure=cure,
        ) from error


def _reason(error: Exception) -> str:
    """The engine's own words, on one line."""
    return " ".join(str(getattr(error, "orig", None) or error).split())
