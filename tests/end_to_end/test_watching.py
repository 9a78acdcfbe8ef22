"""A real browser plays a real clip, and the seconds it played are counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.end_to_end.serving import PATIENCE, browser, site
from tests.infra.clips import make_captions, make_clip
from tests.infra.command_line import answer
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An archive of one clip of 24 seconds."""
    folder = tmp_path_factory.mktemp("watching")
    clip, captions = make_clip(folder / "clip.mp4", 24), make_captions(folder / "clip.srt")
    facts = (
        "--programme",
        "gio-giai-dap",
        "--title",
        "Thai sản",
        "--date",
        "2025-12-13",
        "--publish",
        "--wait",
    )
    assert answer(folder / "home", "ingest", clip, "--captions", captions, *facts)["state"] == "published"
    yield folder / "home"


def counted(home: Path) -> tuple[list[tuple[int, float]], dict[int, float]]:
    """Views and seconds by day, and seconds by bucket, as they stand in the database."""
    with sqlite3.connect(home / "tualai.sqlite") as database:
        days = list(database.execute("SELECT views, seconds FROM view_days"))
        return days, dict(database.execute("SELECT bucket, seconds FROM view_buckets"))


AT = """([second, then]) => {
  const look = ({ target: video }) => {
    if (video.currentTime < second) return;
    document.removeEventListener("timeupdate", look, true);
    sessionStorage.setItem("at", video.currentTime);
    if (then === "pause") video.pause();
    else if (then === "leave") location.assign("/");
    else video.currentTime = then;
  };
  sessionStorage.removeItem("at");
  document.addEventListener("timeupdate", look, true);
}"""
"""Does something as soon as a second is played; in the page itself, as the way there takes a busy machine long."""


def played(page: Page) -> float:
    """Waits until that was done; the time it was done at, in seconds."""
    page.wait_for_function("() => sessionStorage.getItem('at')", timeout=PATIENCE)
    return float(page.evaluate("sessionStorage.getItem('at')"))


def test_twelve_seconds_of_playing_are_counted(home: Path) -> None:
    with site(home) as address, browser() as chromium:
        page = chromium.new_page()
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        page.goto(f"{address}/episodes/thai-san")
        page.evaluate(AT, [2, "pause"])
        page.locator("[data-begin]").click()
        assert played(page) < 5
        page.wait_for_timeout(300)  # not for anything: nothing may come
        assert not sent, "two seconds are no view"
        page.evaluate(AT, [9, 18])
        page.locator("[data-toggle]").click()
        left = played(page)
        page.evaluate(AT, [21, "leave"])  # leaving reports what was played
        page.wait_for_url(f"{address}/", timeout=PATIENCE)
        stood = played(page)
        assert page.context.cookies() == []
        assert len(sent) <= 2
        until(lambda: counted(home)[0], "it was counted")
    [(views, seconds)], buckets = counted(home)
    assert views == 1
    assert seconds == pytest.approx(left + stood - 18, abs=1.5)
    assert buckets[0] == pytest.approx(min(left, 10), abs=1)
    assert buckets[2] == pytest.approx(stood - 20, abs=1)
