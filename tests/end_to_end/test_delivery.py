"""A real browser plays segments that come from elsewhere: from S3 by presigned links, and from a CDN."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.end_to_end.serving import PATIENCE, browser, site
from tests.infra.clips import make_captions, make_clip
from tests.infra.command_line import answer
from tests.media.storage.s3.faulty_proxy import faulty_proxy
from tests.media.storage.s3.s3_server import KEY, SECRET, S3Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ANYBODY = b"Access-Control-Allow-Origin: *"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one published clip, in a folder."""
    folder = tmp_path_factory.mktemp("delivery")
    clip, captions = make_clip(folder / "clip.mp4", 12), make_captions(folder / "clip.srt")
    facts = ("--programme", "gio", "--title", "Thai sản", "--date", "2025-12-13", "--publish", "--wait")
    assert answer(folder / "home", "ingest", clip, "--captions", captions, *facts)["state"] == "published"
    return folder / "home"


def played(page: Page, address: str) -> list[str]:
    """Play some seconds; return the addresses of segments, and fail for what the browser complains of."""
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/episodes/thai-san")
    page.locator("[data-begin]").click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 2", timeout=PATIENCE)
    assert complaints == []
    return [url for url in asked if ".m4s" in url]


def test_from_s3(home: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moved to S3 by the command, checked, and played from there."""
    monkeypatch.setenv("TUALAI_STORAGE_KEY", KEY)
    monkeypatch.setenv("TUALAI_STORAGE_SECRET", SECRET)
    bucket = s3_server.bucket()
    assert answer(home, "storage", "copy", "--to", s3_server.url(bucket, "x"))["copied"] > 5
    with faulty_proxy(s3_server.port) as store:
        store.added = ANYBODY
        monkeypatch.setenv("TUALAI_STORAGE_URL", s3_server.url(bucket, "x", endpoint=store.endpoint))
        monkeypatch.setenv("TUALAI_DELIVERY", "presigned")
        assert answer(home, "storage", "verify", "--deep")["problems"] == []
        with site(home) as address, browser() as chromium:
            segments = played(chromium.new_page(), address)
        assert [url for url in segments if url.startswith(store.endpoint) and "X-Amz-Signature" in url]


def test_from_a_cdn(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with faulty_proxy(0) as cdn:
        monkeypatch.setenv("TUALAI_DELIVERY", "cdn")
        monkeypatch.setenv("TUALAI_DELIVERY_URL", cdn.endpoint)
        with site(home) as address, browser() as chromium:
            cdn.upstream = int(address.rpartition(":")[2])
            segments = played(chromium.new_page(), address)
        assert segments and all(url.startswith(f"{cdn.endpoint}/media/") for url in segments)
