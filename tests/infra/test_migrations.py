"""The migrations lead to exactly the tables the program knows."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from infra.db import studio_tables  # noqa: F401 - known to the metadata by being imported
from infra.db.tables import metadata


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
