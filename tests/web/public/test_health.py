"""Alive, ready, figures; and that the log keeps no word of a person."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from infra.db.jobs.queues import Figure
from infra.monitoring.prometheus import PrometheusMetrics
from tests.web.groups import given
from web.app import create_app
from web.http.metrics import HealthCheck

TOKEN = "figures-for-prometheus"
DATABASE_AWAY = [
    HealthCheck("database", False, True, "postgresql://secret@host"),
    HealthCheck("index", True, False),
]
INDEX_AWAY = [HealthCheck("database", True, True), HealthCheck("index", False, False, "http://secret:7700")]


def _figures() -> Iterator[Figure]:
    yield Figure("jobs", "Jobs by state.", 3, {"state": "queued"})
    yield Figure("jobs", "Jobs by state.", 1, {"state": "running"})


def _site(client: TestClient, **values: object) -> TestClient:
    return TestClient(create_app(given(client.app.state.services, **values)))  # type: ignore[attr-defined]


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").json() == {"ready": True, "parts": {}}


@pytest.mark.parametrize(("checks", "status"), [(DATABASE_AWAY, 503), (INDEX_AWAY, 200)])
def test_ready_says_what_is_away_and_not_where(
    client: TestClient, checks: list[HealthCheck], status: int
) -> None:
    answer = _site(client, readiness=lambda: checks).get("/readyz")
    assert answer.status_code == status
    assert answer.json()["parts"] == {c.name: "ok" if c.ok else "away" for c in checks}
    assert "secret" not in answer.text


def test_figures_only_with_the_token(client: TestClient) -> None:
    assert client.get("/metrics").status_code == 404
    site = _site(client, metrics=PrometheusMetrics(_figures), metrics_token=TOKEN)
    assert site.get("/metrics").status_code == 403
    assert site.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 403


def test_figures_count_by_pattern(client: TestClient) -> None:
    site = _site(client, metrics=PrometheusMetrics(_figures), metrics_token=TOKEN)
    assert site.get("/topics/thai-san").status_code == 200
    assert site.get("/no-such-page/xyz").status_code == 404
    text = site.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
    samples = {
        (s.name, *sorted(s.labels.items())): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }
    assert samples["tualai_jobs", ("state", "queued")] == 3
    route = (("method", "GET"), ("route", "/topics/{slug}"))
    assert samples["tualai_requests_total", *route, ("status", "200")] >= 1
    assert samples["tualai_request_seconds_count", *route] >= 1
    assert samples["tualai_requests_total", ("method", "GET"), ("route", "none"), ("status", "404")] >= 1
    assert "thai-san" not in text
    assert "xyz" not in text


def test_a_request_has_a_name_and_its_words_are_not_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "tualai.access"):
        answer = client.get(
            "/search?q=so+dien+thoai+0912345678", headers={"x-request-id": "proxy-gave-this"}
        )
        odd = client.get("/search?q=a", headers={"x-request-id": "bad name\t"})
    assert answer.headers["x-request-id"] == "proxy-gave-this"
    assert odd.headers["x-request-id"] != "bad name\t"
    assert "GET /search 200" in caplog.text
    assert "0912345678" not in caplog.text
