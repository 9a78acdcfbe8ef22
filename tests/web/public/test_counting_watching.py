"""`POST /api/v1/watching`."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from tests.web.sample_archive import DRAFT, MATERNITY, Archive
from web.domain.statistics.views import StatisticsScope, Viewing
from web.text.days import today

OWN = {"sec-fetch-site": "same-origin"}
REPORT = {"episode": MATERNITY, "first": True, "seconds": 12.5, "ranges": [[0, 12]]}


def watches(archive: Archive) -> dict[str, Viewing]:
    services = archive.services
    assert services.view_counter is not None and services.archive.views is not None
    services.view_counter.flush()
    return services.archive.views.by_episode(StatisticsScope(today(), today()))


def send(client: TestClient, body: object, headers: dict[str, str] = OWN) -> int:
    return client.post("/api/v1/watching", content=json.dumps(body), headers=headers).status_code


def test_what_is_watched_is_counted_without_a_cookie(client: TestClient, archive: Archive) -> None:
    answer = client.post("/api/v1/watching", content=json.dumps(REPORT), headers=OWN)
    assert answer.status_code == 204
    assert "set-cookie" not in answer.headers
    send(client, {**REPORT, "first": False, "ranges": [[12, 20]]})
    assert watches(archive) == {MATERNITY: Viewing(1, 20.0)}


@pytest.mark.parametrize(
    "change",
    [
        {"episode": DRAFT},
        {"episode": "khong-co"},
        {"ranges": [[0, 299], [0, 299]]},
        {"ranges": [[290, 340]]},
        {"seconds": 1e5},
    ],
)
def test_what_cannot_be_is_taken_and_not_counted(
    client: TestClient, archive: Archive, change: dict[str, object]
) -> None:
    assert send(client, {**REPORT, **change}) == 204
    assert watches(archive) == {}


@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        {},
        {**REPORT, "episode": "../x"},
        {**REPORT, "episode": "a" * 81},
        {**REPORT, "ranges": []},
        {**REPORT, "ranges": [[0, 1]] * 31},
        {**REPORT, "ranges": [[0, 1, 2]]},
        {**REPORT, "ranges": [[0, None]]},
        {**REPORT, "first": 1},
        {**REPORT, "seconds": "9"},
        {**REPORT, "more": "x" * 3000},
    ],
)
def test_other_bodies_are_refused(client: TestClient, body: object) -> None:
    assert send(client, body) == 400


def test_robots_prefetches_and_other_sites_are_not_counted(client: TestClient, archive: Archive) -> None:
    assert send(client, REPORT, {**OWN, "user-agent": "Googlebot/2.1"}) == 204
    assert send(client, REPORT, {**OWN, "sec-purpose": "prefetch"}) == 204
    assert send(client, REPORT, {"sec-fetch-site": "cross-site"}) == 403
    assert send(client, REPORT, {}) == 403
    assert watches(archive) == {}
