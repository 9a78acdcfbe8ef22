"""The upload page's forms and calls; documents of episodes."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pytest

from media.archive.documents import Document
from media.archive.episodes import EpisodeState
from media.errors import Message
from media.ingest.upload_service import UploadService
from media.ingest.uploads import Upload, UploadState
from tests.web.groups import given
from tests.web.studio.conftest import Studio, csrf_in
from tests.web.studio.uploads.uploading import Sender, sender

PDF = b"%PDF-1.4\n%%EOF\n"


def post(client: Sender, **form: str) -> int:
    token = csrf_in(client.browser.get("/studio/upload").text)
    return int(client.browser.post("/studio/upload", data={"csrf": token, **form}).status_code)


def refused(client: Sender, upload_service: UploadService) -> Upload:
    path = client.create(3, filename="<script>alert(1)</script>.mp4", title="Tên")
    client.patch(path, b"abc", 0)
    name = path.rsplit("/", 1)[-1]
    upload_service.uploads.refuse(name, Message("It is no recording."))
    return upload_service.uploads.upload(name)


def test_the_page_shows_ones_own_uploads_and_their_refusal(
    studio: Studio, upload_service: UploadService
) -> None:
    client = sender(studio)
    refused(client, upload_service)
    page = client.browser.get("/studio/upload").text
    assert "Không đưa vào kho được." in page and "It is no recording." in page
    assert "<script>alert" not in page
    assert "<noscript>" in page and "JavaScript" in page
    assert "It is no recording." not in sender(studio, "admin").browser.get("/studio/upload").text
    english = client.browser.get("/studio/upload?lang=en").text
    assert "Upload recordings" in english and "It could not be taken" in english


@pytest.mark.smoke
def test_a_refused_file_is_tried_again_or_removed(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    found = refused(client, upload_service)
    assert post(sender(studio, "admin"), what="retry", id=found.id) == 404
    assert post(client, what="retry", id=found.id) == 303
    assert upload_service.uploads.upload(found.id).state is UploadState.WAITING
    assert post(client, what="retry", id=found.id) == 409
    assert post(client, what="remove", id=found.id) == 409
    upload_service.uploads.refuse(found.id, Message("No."))
    answer = client.send("POST", f"/api/v1/uploads/{found.id}/retry")
    assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
    upload_service.uploads.refuse(found.id, Message("No."))
    assert post(client, what="remove", id=found.id) == 303
    assert upload_service.files.ids() == []
    assert post(client, what="nonsense") == 400


def test_uploads_as_json(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    path = client.create(4)
    client.patch(path, b"ab", 0)
    (found,) = client.browser.get("/api/v1/uploads").json()["uploads"]
    assert (found["state"], found["percent"], found["filename"]) == ("arriving", 50, "buổi phát.mp4")
    assert client.browser.get(path).json() == found
    assert sender(studio, "admin").browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("admin", 200), ("editor", 200), ("contributor", 200), ("moderator", 403)]
)
def test_who_sees_the_page(studio: Studio, upload_service: UploadService, role: str, status: int) -> None:
    answer = studio.client(role).get("/studio/upload")
    assert answer.status_code == status
    if role == "contributor":
        assert "Biên Hòa" in answer.text and "Điểm hẹn" not in answer.text
    assert studio.client().get("/studio/upload").status_code == 303
    assert studio.client().get("/api/v1/uploads").status_code == 401


def test_links_only_where_they_are_switched_on(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    assert post(client, what="link", url="https://phim.example/x", programme="dh") == 400
    on = given(studio.services, upload_service=replace(upload_service, links=True))
    studio.app.state.services = on
    assert post(client, what="link", url="https://phim.example/x", programme="dh") == 303
    (found,) = upload_service.uploads.of_account(client.account)
    assert (found.state, found.link, found.upload_request.programme) == (
        UploadState.WAITING,
        "https://phim.example/x",
        "dh",
    )
    for url in (
        "file:///etc/passwd",
        "ftp://a.example/",
        "http://a.example:22/",
        "https://me:pw@a.example/",
    ):
        assert post(client, what="link", url=url, programme="dh") == 400
    contributor = sender(studio, "contributor")
    link = {"url": "https://phim.example/x", "programme": "dh"}
    headers = {"X-CSRF": contributor.headers["X-CSRF"]}
    assert contributor.browser.post("/api/v1/links", json=link, headers=headers).status_code == 403
    answer = contributor.browser.post("/api/v1/links", json={**link, "programme": "bh"}, headers=headers)
    assert (answer.status_code, answer.json()["filename"]) == (201, "https://phim.example/x")


def test_a_document_is_always_saved_and_never_shown(studio: Studio, upload_service: UploadService) -> None:
    episode = studio.stores.add()
    documents = studio.services.archive.documents
    assert documents is not None
    held = Document(hashlib.sha256(PDF).hexdigest(), episode.slug, 'lu\u1eadt "m\u1edbi".pdf', len(PDF))
    studio.services.archive.storage.put(held.storage_key, io.BytesIO(PDF))
    documents.add(held)
    url = f"/episodes/{episode.slug}/documents/{held.id}"
    assert studio.client().get(url).status_code == 404  # not public yet
    assert studio.client("editor").get(url).status_code == 200
    studio.services.archive.catalogue.set_state(episode.slug, EpisodeState.PUBLISHED)
    answer = studio.client().get(url)
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "lu%E1%BA%ADt%20%22m%E1%BB%9Bi%22.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert url in studio.client().get(f"/episodes/{episode.slug}").text
    assert studio.client().get(f"/episodes/{episode.slug}/documents/{'0' * 64}").status_code == 404
    client = studio.client("editor")
    token = csrf_in(client.get(f"/studio/upload?for={episode.slug}").text)
    remove = f"/studio/episodes/{episode.slug}/documents/{held.id}/remove"
    theirs = studio.client("contributor")
    theirs_token = csrf_in(theirs.get("/studio/upload").text)
    assert theirs.post(remove, data={"csrf": theirs_token}).status_code == 403
    assert client.post(remove, data={"csrf": token}).status_code == 303
    assert studio.client().get(url).status_code == 404


def test_a_bearer_token_may_upload_without_a_form_token(
    studio: Studio, upload_service: UploadService
) -> None:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "3", "Authorization": "Bearer nonsense"}
    assert studio.client().post("/api/v1/uploads", headers=headers).status_code == 401
