"""Fixtures that several packages' tests share."""

from __future__ import annotations

import faulthandler
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.db.database import Database
from tests.media.s3_server import s3_server, s3_storage  # noqa: F401 - fixtures
from tests.postgresql import MISSING, Cluster, clean, programs, shared_cluster
from tests.stores import Stores, memory_stores, new_database, stores_on

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)


def pytest_unconfigure() -> None:
    """A thread that a test left behind would keep the run from ever ending: say where it hangs, and fail."""
    faulthandler.dump_traceback_later(120, exit=True)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without rows, to copy from."""
    file = tmp_path_factory.mktemp("database") / "empty.sqlite"
    new_database(file)
    return file


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """This run's PostgreSQL server, which all its workers share."""
    return shared_cluster(tmp_path_factory)


@pytest.fixture(scope="session")
def own_postgresql(cluster: Cluster) -> Iterator[Database]:
    """This worker's migrated database in it; not clean, see `empty_postgresql`. One object for all tests: what
    SQLAlchemy has compiled it keeps, and a connection costs the server more than a test does."""
    database = Database(cluster.url(cluster.create()))
    yield database
    database.close()


@pytest.fixture
def empty_postgresql(own_postgresql: Database) -> Database:
    """A migrated PostgreSQL database without rows."""
    clean(own_postgresql)
    return own_postgresql


@pytest.fixture(params=["sqlite", POSTGRESQL])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database without rows, on each engine in turn."""
    if request.param == "postgresql":
        yield request.getfixturevalue("empty_postgresql")
        return
    file = tmp_path / "t.sqlite"
    shutil.copy(request.getfixturevalue("empty_database"), file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def any_stores(any_database: Database) -> Iterator[Stores]:
    """The stores on a real database, on each engine in turn."""
    opened = stores_on(any_database)
    yield opened
    opened.jobs.close()  # type: ignore[attr-defined]


@pytest.fixture(params=["memory", "sqlite", POSTGRESQL])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """All stores, the fakes and each engine in turn."""
    if request.param == "memory":
        yield memory_stores()
        return
    if request.param == "postgresql":
        database: Database = request.getfixturevalue("empty_postgresql")
    else:
        shutil.copy(request.getfixturevalue("empty_database"), tmp_path / "t.sqlite")
        database = Database(f"sqlite:///{tmp_path / 't.sqlite'}")
    opened = stores_on(database)
    yield opened
    opened.jobs.close()  # type: ignore[attr-defined]
    if database.is_sqlite:
        database.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what could not be tested."""
    if programs() is None:
        terminalreporter.write_line(MISSING, red=True, bold=True)


COSTLY = (
    "test_embedding.py",
    "test_learning.py",
    "test_ninety_minutes_are_saved_quickly",
    "test_the_seed_is_what_an_archive_begins_with",
)
"""Files and tests that take long whatever the engine; on PostgreSQL they wait for the slow tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        names = {item.path.name, getattr(item, "originalname", "")}
        if item.get_closest_marker("postgresql") and names & {*COSTLY}:
            item.add_marker(pytest.mark.slow)
