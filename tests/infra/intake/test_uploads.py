"""Taking uploads into a real archive: probed, stored, once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from infra.assembly.archive import Archive
from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from infra.intake.uploads import sweep, take_upload
from media.archive.episodes import Programme, recording_prefix
from media.errors import InvalidInput, Message, NotFound, Unavailable
from media.ingest.uploads import Quota, Upload, UploadKind, UploadRequest, UploadState
from tests.infra.clips import QUESTIONS_SRT, make_clip
from transcribe.transcripts import TranscriptOrigin

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("uploads")]  # processes, ffmpeg and whole archives

LATER = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=3)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", 3.0)


@pytest.fixture(scope="module")
def other_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clips") / "other.mp4", 4.0)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """A home with one programme, to copy from: opening an archive for the first time takes a while."""
    home = tmp_path_factory.mktemp("grown")
    shutil.copy(empty_database, home / "tualai.sqlite")
    with open_archive(Settings(home=home, embedder="off")) as opened:
        opened.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    return home


@pytest.fixture
def archive(tmp_path: Path, grown: Path) -> Iterator[Archive]:
    shutil.copytree(grown, tmp_path / "home")
    with open_archive(Settings(home=tmp_path / "home", embedder="off")) as opened:
        yield opened


def send(archive: Archive, content: bytes, name: str = "số_ba.mp4", **values: object) -> str:
    """An upload whose bytes are all there."""
    upload_request = values.pop("upload_request", UploadRequest("dh", "Số ba", date(2026, 3, 15), "vi"))
    upload = Upload(
        uuid4().hex, "", "lan", name, len(content), LATER, upload_request=upload_request, **values
    )  # type: ignore[arg-type]
    archive.studio.upload_service.uploads.add(upload, Quota(1 << 40))
    archive.studio.upload_service.files.create(upload.id)
    archive.studio.upload_service.files.path(upload.id).write_bytes(content)
    archive.studio.upload_service.uploads.complete(upload.id)
    archive.studio.upload_service.uploads.begin(upload.id)
    return upload.id


def state(archive: Archive, id: str) -> tuple[UploadState, str, bool]:
    found = archive.studio.upload_service.uploads.upload(id)
    return found.state, found.episode, found.known


def test_a_recording_becomes_an_episode_with_its_name_and_date(archive: Archive, clip: Path) -> None:
    sent = send(archive, clip.read_bytes())
    take_upload(archive, sent)
    assert state(archive, sent) == (UploadState.TAKEN, "so-ba", False)
    episode = archive.catalogue.episode("so-ba")
    assert (episode.title, episode.date, episode.programme) == ("Số ba", date(2026, 3, 15), "dh")
    assert archive.catalogue.recording(str(episode.recording)).filename == "số_ba.mp4"
    assert archive.studio.upload_service.files.ids() == []
    assert [each.actor for each in archive.studio.sign_in.audit.entries(action="upload.taken")] == ["lan"]


def test_done_again_after_a_kill_it_is_done_once(
    archive: Archive, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(archive, clip.read_bytes())
    store = archive.studio.upload_service.uploads
    with monkeypatch.context() as killed:
        killed.setattr(type(store), "taken", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take_upload(archive, sent)
    assert archive.studio.upload_service.files.ids() == [sent]
    take_upload(archive, sent)
    take_upload(archive, sent)
    assert state(archive, sent) == (UploadState.TAKEN, "so-ba", False)
    assert len(archive.catalogue.episodes()) == 1


@pytest.mark.slow
def test_the_same_recording_leads_to_its_episode(archive: Archive, clip: Path) -> None:
    first, second = (
        send(archive, clip.read_bytes()),
        send(archive, clip.read_bytes(), upload_request=UploadRequest("dh", "Khác")),
    )
    take_upload(archive, first)
    found = archive.studio.upload_service.uploads.upload(second)
    assert found.completed_at is not None
    later = replace(found, completed_at=datetime.now(UTC).replace(tzinfo=None))
    with archive.database.write() as c:
        c.exec_driver_sql(
            "UPDATE uploads SET completed_at = ? WHERE id = ?", (str(later.completed_at), second)
        )
    take_upload(archive, second)
    assert state(archive, second) == (UploadState.TAKEN, "so-ba", True)


def test_what_is_no_recording_is_refused_and_kept_to_try_again(archive: Archive) -> None:
    sent = send(archive, b"nothing to play" * 100)
    with pytest.raises(InvalidInput):
        take_upload(archive, sent)
    assert archive.studio.upload_service.files.ids() == [sent]
    archive.studio.upload_service.uploads.refuse(sent, Message("No."))
    assert archive.studio.upload_service.uploads.retry(sent).state is UploadState.WAITING
    assert archive.catalogue.episodes() == []


@pytest.mark.slow
def test_captions_that_came_with_a_recording(archive: Archive, clip: Path) -> None:
    captions = send(
        archive,
        QUESTIONS_SRT.encode(),
        "số_ba.srt",
        kind=UploadKind.CAPTIONS,
        upload_request=UploadRequest(),
    )
    sent = send(archive, clip.read_bytes(), upload_request=UploadRequest("dh", "Số ba", captions=captions))
    take_upload(archive, sent)
    episode = archive.catalogue.episode("so-ba")
    assert any(
        key.endswith("captions.srt")
        for key in archive.storage.list(recording_prefix(str(episode.recording)))
    )
    with pytest.raises(NotFound):
        archive.studio.upload_service.uploads.upload(captions)


def test_captions_of_an_episode_become_its_transcript(archive: Archive, clip: Path) -> None:
    take_upload(archive, send(archive, clip.read_bytes()))
    for name in ("a.srt", "b.srt"):
        sent = send(
            archive,
            QUESTIONS_SRT.encode(),
            name,
            kind=UploadKind.CAPTIONS,
            upload_request=UploadRequest(episode="so-ba"),
        )
        take_upload(archive, sent)
    found = archive.transcripts.transcript("so-ba")
    assert found is not None
    assert (found.origin, found.version, len(found.cues)) == (TranscriptOrigin.IMPORTED, 1, 4)
    assert archive.transcripts.segments("so-ba")
    broken = send(
        archive,
        b"\x00\x01",
        "c.srt",
        kind=UploadKind.CAPTIONS,
        upload_request=UploadRequest(episode="so-ba"),
    )
    with pytest.raises(InvalidInput):
        take_upload(archive, broken)


def test_a_pdf_becomes_a_document_and_nothing_else_does(archive: Archive, clip: Path) -> None:
    take_upload(archive, send(archive, clip.read_bytes()))
    upload_request = UploadRequest(episode="so-ba")
    take_upload(
        archive, send(archive, PDF, "luật.pdf", kind=UploadKind.DOCUMENT, upload_request=upload_request)
    )
    (found,) = archive.documents.of_episode("so-ba")
    assert found.filename == "luật.pdf"
    with archive.storage.open(found.storage_key) as file:
        assert file.read() == PDF
    html = send(
        archive,
        b"<script>alert(1)</script>%%EOF",
        "luật.pdf",
        kind=UploadKind.DOCUMENT,
        upload_request=upload_request,
    )
    with pytest.raises(InvalidInput, match="PDF"):
        take_upload(archive, html)
    assert archive.documents.remove("so-ba", found.id)


@pytest.mark.slow
def test_a_new_recording_replaces_the_old_once_it_can_be_played(
    archive: Archive, clip: Path, other_clip: Path
) -> None:
    from infra.pipeline.steps import make_playable
    from infra.pipeline.work import Work
    from media.progress import silent

    take_upload(archive, send(archive, clip.read_bytes()))
    old = archive.catalogue.episode("so-ba").recording
    assert old is not None
    sent = send(archive, other_clip.read_bytes(), upload_request=UploadRequest(episode="so-ba"))
    take_upload(archive, sent)
    assert archive.catalogue.episode("so-ba").recording == old
    job = archive.jobs.job_of("so-ba")
    assert job is not None
    new = archive.replacements.recording_of(job.id)
    assert new is not None and new.id != old
    make_playable(Work(archive, archive.catalogue.episode("so-ba"), new, {}, job.id), silent)
    assert archive.catalogue.episode("so-ba").recording == new.id
    assert list(archive.storage.list(recording_prefix(old))) == []
    assert archive.replacements.recording_of(job.id) is None
    assert archive.catalogue.renditions(new.id)
    with pytest.raises(NotFound):
        archive.catalogue.recording(old)


def test_sweeping_completes_expires_and_removes(archive: Archive) -> None:
    whole = Upload(uuid4().hex, "", "lan", "a.mp4", 3, LATER, upload_request=UploadRequest("dh", "A"))
    stale = replace(whole, id=uuid4().hex, expires_at=datetime(2020, 1, 1))
    for upload in (whole, stale):
        archive.studio.upload_service.uploads.add(upload, Quota(1 << 40))
        archive.studio.upload_service.files.create(upload.id)
    archive.studio.upload_service.files.path(whole.id).write_bytes(b"abc")
    assert sweep(archive) == 2
    assert archive.studio.upload_service.uploads.upload(whole.id).state is UploadState.WAITING
    assert archive.studio.upload_service.files.ids() == [whole.id]
    with pytest.raises(NotFound):
        archive.studio.upload_service.uploads.upload(stale.id)


def test_a_link_is_fetched_once_and_named_by_what_is_there(
    archive: Archive, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def fetch(_archive: Archive, link: str, target: Path, _progress: object) -> tuple[str, int]:
        fetched.append(link)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(clip.read_bytes())
        return "Số tháng Tư.mp4", target.stat().st_size

    monkeypatch.setattr("infra.intake.links.fetch", fetch)
    link = Upload(
        uuid4().hex,
        "",
        "lan",
        "link",
        0,
        LATER,
        upload_request=UploadRequest("dh"),
        link="https://phim.example/x",
    )
    store = archive.studio.upload_service.uploads
    store.add(link, Quota(1 << 40))
    store.begin(link.id)
    with monkeypatch.context() as killed:
        killed.setattr(type(store), "taken", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take_upload(archive, link.id)
    take_upload(archive, link.id)
    assert fetched == ["https://phim.example/x"]
    assert archive.catalogue.episode("so-thang-tu").title == "Số tháng Tư"
    assert store.upload(link.id).state is UploadState.TAKEN


@pytest.mark.slow
def test_a_link_without_yt_dlp_says_what_to_install(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.ingest.ytdlp.find_spec", lambda _: None)
    link = Upload(
        uuid4().hex,
        "",
        "lan",
        "link",
        0,
        LATER,
        upload_request=UploadRequest("dh"),
        link="https://phim.example/x",
    )
    archive.studio.upload_service.uploads.add(link, Quota(1 << 40))
    with pytest.raises(Unavailable, match=r"tualai\[links\]"):
        take_upload(archive, link.id)
