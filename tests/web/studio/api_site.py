"""The real site over a filled SQLite database, for calls: two organisations, episodes in each state, a person of
each role, uploads, documents, a lexicon, a term."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from infra.assembly.groups import live_services, studio_services
from infra.db.archive.uploads import SqlUploads
from infra.db.base.clock import now
from infra.db.base.database import Database
from media.archive.documents import Document
from media.archive.episodes import Episode, Organisation, Programme
from media.ingest.upload_files import UploadFiles
from media.ingest.upload_service import UploadService
from media.ingest.uploads import Quota, Upload
from search.synonyms.entries import EntryKind, LexiconEntry
from tests.segments import save_segment
from tests.stores import Stores, a_recording, sqlite_stores
from tests.waiting import PATIENCE_SECONDS
from tests.web import sample_archive
from tests.web.groups import companion_on
from tests.web.studio.conftest import CHEAP, SECRET, archive_services
from transcribe.cues import Cue
from transcribe.editing.glossary import GlossaryTerm
from transcribe.segments import Segment, SegmentKind, SegmentState
from transcribe.transcripts import Transcript, TranscriptOrigin
from web.access.signed_in import csrf_of
from web.domain.accounts.accounts import Account, Role, digest_of
from web.domain.accounts.sign_in import SignIn
from web.domain.accounts.tokens import Scope
from web.domain.moderation.screens import ScreenKind
from web.domain.questions.questions import NewQuestion
from web.domain.sending.fernet import FernetEncryption
from web.domain.statistics.search_counter import SearchCounter
from web.domain.statistics.view_counter import ViewCounter, public_lengths
from web.services import Services, SiteSettings

HERE, ELSEWHERE = "cong-doan-bien-hoa", "cong-doan-khac"
OURS, THEIRS = "so-cua-bien-hoa", "so-cua-noi-khac"


@dataclass
class Site:
    """The app, and what addresses can be filled with. `values`: what can stand after a word of an address."""

    app: Starlette
    services: Services
    stores: Stores
    database: Database
    values: dict[str, list[str]]

    @property
    def sign_in(self) -> SignIn:
        assert self.services.studio is not None
        return self.services.studio.sign_in

    def account(self, role: str) -> Account:
        found = self.sign_in.accounts.by_login(role)
        assert found is not None
        return found

    def address(self, path: str, slug: str) -> str:
        """A route's path with values; an episode's parts are those of episode `slug`."""
        words: list[str] = []
        for word in path.split("/"):
            noun = words[-1] if words else ""
            match word:
                case "{slug}":
                    words.append(slug if noun in ("episodes", "figures") else self.values[noun][0])
                case "{id}" if noun == "jobs":
                    job = self.services.archive.jobs.job_of(slug)
                    words.append(job.id if job else "")
                case "{id}" if noun == "screens":
                    words.append(self.values["screen"][0])
                case "{id}":
                    words.append(self.values[noun][2 if noun == "people" else 0])
                case "{secret}":
                    words.append(self.values[noun][0])
                case "{question}" | "{code}":
                    words.append(self.values["questions"][0])
                case "{segment}":
                    segments = self.services.archive.transcripts.segments(slug)
                    words.append(next(each.id for each in segments if each.question))
                case "{number}" | "{number:int}":
                    words.append("1")
                case "transcript.{format}":
                    words.append("transcript.srt")
                case _:
                    words.append(word)
        assert not any("{" in each for each in words), path
        return "/".join(words)

    def session(self, role: str) -> TestClient:
        """A browser signed in, without a form token."""
        client = TestClient(self.app, follow_redirects=False)
        client.cookies.set("studio", self.sign_in.start(self.account(role), "pytest"))
        return client

    def csrf(self, client: TestClient) -> dict[str, str]:
        return {"X-CSRF": csrf_of(client.cookies["studio"])}

    def bearer(self, role: str, *scopes: Scope) -> dict[str, str]:
        """The header of a new token."""
        secret = f"{role} {sorted(scopes)}"
        digest = digest_of(secret)
        if self.sign_in.tokens.token(digest) is None:
            self.sign_in.tokens.add(self.account(role).id, digest, "máy", frozenset(scopes))
        return {"Authorization": f"Bearer {secret}"}


@dataclass(frozen=True)
class Filled:
    """A filled database to copy from, made once for many tests."""

    file: Path
    folder: Path
    values: dict[str, list[str]]


def fill(empty: Path, folder: Path) -> Filled:
    """Fill a copy of `empty`, in `folder`."""
    stores = sqlite_stores(empty, folder / "filled.sqlite")
    assert stores.database is not None
    services = _services(stores, stores.database, folder)
    values = _filled(services, stores)
    with stores.database.write() as c:
        c.commit()
        c.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    _close(stores)
    return Filled(folder / "filled.sqlite", folder, values)


@contextmanager
def open_site(filled: Filled, folder: Path, app: Starlette) -> Iterator[Site]:
    """The site over a copy in `folder`; `app` is given its services."""
    stores = sqlite_stores(filled.file, folder / "api.sqlite")
    assert stores.database is not None
    services = _services(stores, stores.database, filled.folder)
    before = app.state.services
    app.state.services = services
    yield Site(app, services, stores, stores.database, filled.values)
    app.state.services = before
    _close(stores)


@pytest.fixture(scope="module")
def filled(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """To be imported by tests that want `site` or `shared_site`."""
    return fill(empty_database, tmp_path_factory.mktemp("filled"))


@pytest.fixture
def site(filled: Filled, tmp_path: Path, built_app: Starlette) -> Iterator[Site]:
    """Each test's own."""
    with open_site(filled, tmp_path, built_app) as made:
        yield made


@pytest.fixture(scope="module")
def shared_site(
    filled: Filled, tmp_path_factory: pytest.TempPathFactory, built_app: Starlette
) -> Iterator[Site]:
    """One for all tests of a module, which don't mind what the others did."""
    with open_site(filled, tmp_path_factory.mktemp("shared"), built_app) as made:
        yield made


def _close(stores: Stores) -> None:
    assert stores.database is not None
    stores.jobs.close()  # type: ignore[attr-defined]
    stores.database.close()


def _services(stores: Stores, database: Database, folder: Path) -> Services:
    upload_service = UploadService(
        SqlUploads(database, stores.jobs.enqueue_take),  # type: ignore[attr-defined]
        UploadFiles(folder / "uploads"),
        largest=10_000_000,
        quota=Quota(100_000_000, 50),
        stall_seconds=PATIENCE_SECONDS,
        links=True,
    )
    encryption = FernetEncryption(["YmFvIGhpZW0geGEgaG9pIHRoYXQgbmdoaWVwIDEyMyE="])
    return Services(
        settings=SiteSettings(base_url="http://testserver", push_key="a key"),
        counter=SearchCounter(stores.searches, seconds=3600),
        view_counter=ViewCounter(stores.views, public_lengths(stores.catalogue), seconds=3600),
        archive=archive_services(stores, database, folder / "files"),
        studio=studio_services(database, CHEAP, upload_service),
        companion=companion_on(database, encryption, questions_a_minute=10_000),
        live=live_services(database, lambda: encryption),
    )


def _filled(services: Services, stores: Stores) -> dict[str, list[str]]:
    archive = sample_archive.Archive(  # type: ignore[arg-type]
        services, stores.catalogue, stores.transcripts, stores.jobs, stores.plays, stores.searches,
        services.counter, services.archive.storage, services.archive.index,
    )  # fmt: skip
    sample_archive._fill(archive)
    _organisations(services, stores)
    segments = stores.transcripts.segments(sample_archive.MATERNITY)
    return {
        "people": _people(services),
        "episodes": [each.slug for each in stores.catalogue.episodes()],
        "figures": [sample_archive.MATERNITY, THEIRS],
        "segments": [each.id for each in segments],
        "versions": ["1", "2"],
        "programmes": [each.slug for each in stores.catalogue.programmes()],
        "topics": [each.slug for each in stores.catalogue.topics()],
        "organisations": [HERE, ELSEWHERE],
        "jobs": [job.id for job in stores.jobs.jobs()],
        **_asked(services),
        **_others(services),
    }


def _asked(services: Services) -> dict[str, list[str]]:
    """Questions of which two say the same, and a screen."""
    assert services.companion is not None
    assert services.companion is not None
    asked = [
        services.companion.questions.ask(NewQuestion(OURS, text, text, receipt=f"{n:064x}", device=f"{n}"))
        for n, text in enumerate(("Nghỉ sinh mấy tháng?", "Nghỉ thai sản bao lâu?"))
    ]
    screen = services.companion.screens.add(OURS, ScreenKind.HALL)
    return {
        "questions": [each.id for each in asked],
        "screens": [screen.secret],
        "screen": [screen.digest],
    }


def _organisations(services: Services, stores: Stores) -> None:
    """Two, each with a programme and an episode."""
    assert services.studio is not None
    for number, (slug, organisation) in enumerate(((OURS, HERE), (THEIRS, ELSEWHERE))):
        programme = Programme(f"cua-{organisation}", f"Của {organisation}", organisation=organisation)
        services.studio.taxonomy.save_organisation(Organisation(organisation, organisation), None)
        services.studio.taxonomy.save_programme(programme, None)
        recording = a_recording(f"{100 + number:064x}")
        stores.catalogue.add_episode(Episode(slug, programme.slug, slug, date(2026, 1, 2)), recording)
        kept = Segment(SegmentKind.ANSWER, 1.0, 9.0, "Hỏi", "Hỏi gì?", state=SegmentState.CONFIRMED)
        save_segment(stores.transcripts, slug, kept)
        cues = (Cue(1.0, 3.0, "Chào anh chị."), Cue(3.0, 9.0, "Hôm nay ở biên hoà."))
        stores.transcripts.save_transcript(slug, Transcript("vi", TranscriptOrigin.MACHINE, cues, "x"))


def _people(services: Services) -> list[str]:
    sign_in = services.studio.sign_in
    assert sign_in is not None
    found = []
    for role in Role:
        organisation = HERE if role is Role.CONTRIBUTOR else ""
        added = sign_in.accounts.add(Account("", role.value, f"Người {role}", role, organisation))
        sign_in.accounts.renew_secret(added.id, SECRET)
        found.append(added.id)
    return found


def _others(services: Services) -> dict[str, list[str]]:
    assert services.studio is not None
    services.studio.lexicons.change(
        [LexiconEntry(EntryKind.ABBREVIATION, "bhxh", "bảo hiểm xã hội")], [], author="x"
    )
    services.studio.lexicons.change(
        [LexiconEntry(EntryKind.EQUIVALENT, "nghỉ đẻ", "thai sản")], [], author="x"
    )
    term = services.studio.glossary.save(GlossaryTerm("", "Biên Hòa", heard=("biên hoà",)), None)
    document = Document("d" * 64, sample_archive.MATERNITY, "tờ rơi.pdf", 10)
    services.archive.documents.add(document)
    editor = services.studio.sign_in.accounts.by_login("editor")
    assert editor is not None
    upload = Upload("a" * 32, editor.id, "editor", "buổi phát.mp4", 1000, now() + timedelta(days=1))
    services.studio.upload_service.files.create(upload.id)
    services.studio.upload_service.uploads.add(upload, services.studio.upload_service.quota)
    token = services.studio.sign_in.tokens.add(editor.id, "digest", "máy", frozenset({Scope.READ}))
    return {"glossary": [term.id], "documents": [document.id], "uploads": [upload.id], "tokens": [token.id]}
