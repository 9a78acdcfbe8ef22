"""The migrations lead to exactly the tables the program knows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from infra.db.base.database import Database, newest_revision
from infra.db.base.schema import metadata
from tests.conftest import POSTGRESQL
from tests.infra.db.filling import ROWS, fill, reflected, rows_of
from tests.postgresql import Cluster


def test_tables_and_migrations_agree(empty_database: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.sqlite"
    shutil.copy(empty_database, file)
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, type_, _: type_ != "table" or name in metadata.tables},
        )
        differences = [each for each in compare_metadata(context, metadata) if each[0] != "remove_table"]
    engine.dispose()
    assert differences == []


RELEASED = ("0001", "0002", "0003")


@pytest.fixture(params=["sqlite", POSTGRESQL])
def unmigrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables, on each engine."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
        yield database
        database.close()
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create("template0")
    database = Database(cluster.url(name))
    yield database
    database.close()
    cluster.drop(name)


@pytest.mark.parametrize(
    "revision",
    [pytest.param(each, marks=[] if each == RELEASED[-1] else pytest.mark.slow) for each in RELEASED],
)
def test_rows_of_every_released_state_are_carried_forwards(unmigrated: Database, revision: str) -> None:
    unmigrated.migrate(revision)
    with unmigrated.write() as c:
        old = reflected(c)
        fill(c, old)
    columns = {table.name: list(table.columns.keys()) for table in old}
    with unmigrated.read() as c:
        before = {table.name: rows_of(c, table, columns[table.name]) for table in old}
    assert len(before) > 10 and all(len(rows) == ROWS for rows in before.values())
    unmigrated.migrate()
    assert unmigrated.revision() == newest_revision()
    with unmigrated.read() as c:
        new = {table.name: table for table in reflected(c)}
        assert set(new) == set(metadata.tables)
        for name, rows in before.items():
            assert rows_of(c, new[name], columns[name]) == rows, name
    unmigrated.migrate()  # again: nothing to do


@pytest.mark.postgresql
def test_tables_and_migrations_agree_on_postgresql(empty_postgresql: Database) -> None:
    with empty_postgresql.read() as c:
        found = compare_metadata(MigrationContext.configure(c, opts={"compare_type": True}), metadata)
    assert found == []
