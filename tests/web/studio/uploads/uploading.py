"""A studio that takes uploads, and a tus client by hand."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from media.archive.episodes import Organisation, Programme
from media.ingest.upload_service import UploadService
from tests.web.groups import given
from tests.web.studio.conftest import Studio, small_uploads
from web.access.signed_in import csrf_of
from web.domain.accounts.accounts import digest_of

CHUNK = "application/offset+octet-stream"


@dataclass
class Sender:
    """One person's tus client."""

    browser: TestClient
    upload_service: UploadService
    account: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Tus-Resumable": "1.0.0", "X-CSRF": csrf_of(self.browser.cookies["studio"])}

    def send(self, method: str, path: str = "/api/v1/uploads", body: bytes = b"", **headers: str):  # type: ignore[no-untyped-def]
        said = {name.replace("_", "-"): value for name, value in headers.items() if value != "-"}
        without = {name.replace("_", "-").lower() for name, value in headers.items() if value == "-"}
        all_headers = {n: v for n, v in {**self.headers, **said}.items() if n.lower() not in without}
        return self.browser.request(method, path, content=body, headers=all_headers)

    def create(self, length: int, **values: str) -> str:
        """Begin an upload; return its address."""
        answer = self.send("POST", Upload_Length=str(length), Upload_Metadata=metadata(**values))
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"])

    def patch(self, path: str, body: bytes, offset: int, **headers: str):  # type: ignore[no-untyped-def]
        given = {"Content_Type": CHUNK, "Upload_Offset": str(offset), **headers}
        return self.send("PATCH", path, body, **given)

    def offset(self, path: str) -> int:
        answer = self.send("HEAD", path)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["Upload-Offset"])

    def bytes_of(self, path: str) -> bytes:
        return self.upload_service.files.path(path.rsplit("/", 1)[-1]).read_bytes()


def metadata(**values: str) -> str:
    given = {"filename": "buổi phát.mp4", "programme": "dh", **values}
    pairs = {name: value for name, value in given.items() if value != "-"}
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in pairs.items())


def upload_service_of(studio: Studio, folder: Path) -> UploadService:
    """Let the studio take uploads; two programmes, one of the contributor's organisation."""
    made = small_uploads(studio.stores, studio.database, folder)
    studio.services = given(studio.services, upload_service=made)
    studio.app.state.services = studio.services
    assert studio.services.studio is not None
    studio.services.studio.taxonomy.save_organisation(
        Organisation("cong-doan-bien-hoa", "Công đoàn Biên Hòa"), None
    )
    studio.services.archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    studio.services.archive.catalogue.save_programme(
        Programme("bh", "Biên Hòa", organisation="cong-doan-bien-hoa")
    )
    return made


def sender(studio: Studio, role: str = "editor") -> Sender:
    browser = studio.client(role)
    assert studio.services.studio is not None
    session = studio.sign_in.accounts.session(digest_of(browser.cookies["studio"]))
    assert session is not None
    return Sender(browser, studio.services.studio.upload_service, session.account.id)
