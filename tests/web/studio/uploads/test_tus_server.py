"""The tus protocol by hand: every promise and every refusal."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from media.ingest.upload_service import UploadService
from media.ingest.uploads import UploadState
from tests.web.groups import given
from tests.web.studio.conftest import Studio
from tests.web.studio.uploads.uploading import CHUNK, metadata, sender

BODY = bytes(range(256)) * 400


def checksum(body: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, body).digest()).decode()}"


def test_a_file_arrives_in_pieces(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    path = client.create(len(BODY), title="Số tháng Ba")
    assert client.offset(path) == 0
    first = client.patch(path, BODY[:1000], 0)
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "1000")
    assert first.headers["Upload-Expires"].endswith("GMT")
    assert first.headers["Tus-Resumable"] == "1.0.0"
    assert client.offset(path) == 1000
    assert client.patch(path, BODY[1000:], 1000).status_code == 204
    assert client.bytes_of(path) == BODY
    found = upload_service.uploads.upload(path.rsplit("/", 1)[-1])
    assert found.state is UploadState.WAITING
    assert (found.upload_request.title, found.upload_request.programme, found.upload_request.language) == (
        "Số tháng Ba",
        "dh",
        "vi",
    )
    assert client.offset(path) == len(BODY)


@pytest.mark.smoke
def test_the_job_is_queued_once_with_the_last_byte(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    path = client.create(3)
    client.patch(path, b"abc", 0)
    client.offset(path)
    upload_service.uploads.complete(path.rsplit("/", 1)[-1])
    flows = studio.stores.jobs._client.list_workflows()  # type: ignore[attr-defined]
    assert [flow.name for flow in flows] == ["take"]


def test_killed_between_the_last_byte_and_noting_it(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    path = client.create(3)
    name = path.rsplit("/", 1)[-1]
    upload_service.files.path(name).write_bytes(b"abc")
    assert client.offset(path) == 3
    assert upload_service.uploads.upload(name).state is UploadState.WAITING


def test_a_client_whose_last_answer_was_lost_may_send_nothing_once_more(
    studio: Studio, upload_service: UploadService
) -> None:
    client = sender(studio)
    path = client.create(3)
    client.patch(path, b"abc", 0)
    again = client.patch(path, b"", 3)
    assert (again.status_code, again.headers["Upload-Offset"]) == (204, "3")
    assert client.patch(path, b"d", 3).status_code == 409
    assert client.patch(path, b"", 2).status_code == 409


def test_creation_with_the_first_bytes(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    answer = client.send(
        "POST", body=b"abc", Upload_Length="5", Upload_Metadata=metadata(), Content_Type=CHUNK
    )
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "3")
    path = answer.headers["Location"]
    assert client.patch(path, b"de", 3).status_code == 204
    assert client.bytes_of(path) == b"abcde"


def test_options_say_what_can_be_done(studio: Studio, upload_service: UploadService) -> None:
    answer = studio.client().options("/api/v1/uploads")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == "5000000"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "termination",
        "expiration",
        "checksum",
    }
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_wrong_checksum_discards_the_chunk_and_a_right_one_keeps_it(
    studio: Studio, upload_service: UploadService, algorithm: str
) -> None:
    client = sender(studio)
    path = client.create(len(BODY))
    client.patch(path, BODY[:500], 0)
    wrong = client.patch(path, BODY[500:900], 500, Upload_Checksum=checksum(b"other", algorithm))
    assert wrong.status_code == 460
    assert client.offset(path) == 500
    assert client.bytes_of(path) == BODY[:500]
    right = client.patch(path, BODY[500:], 500, Upload_Checksum=checksum(BODY[500:], algorithm))
    assert right.status_code == 204
    assert client.bytes_of(path) == BODY


def test_a_server_killed_within_a_checked_chunk_forgets_it(
    studio: Studio, upload_service: UploadService
) -> None:
    client = sender(studio)
    path = client.create(len(BODY))
    client.patch(path, BODY[:500], 0)
    arrival = upload_service.files.open(path.rsplit("/", 1)[-1])
    arrival.expect_checksum()
    arrival.write(b"never looked at")
    os.close(arrival._handle)  # as a killed process does
    arrival._handle = -1
    assert client.offset(path) == 500
    assert client.patch(path, BODY[500:], 500).status_code == 204
    assert client.bytes_of(path) == BODY


def test_what_a_cut_chunk_brought_is_kept(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    path = client.create(len(BODY))
    arrival = upload_service.files.open(path.rsplit("/", 1)[-1])
    arrival.write(BODY[:700])
    os.close(arrival._handle)
    arrival._handle = -1
    assert client.offset(path) == 700


@pytest.mark.smoke
def test_two_at_once_are_refused(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    path = client.create(10)
    arrival = upload_service.files.open(path.rsplit("/", 1)[-1])
    assert client.patch(path, b"abc", 0).status_code == 423
    assert client.send("DELETE", path).status_code == 423
    arrival.close()
    assert client.patch(path, b"abc", 0).status_code == 204


def test_termination(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    path = client.create(10)
    assert client.send("DELETE", path).status_code == 204
    assert client.send("HEAD", path).status_code == 404
    assert upload_service.files.ids() == []
    done = client.create(1)
    client.patch(done, b"a", 0)
    assert client.send("DELETE", done).status_code == 409


def test_a_method_may_be_said_in_a_header(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    path = client.create(3)
    answer = client.send(
        "POST", path, b"abc", X_HTTP_Method_Override="PATCH", Content_Type=CHUNK, Upload_Offset="0"
    )
    assert answer.status_code == 204
    assert client.send("POST", path).status_code == 405


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (412, {"Tus_Resumable": "0.2.2"}),
        (412, {"Tus_Resumable": "-"}),
        (403, {"X_CSRF": "-"}),
        (403, {"X_CSRF": "wrong"}),
        (403, {"Origin": "https://elsewhere.example"}),
        (403, {"Sec_Fetch_Site": "cross-site"}),
        (400, {"Upload_Length": "-"}),
        (400, {"Upload_Length": "1e3"}),
        (400, {"Upload_Length": "-5"}),
        (400, {"Upload_Length": "٣"}),
        (400, {"Upload_Length": "0"}),
        (413, {"Upload_Length": "5000001"}),
        (400, {"Upload_Defer_Length": "1"}),
        (400, {"Upload_Metadata": "filename ???"}),
        (400, {"Upload_Metadata": "filename YQ==,filename YQ=="}),
        (400, {"Upload_Metadata": metadata(programme="-")}),
        (404, {"Upload_Metadata": metadata(programme="khong-co")}),
        (400, {"Upload_Metadata": metadata(kind="virus")}),
        (400, {"Upload_Metadata": metadata(date="hôm qua")}),
        (400, {"Upload_Metadata": metadata(language="tiếng Việt")}),
        (400, {"Upload_Metadata": metadata(title="x" * 201)}),
        (400, {"Upload_Metadata": metadata(kind="document", programme="-")}),
        (404, {"Upload_Metadata": metadata(**{"for": "khong-co"})}),
        (404, {"Upload_Metadata": metadata(captions="0" * 32)}),
        (413, {"Upload_Metadata": metadata(kind="captions"), "Upload_Length": "99000000"}),
    ],
)
def test_creation_refuses(
    studio: Studio, upload_service: UploadService, status: int, headers: dict[str, str]
) -> None:
    client = sender(studio)
    given = {"Upload_Length": "10", "Upload_Metadata": metadata(), **headers}
    given = {n: v.encode("latin-1", "replace").decode("latin-1") for n, v in given.items()}
    answer = client.send("POST", **given)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    if status == 412:
        assert answer.headers["Tus-Version"] == "1.0.0"
    assert upload_service.files.ids() == []


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (415, b"abc", {"Content_Type": "text/plain"}),
        (400, b"abc", {"Upload_Offset": "-"}),
        (400, b"abc", {"Upload_Offset": "x"}),
        (409, b"abc", {"Upload_Offset": "1"}),
        (413, b"a" * 11, {}),
        (400, b"abc", {"Upload_Checksum": "md5 AAAA"}),
        (400, b"abc", {"Upload_Checksum": "sha1 ?"}),
        (400, b"abc", {"Upload_Checksum": "sha1"}),
        (412, b"abc", {"Tus_Resumable": "-"}),
        (403, b"abc", {"X_CSRF": "-"}),
    ],
)
def test_a_chunk_is_refused_and_changes_nothing(
    studio: Studio, upload_service: UploadService, status: int, body: bytes, headers: dict[str, str]
) -> None:
    client = sender(studio)
    path = client.create(10)
    assert client.patch(path, body, 0, **headers).status_code == status
    assert client.offset(path) == 0


def test_more_bytes_than_said_without_a_length_keep_nothing_beyond(
    studio: Studio, upload_service: UploadService
) -> None:
    client = sender(studio)
    path = client.create(10)

    def body():  # type: ignore[no-untyped-def]
        yield b"a" * 6
        yield b"b" * 6

    headers = {**client.headers, "Content-Type": CHUNK, "Upload-Offset": "0"}
    answer = client.browser.request("PATCH", path, content=body(), headers=headers)
    assert answer.status_code == 413
    assert client.offset(path) <= 10


def test_an_upload_is_its_accounts_own(studio: Studio, upload_service: UploadService) -> None:
    path = sender(studio).create(10)
    other = sender(studio, "admin")
    for method in ("HEAD", "DELETE"):
        assert other.send(method, path).status_code == 404
    assert other.patch(path, b"abc", 0).status_code == 404


def test_who_is_not_signed_in_sends_nothing(studio: Studio, upload_service: UploadService) -> None:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Upload-Metadata": metadata()}
    for method, path in (
        ("POST", ""),
        ("HEAD", "/" + "0" * 32),
        ("PATCH", "/" + "0" * 32),
        ("DELETE", "/x"),
    ):
        answer = studio.client().request(method, "/api/v1/uploads" + path, headers=headers)
        assert answer.status_code == 401


def test_a_moderator_may_not_and_a_contributor_only_for_their_own(
    studio: Studio, upload_service: UploadService
) -> None:
    def status(role: str, programme: str) -> int:
        given = metadata(programme=programme)
        return int(sender(studio, role).send("POST", Upload_Length="5", Upload_Metadata=given).status_code)

    assert [status("moderator", "dh"), status("moderator", "bh")] == [403, 403]
    assert [status("contributor", "dh"), status("contributor", "bh")] == [403, 201]
    assert [status("admin", "dh"), status("editor", "bh")] == [201, 201]


def test_a_contributor_adds_only_to_their_own_episodes(
    studio: Studio, upload_service: UploadService
) -> None:
    episode = studio.stores.add()
    given = metadata(**{"for": episode.slug, "programme": "-"})
    answer = sender(studio, "contributor").send("POST", Upload_Length="5", Upload_Metadata=given)
    assert answer.status_code == 403
    assert sender(studio).send("POST", Upload_Length="5", Upload_Metadata=given).status_code == 201


def test_quota_by_bytes_and_by_number(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    client.create(4_500_000)
    given = {"Upload_Length": "4500000", "Upload_Metadata": metadata()}
    assert client.send("POST", **given).status_code == 413
    assert len(upload_service.files.ids()) == 1
    for _ in range(4):
        client.create(10)
    assert client.send("POST", Upload_Length="10", Upload_Metadata=metadata()).status_code == 413
    assert sender(studio, "admin").create(10)


def test_a_disk_nearly_full_says_so(
    studio: Studio, upload_service: UploadService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.ingest.upload_files.RESERVE_BYTES", 1 << 60)
    answer = sender(studio).send("POST", Upload_Length="10", Upload_Metadata=metadata())
    assert answer.status_code == 507
    assert "GB left" in answer.json()["detail"]


def test_a_full_disk_keeps_what_fitted(
    studio: Studio, upload_service: UploadService, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sender(studio)
    path = client.create(10)
    client.patch(path, b"abc", 0)

    def full(_handle: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("media.ingest.upload_files.os.write", full)
    answer = client.patch(path, b"def", 3)
    monkeypatch.undo()
    assert answer.status_code == 507
    assert "kept" in answer.json()["detail"]
    assert client.offset(path) == 3


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\phim\\số 3.mp4", "số 3.mp4"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a\x00b.mp4", "ab.mp4"),
        ("...", "file"),
        ("", "file"),
        ("chương trình 😀.mp4", "chương trình 😀.mp4"),
    ],
)
def test_hostile_names_are_only_names(
    studio: Studio, upload_service: UploadService, sent: str, kept: str
) -> None:
    client = sender(studio)
    path = client.create(3, filename=sent, title="Tên")
    assert upload_service.uploads.upload(path.rsplit("/", 1)[-1]).filename == kept


def test_a_long_name_keeps_its_ending(studio: Studio, upload_service: UploadService) -> None:
    path = sender(studio).create(3, filename="ố" * 300 + ".mp4", title="Tên")
    name = upload_service.uploads.upload(path.rsplit("/", 1)[-1]).filename
    assert name.endswith(".mp4")
    assert len(name.encode()) <= 200


@pytest.mark.parametrize("id", ["..%2f..%2fetc%2fpasswd", "0" * 31, "G" * 32, "0" * 32])
def test_what_is_no_id_is_not_found(studio: Studio, upload_service: UploadService, id: str) -> None:
    assert sender(studio).send("HEAD", f"/api/v1/uploads/{id}").status_code == 404


def test_what_expired_is_swept(studio: Studio, upload_service: UploadService) -> None:
    old = replace(upload_service, expiry=timedelta(hours=-1))
    studio.app.state.services = given(studio.services, upload_service=old)
    client = sender(studio)
    path = client.create(10)
    found = upload_service.uploads.expired(upload_service.expires_at())
    assert [each.id for each in found] == [path.rsplit("/", 1)[-1]]


def test_every_step_is_in_the_audit_log(studio: Studio, upload_service: UploadService) -> None:
    client = sender(studio)
    client.patch(client.create(3), b"abc", 0)
    client.send("DELETE", client.create(3))
    said = [(each.actor, each.action) for each in studio.sign_in.audit.entries(action="upload.")]
    assert said == [
        ("editor", "upload.remove"),
        ("editor", "upload.begin"),
        ("editor", "upload.complete"),
        ("editor", "upload.begin"),
    ]
