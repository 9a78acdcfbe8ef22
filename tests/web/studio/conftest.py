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

from infra.db.archive.editing import SqlEditing
from infra.db.archive.taxonomy import SqlTaxonomy
from infra.db.base.database import Database
from infra.db.outbox.audit import SqlAudit
from infra.db.people.accounts import SqlAccounts
from infra.db.people.attempts import SqlAttempts
from infra.db.people.presence import SqlPresences
from infra.db.people.tokens import SqlTokens
from infra.db.transcripts.glossary import SqlGlossary
from infra.db.transcripts.review_marks import SqlMarking
from infra.db.transcripts.versions import SqlVersions
from media.ingest.upload_service import UploadService
from media.storage.folder import FolderStorage
from tests.fakes.index_memory import MemoryIndex
from tests.stores import Stores, as_in, stores_on
from tests.web.sample_archive import build
from web.domain.accounts.accounts import Account, Role
from web.domain.accounts.argon2 import Argon2Passwords
from web.domain.accounts.sign_in import SignIn
from web.domain.statistics.view_counter import ViewCounter, public_lengths
from web.services import Services

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
        assert self.services.sign_in is not None
        return self.services.sign_in

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


ON_POSTGRESQL = pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.thorough])
"""The stores' contracts keep PostgreSQL honest: of each file of pages one `smoke` test runs on it in `make test`."""


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def studio(request: pytest.FixtureRequest, built_app: Starlette, tmp_path: Path) -> Iterator[Studio]:
    database: Database = request.getfixturevalue(f"people_{request.param}")
    stores = stores_on(database)
    sign_in = SignIn(
        SqlAccounts(database), CHEAP, SqlAttempts(database), SqlAudit(database), SqlTokens(database)
    )
    services = replace(
        build().services,
        catalogue=stores.catalogue,
        transcripts=stores.transcripts,
        versions=SqlVersions(database),
        glossary=SqlGlossary(database),
        index=MemoryIndex(),
        storage=FolderStorage(tmp_path / "files"),
        jobs=stores.jobs,
        plays=stores.plays,
        searches=stores.searches,
        views=stores.views,
        view_counter=ViewCounter(stores.views, public_lengths(stores.catalogue), seconds=3600),
        sign_in=sign_in,
        taxonomy=SqlTaxonomy(database),
        editing=SqlEditing(database),
        marking=SqlMarking(database),
        presences=SqlPresences(database),
    )
    built_app.state.site = replace(built_app.state.site, services=services)
    yield Studio(built_app, stores, services, database)
    stores.jobs.close()  # type: ignore[attr-defined]


@pytest.fixture
def upload_service(studio: Studio, tmp_path: Path) -> UploadService:
    """Lets the studio take uploads."""
    from tests.web.studio.uploads.uploading import upload_service_of

    return upload_service_of(studio, tmp_path / "uploads")
