"""A real browser plays a real clip, and the seconds it played are counted."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.serving import browser, site
from tests.infra.clips import make_captions, make_clip
from tests.infra.command_line import answer

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


def test_twelve_seconds_of_playing_are_counted(home: Path) -> None:
    with site(home) as address, browser() as chromium:
        page = chromium.new_page()
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        page.goto(f"{address}/episodes/thai-san")
        page.locator("[data-begin]").click()
        page.wait_for_function("() => document.querySelector('video').currentTime > 2", timeout=30_000)
        page.locator("[data-toggle]").click()
        page.wait_for_timeout(300)
        assert not sent, "two seconds are no view"
        page.locator("[data-toggle]").click()
        page.wait_for_function("() => document.querySelector('video').currentTime >= 9", timeout=30_000)
        page.evaluate("() => { document.querySelector('video').currentTime = 18 }")
        page.wait_for_function("() => document.querySelector('video').currentTime >= 21", timeout=30_000)
        stood = float(page.evaluate("() => document.querySelector('video').currentTime"))
        page.goto(address)  # leaving reports what was played
        assert page.context.cookies() == []
        assert len(sent) <= 2
        time.sleep(0.5)
    # The site has stopped, and wrote what waited.
    [(views, seconds)], buckets = counted(home)
    assert views == 1
    assert seconds == pytest.approx(9 + stood - 18, abs=1.5)
    assert buckets[0] == pytest.approx(9, abs=1)
    assert buckets[2] == pytest.approx(stood - 20, abs=1)
