from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from tests.web.sample_archive import LONG, MATERNITY, recording_id

PAGES = [
    "/", "/search?q=thai+san", "/search", "/topics", "/topics/thai-san", "/programmes/diem-hen",
    f"/episodes/{MATERNITY}", f"/episodes/{LONG}", "/nowhere",
]  # fmt: skip
LIMIT = 60_000


@pytest.mark.parametrize(
    "path", [*PAGES, "/api/v1/suggest?q=a", f"/media/{recording_id(1)}/480/1.m4s", "/robots.txt"]
)
def test_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers


@pytest.mark.parametrize("path", PAGES)
def test_nothing_in_a_page_that_the_policy_would_refuse(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert not re.search(r"\sstyle=|\son\w+=\"|javascript:|<style", page)
    for script in re.findall(r"<script\b[^>]*>", page):
        assert "src=" in script or re.search(r'type="application/(ld\+)?json"', script)
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!tualai\.example)', page)


def wire_bytes(client: TestClient, path: str) -> int:
    """Bytes sent for `path`, packed as a browser asks for it."""
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        return len(b"".join(answer.iter_raw()))


def scripts_of(client: TestClient, page: str) -> set[str]:
    """The scripts of a page with all they may import, hls.js aside."""
    wanted = set(re.findall(r'src="(/static/[^"]+\.js)"', page))
    seen: set[str] = set()
    while wanted - seen:
        path = (wanted - seen).pop()
        seen.add(path)
        folder = path.rsplit("/", 1)[0]
        imports = re.findall(r"(?:from|import\()\s*\"\./([\w.]+\.js)\"", client.get(path).text)
        wanted |= {f"{folder}/{name}" for name in imports}
    return seen


@pytest.mark.parametrize("path", PAGES)
def test_a_page_weighs_less_than_sixty_kilobytes(client: TestClient, path: str) -> None:
    page = client.get(path).text
    parts = scripts_of(client, page) | set(re.findall(r'href="(/static/[^"]+)"', page))
    assert len(parts) > 4
    total = wire_bytes(client, path) + sum(wire_bytes(client, part) for part in parts)
    assert total < LIMIT
