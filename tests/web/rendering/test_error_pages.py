from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from media.errors import ArchiveError, Conflict, InvalidInput, NotFound, Unavailable
from tests.web.sample_archive import MATERNITY, Archive
from web.app import create_app
from web.rendering.error_pages import status_of

PAGE = f"/episodes/{MATERNITY}"


class Special(NotFound):
    """A narrower error than those in the table."""


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(""), 404),
        (Conflict(""), 409),
        (InvalidInput(""), 400),
        (Unavailable(""), 503),
        (Special(""), 404),
        (ArchiveError(""), 500),
    ],
)
def test_statuses(error: ArchiveError, status: int) -> None:
    assert status_of(error) == status


def test_people_get_a_page_and_programs_get_problem_details(client: TestClient) -> None:
    page = client.get("/nowhere", headers={"accept": "text/html,*/*"})
    assert page.status_code == 404
    assert "Không tìm thấy trang này" in page.text
    assert page.headers["cache-control"] == "no-store"
    for answer in (
        client.get("/api/v1/nowhere"),
        client.get("/nowhere", headers={"accept": "application/json"}),
    ):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 404
        assert set(answer.json()) == {"type", "title", "status", "detail"}


def test_an_unavailable_store_says_what_to_do(
    archive: Archive, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(slug: str) -> None:
        raise Unavailable("The database is locked; try again.")

    monkeypatch.setattr(archive.catalogue, "episode", fail)
    answer = client.get(PAGE)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert "đợi nửa phút" in answer.text


def test_a_programming_error_is_not_shown(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(slug: str) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(archive.catalogue, "episode", fail)
    client = TestClient(create_app(archive.services), raise_server_exceptions=False)
    page = client.get(PAGE)
    assert page.status_code == 500
    assert "Trang bị lỗi" in page.text
    assert "tải lại trang" in page.text
    assert "secret" not in page.text
    assert "content-security-policy" in page.headers
    assert "secret" not in client.get(f"/api/v1{PAGE}").text


def test_problem_pages_speak_english_too(client: TestClient) -> None:
    assert "This page was not found" in client.get("/nowhere?lang=en").text
