"""Fixtures that several packages' tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores import Stores, memory_stores, new_database, sqlite_stores


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without rows, to copy from."""
    file = tmp_path_factory.mktemp("database") / "empty.sqlite"
    new_database(file)
    return file


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """All stores, each engine in turn."""
    if request.param == "memory":
        yield memory_stores()
        return
    opened = sqlite_stores(request.getfixturevalue("empty_database"), tmp_path / "t.sqlite")
    yield opened
    assert opened.database is not None
    opened.jobs.close()  # type: ignore[attr-defined]
    opened.database.close()
