"""The studio over a real database: its promises (versions, audit, sessions) are the database's."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.testclient import TestClient

from infra.assembly.groups import studio_services
from infra.db.archive.documents import SqlDocuments
from infra.db.archive.uploads import SqlUploads
from infra.db.base.database import Database
from infra.db.people.accounts import SqlAccounts
from media.ingest.upload_files import UploadFiles
from media.ingest.upload_service import UploadService
from media.ingest.uploads import Quota
from media.storage.folder import FolderStorage
from tests.fakes.index_memory import MemoryIndex
from tests.stores import Stores, as_in, stores_on
from tests.waiting import PATIENCE_SECONDS
from tests.web.sample_archive import empty
from web.domain.accounts.accounts import Account, Role
from web.domain.accounts.argon2 import Argon2Passwords
from web.domain.accounts.sign_in import SignIn
from web.domain.statistics.view_counter import ViewCounter, public_lengths
from web.services import ArchiveServices, Services

PASSWORD = "đỗ xanh nấu chè đường"
CHEAP = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
SECRET = CHEAP.hashed(PASSWORD)


@dataclass
class Studio:
    """A site with a studio and one account of each role."""

    app: Starlette
    stores: Stores
    services: Services
    database: Database

    @property
    def sign_in(self) -> SignIn:
        assert self.services.studio is not None
        return self.services.studio.sign_in

    def account(self, role: str) -> Account:
        found = self.sign_in.accounts.by_login(role)
        assert found is not None
        return found

    def client(self, role: str = "") -> TestClient:
        """A browser, signed in as `role` ("" for not at all)."""
        client = TestClient(self.app, base_url="http://testserver", follow_redirects=False)
        if role:
            client.cookies.set("studio", self.sign_in.start(self.account(role), "pytest"))
        return client


def csrf_in(page: str) -> str:
    """The form token that a page carries."""
    found = re.search(r'name="csrf" (?:value|content)="([^"]+)"', page)
    assert found, "the page carries no form token"
    return found[1]


def add_people(database: Database) -> None:
    """An account of each role, named after it."""
    accounts = SqlAccounts(database)
    for role in Role:
        organisation = "cong-doan-bien-hoa" if role is Role.CONTRIBUTOR else ""
        added = accounts.add(Account("", role.value, f"Người {role}", role, organisation))
        accounts.renew_secret(added.id, SECRET)


@pytest.fixture(scope="session")
def people(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with an account of each role and nothing else, to copy from."""
    file = tmp_path_factory.mktemp("people") / "people.sqlite"
    shutil.copy(empty_database, file)
    database = Database(f"sqlite:///{file}")
    add_people(database)
    database.close()
    return file


@pytest.fixture
def people_sqlite(people: Path, own_sqlite: Database) -> Iterator[Database]:
    yield as_in(people, own_sqlite)
    own_sqlite.close()


@pytest.fixture
def people_postgresql(empty_postgresql: Database) -> Database:
    add_people(empty_postgresql)
    return empty_postgresql


def archive_services(stores: Stores, database: Database, folder: Path) -> ArchiveServices:
    """The archive's group over a database; files in `folder`."""
    return ArchiveServices(
        catalogue=stores.catalogue,
        transcripts=stores.transcripts,
        index=MemoryIndex(),
        storage=FolderStorage(folder),
        jobs=stores.jobs,
        plays=stores.plays,
        searches=stores.searches,
        views=stores.views,
        documents=SqlDocuments(database),
    )


def small_uploads(stores: Stores, database: Database, folder: Path) -> UploadService:
    """Uploads of up to 5 MB, 8 MB and 5 files of one account."""
    return UploadService(
        SqlUploads(database, stores.jobs.enqueue_take),  # type: ignore[attr-defined]
        UploadFiles(folder),
        largest=5_000_000,
        quota=Quota(8_000_000, 5),
        stall_seconds=PATIENCE_SECONDS,
    )


ON_POSTGRESQL = pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.thorough])
"""The stores' contracts keep PostgreSQL honest: of each file of pages one `smoke` test runs on it in `make test`."""


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def studio(request: pytest.FixtureRequest, built_app: Starlette, tmp_path: Path) -> Iterator[Studio]:
    database: Database = request.getfixturevalue(f"people_{request.param}")
    stores = stores_on(database)
    services = replace(
        empty().services,
        view_counter=ViewCounter(stores.views, public_lengths(stores.catalogue), seconds=3600),
        archive=archive_services(stores, database, tmp_path / "files"),
        studio=studio_services(database, CHEAP, small_uploads(stores, database, tmp_path / "uploads")),
    )
    built_app.state.services = services
    yield Studio(built_app, stores, services, database)
    stores.jobs.close()  # type: ignore[attr-defined]


@pytest.fixture
def upload_service(studio: Studio, tmp_path: Path) -> UploadService:
    """Lets the studio take uploads."""
    from tests.web.studio.uploads.uploading import upload_service_of

    return upload_service_of(studio, tmp_path / "uploads")
