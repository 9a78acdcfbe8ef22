"""A throwaway PostgreSQL cluster, one for a run of pytest however many workers it has, and clean databases in it.

A keeper process starts the server and stops it when the run's first process is gone, however that ended; so a
run that was killed leaves nothing behind either. The cluster sorts by Vietnamese rules, where it can: nothing may
depend on a server's collation being that of bytes.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from infra.db.base.database import Database
from infra.db.jobs.queue_dbos import migrate

TEMPLATE = "tualai_template"
KEEPER = Path(__file__).with_name("postgresql_keeper.py")
START_SECONDS = 300
MISSING = (
    "PostgreSQL's programs (initdb, postgres) are NOT INSTALLED: nothing was tested on PostgreSQL. Install them,"
    " such as by “apt-get install postgresql”, or set PGBIN to their folder."
)


@cache
def programs() -> Path | None:
    """The folder of `initdb` and `postgres`; None where there are none."""
    folders = [Path(os.environ["PGBIN"])] if "PGBIN" in os.environ else []
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: f.parent.name, reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


@dataclass(frozen=True)
class Cluster:
    """A running server. `folder` holds its data and its socket."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql://tualai@/{database}?host={self.folder}"

    @contextmanager
    def admin(self) -> Iterator[sa.Connection]:
        engine = sa.create_engine(
            self.url("postgres").replace("postgresql:", "postgresql+psycopg:"),
            poolclass=sa.NullPool,
            isolation_level="AUTOCOMMIT",
        )
        with engine.connect() as connection:
            yield connection

    def create(self, template: str = TEMPLATE) -> str:
        """A new database; its name. Of the template it is migrated and without rows."""
        name = f"t_{uuid4().hex[:12]}"
        with self.admin() as c:
            c.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        with self.admin() as c:
            c.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")

    def restart(self, down_seconds: float = 0.0) -> None:
        """Stop the server at once, cutting every connection, and start it again."""
        pid = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        (self.folder / "down").write_text(str(down_seconds))
        os.kill(pid, 3)
        deadline = time.monotonic() + down_seconds + START_SECONDS
        while (self.folder / "down").exists() or not self._answers():
            assert time.monotonic() < deadline, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with self.admin() as c:
                return c.exec_driver_sql("SELECT 1").scalar() == 1
        except sa.exc.OperationalError:
            return False


def shared_cluster(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """The run's cluster, started by whoever comes first. Skips, loudly, where PostgreSQL is not installed."""
    if programs() is None:
        pytest.skip(MISSING)
    base = tmp_path_factory.getbasetemp()
    in_worker = "PYTEST_XDIST_WORKER" in os.environ
    base = base.parent if in_worker else base
    with (base / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = base / "postgresql.json"
        if note.exists():
            return Cluster(Path(json.loads(note.read_text())))
        cluster = start_cluster(os.getppid() if in_worker else os.getpid())
        with cluster.admin() as c:
            c.exec_driver_sql(f"CREATE DATABASE {TEMPLATE}")
        database = Database(cluster.url(TEMPLATE))
        database.migrate()
        migrate(database)
        database.close()
        note.write_text(json.dumps(str(cluster.folder)))
        return cluster


def start_cluster(lives_with: int) -> Cluster:
    """Start a server that ends with the process `lives_with`."""
    folder = Path(f"/tmp/tualai-pg-{uuid4().hex[:8]}")  # short: a socket's path has 107 bytes at most
    folder.mkdir(mode=0o755)
    root = os.geteuid() == 0  # the server refuses to run as root
    if root:
        owner = pwd.getpwnam("postgres" if _has_user("postgres") else "nobody")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    found = programs()
    assert found is not None
    subprocess.Popen(
        [sys.executable, "-S", str(KEEPER), str(lives_with), str(folder), str(found)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + START_SECONDS
    while not (folder / "ready").exists():
        if time.monotonic() > deadline or (folder / "failed").exists():
            raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")
        time.sleep(0.02)
    return Cluster(folder)


def clean(database: Database) -> None:
    """Remove every row, and count from 1 again. Quicker than a database from a template: small tables delete fast."""
    with database.engine.begin() as c:
        c.exec_driver_sql(_cleaning(c))


_cleaning_text: list[str] = []


def _cleaning(c: sa.Connection) -> str:
    if not _cleaning_text:
        tables = c.exec_driver_sql(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'dbos')"
            " AND tablename NOT IN ('alembic_version', 'dbos_migrations')"
        ).all()
        lines = [f'DELETE FROM "{schema}"."{table}";' for schema, table in tables]
        counters = c.exec_driver_sql("SELECT schemaname, sequencename FROM pg_sequences").all()
        lines += [f'SELECT setval(\'"{schema}"."{name}"\', 1, false);' for schema, name in counters]
        _cleaning_text.append(
            "SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off;"
            + "".join(lines)
        )
    return _cleaning_text[0]


def _has_user(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False
