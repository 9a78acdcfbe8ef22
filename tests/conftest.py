"""Fixtures that several packages' tests share."""

from __future__ import annotations

import faulthandler
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import event

from infra.db.base.database import Database
from tests.media.storage.s3.s3_server import s3_server, s3_storage  # noqa: F401 - fixtures
from tests.postgresql import MISSING, Cluster, clean, programs, shared_cluster
from tests.stores import Stores, as_in, hurry, memory_stores, new_database, stores_on

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)


settings.register_profile(
    "usual", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
"""Each property's first hundred examples, the same in every run, however busy the machine is: what fails is due to
what was changed, never to chance."""
settings.register_profile("quick", settings.get_profile("usual"), max_examples=20)
"""For `make check`: the first few of them."""
settings.register_profile("thorough", settings.get_profile("usual"), max_examples=1000, derandomize=False)
"""For `make thorough`: many, and others every time. What it finds, becomes an example of its own."""
settings.load_profile("usual")


def pytest_unconfigure() -> None:
    """A thread that a test left behind would keep the run from ever ending: say where it hangs, and fail."""
    faulthandler.dump_traceback_later(120, exit=True)


@pytest.fixture(scope="session", autouse=True)
def no_disk_is_waited_for() -> Iterator[None]:
    """Let nothing in this process wait for the disk, as `hurry` does for SQLite: no test survives a power cut.
    Processes that tests start and kill wait for it as ever."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without rows, to copy from."""
    file = tmp_path_factory.mktemp("database") / "empty.sqlite"
    new_database(file)
    return file


@pytest.fixture(scope="session")
def own_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """This worker's SQLite database; not clean, see `empty_sqlite`. One object for all tests, as its engine keeps
    the statements that it has compiled."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 't.sqlite'}")
    event.listen(database.engine, "connect", hurry)
    yield database
    database.close()


@pytest.fixture
def empty_sqlite(own_sqlite: Database, empty_database: Path) -> Iterator[Database]:
    """A migrated SQLite database without rows."""
    yield as_in(empty_database, own_sqlite)
    own_sqlite.close()


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
def any_database(request: pytest.FixtureRequest) -> Database:
    """A migrated database without rows, on each engine in turn."""
    found: Database = request.getfixturevalue(f"empty_{request.param}")
    return found


@pytest.fixture
def any_stores(any_database: Database) -> Iterator[Stores]:
    """The stores on a real database, on each engine in turn."""
    opened = stores_on(any_database)
    yield opened
    opened.jobs.close()  # type: ignore[attr-defined]


@pytest.fixture(params=["memory", "sqlite", POSTGRESQL])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    """All stores, the fakes and each engine in turn."""
    if request.param == "memory":
        yield memory_stores()
        return
    opened = stores_on(request.getfixturevalue(f"empty_{request.param}"))
    yield opened
    opened.jobs.close()  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what could not be tested."""
    if programs() is None:
        terminalreporter.write_line(MISSING, red=True, bold=True)


# How long a run is: `make check` < `make test` < `make thorough`.


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough", action="store_true", help="run every test, long ones at full length (make thorough)"
    )


@pytest.fixture(scope="session")
def thorough(pytestconfig: pytest.Config) -> bool:
    """Whether this is `make thorough`: a test with many rounds runs all of them only then."""
    return bool(pytestconfig.getoption("--thorough"))


@pytest.hookimpl(tryfirst=True)  # before `-m` and before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a database server as slow: the quick tests run the same contracts on SQLite. Keep the browser
    and model tests of a file in one process, which makes what they share once. Leave out what is for `--thorough`."""
    kept, left = [], []
    for item in items:
        if item.get_closest_marker("postgresql"):
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("browser") or item.get_closest_marker("model"):
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(config.rootpath))))
        later = item.get_closest_marker("thorough") and not item.get_closest_marker("smoke")
        (left if later and not config.getoption("--thorough") else kept).append(item)
    if left:
        items[:] = kept
        config.hook.pytest_deselected(items=left)
