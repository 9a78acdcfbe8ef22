"""The main job in a real browser: a recording goes in, a worker's answer comes out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.demo_home import demo_home
from tests.end_to_end.serving import PATIENCE, browser, site
from tests.infra.command_line import answer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site on an archive made by the command line from one recording with captions."""
    home = demo_home(tmp_path_factory, tmp_path_factory.mktemp("main-job"))
    answer(home, "publish", "thai-san")
    with site(home) as url:
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, locale="vi-VN")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert errors == []


def time_of(page: Page) -> float:
    """The time the page plays at, in seconds."""
    return float(page.evaluate("document.querySelector('video').currentTime"))


def plays_past(page: Page, seconds: float) -> None:
    """Wait until the page really plays beyond a time."""
    page.wait_for_function(
        "t => { const v = document.querySelector('video');"
        " return v && !v.paused && v.currentTime > t && v.readyState >= 3 }",
        arg=seconds,
        timeout=PATIENCE,
    )


def test_a_worker_searches_without_tone_marks_and_hears_the_answer(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("searchbox").first.fill("nghi thai san bao lau")
    page.get_by_role("searchbox").first.press("Enter")
    page.wait_for_url("**/search?q=*")
    hit = page.locator("[data-results] [data-hit]").first
    expect(hit).to_contain_text("Nghỉ thai sản được bao lâu")
    start, end = (float(hit.get_attribute(name) or -1) for name in ("data-start", "data-end"))
    assert 15 < start < 25 and start < end
    hit.locator("a[href*='/episodes/']").first.click()
    page.wait_for_url("**/episodes/**")
    page.locator("[data-begin]").click()
    plays_past(page, start + 0.5)
    assert start <= time_of(page) < end


def test_just_that_answer_plays_in_the_list_of_hits(page: Page, address: str) -> None:
    page.goto(f"{address}/search?q=thai+san")
    hit = page.locator("[data-hit]").first
    start = float(hit.get_attribute("data-start") or -1)
    hit.locator("[data-play]").click()
    plays_past(page, start + 0.3)
    assert "/search" in page.url


def test_playing_just_an_answer_stops_at_its_end(page: Page, address: str) -> None:
    page.goto(f"{address}/episodes/thai-san")
    span = page.locator("#answers [data-span]").nth(1)
    end = float(span.get_attribute("data-end") or -1)
    span.locator("[data-only-this]").click()
    plays_past(page, float(span.get_attribute("data-start") or -1) + 0.3)
    page.evaluate("t => { document.querySelector('video').currentTime = t }", end - 1.5)
    page.wait_for_function("() => document.querySelector('video').paused", timeout=PATIENCE)
    assert end - 0.6 <= time_of(page) < end + 5  # it stops a little late when the machine is busy


def test_a_link_with_t_starts_there(page: Page, address: str) -> None:
    page.goto(f"{address}/episodes/thai-san?t=1m40s")
    page.locator("[data-begin]").click()
    plays_past(page, 100.2)
    assert time_of(page) < 110


def test_data_saver_loads_sound_only_and_is_remembered(page: Page, address: str) -> None:
    page.goto(f"{address}/episodes/thai-san")
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.locator("[data-saver]").check()
    page.locator("[data-begin]").click()
    plays_past(page, 0.5)
    media = [url for url in loaded if url.endswith((".m4s", "init.mp4"))]
    assert media and all("/audio/" in url for url in media)
    page.reload()
    expect(page.locator("[data-saver]")).to_be_checked()


def test_the_transcript_follows_and_can_be_clicked(page: Page, address: str) -> None:
    page.goto(f"{address}/episodes/thai-san")
    opener = page.locator("[data-open-words]")
    if opener.count():
        opener.click()
    cue = page.locator("[data-words] [data-t]").nth(10)
    start = float(cue.get_attribute("data-t") or -1)
    cue.click()
    page.wait_for_function(
        "t => Math.abs(document.querySelector('video').currentTime - t) < 3", arg=start, timeout=PATIENCE
    )


def test_searching_works_without_javascript(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("searchbox").first.fill("sinh doi")
    page.get_by_role("searchbox").first.press("Enter")
    expect(page.locator("[data-hit]").first).to_contain_text("thai sản")
    context.close()


@pytest.mark.parametrize("path", ["/", "/search?q=thai+san", "/topics", "/episodes/thai-san", "/khong-co"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_screen(chromium: Browser, address: str, path: str, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("path", ["/", "/search?q=thai+san", "/episodes/thai-san"])
def test_a_page_is_light_and_asks_no_other_host(chromium: Browser, address: str, path: str) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    sizes: dict[str, int] = {}
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    session.on("Network.responseReceived", lambda e: urls.update({e["requestId"]: e["response"]["url"]}))
    session.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])})
    )
    page.goto(address + path, wait_until="networkidle")
    assert all(url.startswith((address, "data:")) for url in urls.values())
    counted = {u: sizes.get(k, 0) for k, u in urls.items() if "/media/" not in u and "hls" not in u}
    assert 0 < sum(counted.values()) < 60_000, counted
    context.close()
