"""A backup holds the archive as of a moment, whatever its engines; what no snapshot needs is given up."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from shutil import copy

import pytest

from infra.assembly.wiring import bring_up_to_date, open_archive
from infra.configuration.settings import Settings
from infra.db.base.copying import read_back
from infra.db.base.database import Database
from infra.db.base.schema import metadata
from infra.maintenance.backup import back_up, restore_database, restore_files, restore_settings, snapshots
from media.errors import InvalidInput
from media.progress import silent
from tests.infra.db.filling import fill
from tests.postgresql import Cluster

pytestmark = pytest.mark.slow  # a new database of the job engine's each time

KEYS = [f"recordings/{digit * 64}/captions.vtt" for digit in "abc"]


def checksums(database: Database) -> list[object]:
    with database.write() as c:
        return [read_back(c, table, lambda _: None) for table in metadata.sorted_tables]


def settings_of(home: Path, url: str = "") -> Settings:
    return Settings(home=home, embedder="off", database_url=url)


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_what_was_there_at_the_moment_comes_back(
    request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path, engine: str
) -> None:
    home, folder = tmp_path / "home", tmp_path / "backup"
    home.mkdir()
    url, cluster, name = "", None, ""
    if engine == "sqlite":
        copy(empty_database, home / "tualai.sqlite")
    else:
        cluster = request.getfixturevalue("cluster")
        assert isinstance(cluster, Cluster)
        name = cluster.create()
        url = cluster.url(name)
    (home / "tualai.toml").write_text('site_name = "Kho"\n')
    with open_archive(settings_of(home, url)) as archive:
        with archive.database.write() as c:
            # The lexicon has its first rows already, which are no nonsense.
            fill(c, [each for each in metadata.sorted_tables if not each.name.startswith("lexicon")])
        archive.storage.put(KEYS[0], BytesIO(b"a"))
        before = checksums(archive.database)
        done = back_up(archive, folder, bring_up_to_date, 3, silent)
        archive.storage.put(KEYS[1], BytesIO(b"b"))  # later than the backup
    if cluster is not None:
        cluster.drop(name)
    new = tmp_path / "new"
    restore_settings(folder, new)
    target = Database(f"sqlite:///{new / 'tualai.sqlite'}")
    restore_database(folder, done.snapshot, target, bring_up_to_date, silent)
    assert checksums(target) == before
    target.close()
    assert (new / "tualai.toml").read_text() == 'site_name = "Kho"\n'
    with open_archive(settings_of(new)) as archive:
        assert restore_files(archive, folder, silent).copied == 1
        assert list(archive.storage.list("recordings")) == [KEYS[0]]
    with pytest.raises(InvalidInput, match=done.snapshot):
        restore_database(folder, "yesterday", target, bring_up_to_date, silent)


def test_files_stay_as_long_as_a_snapshot_that_may_need_them(empty_database: Path, tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "backup"
    home.mkdir()
    copy(empty_database, home / "tualai.sqlite")
    with open_archive(settings_of(home)) as archive:

        def run() -> tuple[int, int, set[str]]:
            done = back_up(archive, folder, bring_up_to_date, 2, silent)
            kept = {str(f.relative_to(folder / "files")) for f in (folder / "files").rglob("*.vtt")}
            return done.copied, done.removed_files, kept

        for key in KEYS[:2]:
            archive.storage.put(key, BytesIO(key.encode()))
        assert run() == (2, 0, set(KEYS[:2]))
        archive.storage.delete(KEYS[0])
        archive.storage.put(KEYS[2], BytesIO(b"c"))
        assert run() == (1, 0, set(KEYS))  # the first snapshot may refer to it
        assert run() == (0, 0, set(KEYS))  # noted as gone by the second one, which is kept
        assert run() == (0, 1, set(KEYS[1:]))
        assert len(snapshots(folder)) == 2
        (folder / "databases" / "20260101T000000Z.part").write_bytes(b"killed half-way")
        assert run() == (0, 0, set(KEYS[1:]))
        assert [file.suffix for file in sorted((folder / "databases").iterdir())] == [".sqlite"] * 2
