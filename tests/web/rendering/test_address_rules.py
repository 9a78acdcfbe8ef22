from __future__ import annotations

from starlette.testclient import TestClient

from tests.web.sample_archive import MATERNITY


def test_a_path_with_nul_leads_nowhere(client: TestClient) -> None:
    for path in (f"/episodes/{MATERNITY}%00", "/api/v1/episodes/%00", "/topics/%00", "/media/%00/x"):
        assert client.get(path).status_code == 404, path
    answer = client.get("/api/v1/episodes/%00")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "default-src" in answer.headers["content-security-policy"]


def test_nul_in_a_query_is_a_space(client: TestClient) -> None:
    assert client.get("/api/v1/search?q=thai%00san").json()["query"] == "thai san"
    assert client.get("/api/v1/search?q=thai%2500").json()["query"] == "thai%00"
