"""The transcript's desk in a real browser: two editors, a browser killed, a line lost, ninety minutes of cues."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.end_to_end.desk_archive import LONG, SHORT, make
from tests.end_to_end.serving import FLAGS, browser, site
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOSTILE = '<img src=x onerror="document.title=1"> & \u202e🐉 </script>'

KEPT = """async (text) => {
  const opening = indexedDB.open("tualai", 1);
  const database = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const asked = database.transaction("drafts").objectStore("drafts").getAll();
  const drafts = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  database.close();
  return JSON.stringify(drafts).includes(text);
}"""
"""Whether a draft with a text is on the browser's disk."""

MADE = "async () => (await indexedDB.databases()).some((each) => each.name === 'tualai')"
"""Whether the page made its store: KEPT must not be the first to open it."""
FAILING_ONCE = """
const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function () {
  IDBFactory.prototype.open = open;
  window.refused = true;
  throw new DOMException("locked");
};
"""
"""A browser whose store cannot be opened the first time, as when another process still holds its files."""

WATCHING = """
window.longest = []; window.drawn = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.longest.push(Math.round(each.duration));
}).observe({ type: "longtask", buffered: true });
new MutationObserver((list) => { for (const each of list) window.drawn += each.addedNodes.length; })
  .observe(document, { childList: true, subtree: true });
"""
"""Counts in the page: long tasks, and elements that were put into it."""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Resolves when what was done before has been drawn."""


@dataclass
class Desk:
    address: str
    cookies: dict[str, str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("desk")
    cookies = make(home)
    with site(home) as address:
        yield Desk(address, cookies)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def sign_in(context: BrowserContext, desk: Desk, login: str) -> None:
    context.add_cookies([{"name": "studio", "value": desk.cookies[login], "url": desk.address}])


@pytest.fixture
def opened(chromium: Browser, desk: Desk) -> Iterator[Callable[[str], Page]]:
    contexts = []

    def open_as(login: str, slug: str = SHORT) -> Page:
        context = chromium.new_context()
        contexts.append(context)
        sign_in(context, desk, login)
        page = context.new_page()
        page.goto(f"{desk.address}/studio/episodes/{slug}/transcript")
        expect(page.locator("[data-state]")).to_have_attribute("data-is", "as_stored")
        return page

    yield open_as
    for context in contexts:
        context.close()


def write(page: Page, number: int, text: str) -> None:
    """Put `text` before the first word of a cue."""
    cue = page.locator(".cue").nth(number)
    cue.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.type(text + " ")
    page.keyboard.press("Escape")


def saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_have_attribute("data-is", "saved")


def test_two_editors_keep_their_work_and_a_clash_shows_both(opened: Callable[[str], Page]) -> None:
    lan, minh = opened("lan"), opened("minh")
    write(lan, 1, "LAN-MỘT")
    write(minh, 5, "MINH-NĂM")
    saved(lan)
    saved(minh)
    expect(minh.locator(".cue").nth(1)).to_contain_text("LAN-MỘT")
    expect(minh.locator("[data-people]")).to_contain_text("Chị Lan")
    write(lan, 9, "LAN-CHÍN")
    write(minh, 9, "MINH-CHÍN")
    asked = [page.locator(".choice") for page in (minh, lan)]
    until(lambda: any(each.count() for each in asked), "one of them was asked to choose")
    choice = minh if asked[0].count() else lan
    expect(choice.locator(".choice")).to_contain_text("LAN-CHÍN")
    expect(choice.locator(".choice")).to_contain_text("MINH-CHÍN")
    write(choice, 12, "KHÁC")  # what does not clash is saved all the same
    choice.locator(".choice button").first.click()
    saved(choice)
    mine = "MINH-CHÍN" if choice is minh else "LAN-CHÍN"
    choice.reload()
    expect(choice.locator(".cue").nth(9)).to_contain_text(mine)
    expect(choice.locator(".cue").nth(12)).to_contain_text("KHÁC")


def test_theirs_can_be_taken_and_taken_back(opened: Callable[[str], Page]) -> None:
    lan, minh = opened("lan"), opened("minh")
    write(lan, 20, "CỦA-LAN")
    saved(lan)
    write(minh, 20, "CỦA-MINH")
    expect(minh.locator(".choice")).to_contain_text("CỦA-LAN")
    minh.locator(".choice button").nth(1).click()
    expect(minh.locator(".cue").nth(20)).to_contain_text("CỦA-LAN")
    expect(minh.locator(".choice")).to_have_count(0)


def test_split_merge_undo_and_confirm_go_to_the_server(opened: Callable[[str], Page]) -> None:
    page = opened("lan")
    before = page.locator(".cue .said").nth(30).inner_text()
    count = page.locator(".cue").count()
    page.locator(".cue").nth(30).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".cue")).to_have_count(count + 1)
    page.keyboard.press("Escape")
    saved(page)
    page.locator(".cue").nth(31).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    expect(page.locator(".cue")).to_have_count(count)
    saved(page)
    for _ in range(2):
        page.keyboard.press("Control+z")
    saved(page)
    page.reload()
    expect(page.locator(".cue")).to_have_count(count)
    assert page.locator(".cue .said").nth(30).inner_text() == before
    left = int(page.locator("[data-unsure]").inner_text())
    page.keyboard.press("F8")
    page.keyboard.press("F9")
    expect(page.locator("[data-unsure]")).to_have_text(str(left - 1))
    saved(page)


def test_hostile_text_stays_text(opened: Callable[[str], Page]) -> None:
    page = opened("lan")
    title = page.title()
    page.locator(".cue").nth(40).focus()
    page.keyboard.press("Enter")
    page.locator(".editor textarea").fill(HOSTILE)
    page.keyboard.press("Escape")
    saved(page)
    page.reload()
    expect(page.locator(".cue").nth(40)).to_contain_text("<img src=x")
    assert page.locator(".cues img").count() == 0
    assert page.title() == title


def test_without_a_line_edits_wait_and_go_out_later(opened: Callable[[str], Page]) -> None:
    page = opened("minh")
    page.context.set_offline(True)
    write(page, 45, "NGOẠI-TUYẾN")
    expect(page.locator("[data-state]")).to_have_attribute("data-is", "offline")
    page.context.set_offline(False)
    saved(page)
    page.reload()
    expect(page.locator(".cue").nth(45)).to_contain_text("NGOẠI-TUYẾN")


def test_a_killed_browser_offers_again_what_was_not_saved(
    chromium: Browser, desk: Desk, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    page = _own_browser(chromium, desk, profile)
    page.context.set_offline(True)
    write(page, 50, "CHƯA-LƯU")
    until(lambda: page.evaluate(KEPT, "CHƯA-LƯU"), "the draft was on the disk")
    _kill_browser(profile)
    page = _own_browser(chromium, desk, profile)
    expect(page.locator("[data-drafts]")).to_be_visible()
    page.locator("[data-drafts] button").first.click()
    expect(page.locator(".cue").nth(50)).to_contain_text("CHƯA-LƯU")
    saved(page)
    page.reload()
    expect(page.locator(".cue").nth(50)).to_contain_text("CHƯA-LƯU")
    expect(page.locator("[data-drafts]")).to_be_hidden()
    page.context.close()


def test_a_store_that_could_not_be_opened_once_keeps_what_is_typed_later(
    chromium: Browser, desk: Desk
) -> None:
    context = chromium.new_context()
    sign_in(context, desk, "lan")
    page = context.new_page()
    page.add_init_script(FAILING_ONCE)
    page.goto(f"{desk.address}/studio/episodes/{SHORT}/transcript")
    page.wait_for_function("() => window.refused")
    context.set_offline(True)
    write(page, 30, "CHƯA-GỬI")
    until(lambda: page.evaluate(MADE) and page.evaluate(KEPT, "CHƯA-GỬI"), "the draft was on the disk")
    context.close()


def _own_browser(chromium: Browser, desk: Desk, profile: Path) -> Page:
    """A browser with a profile that outlives it, at the short transcript."""
    (profile / "SingletonLock").unlink(missing_ok=True)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    context = chromium.browser_type.launch_persistent_context(
        str(profile), executable_path=_chromium(), args=flags
    )
    sign_in(context, desk, "lan")
    page = context.new_page()
    page.goto(f"{desk.address}/studio/episodes/{SHORT}/transcript")
    expect(page.locator("[data-state]")).to_have_attribute("data-is", "as_stored")
    return page


def test_ninety_minutes_scroll_and_edit_without_lag(chromium: Browser, desk: Desk) -> None:
    """However long the transcript is, scrolling draws nothing anew, and an edit only what it changes: which is what
    keeps long tasks away. How long they are is said, not judged: that is the machine's matter."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    sign_in(context, desk, "lan")
    page = context.new_page()
    page.add_init_script(WATCHING)
    page.goto(f"{desk.address}/studio/episodes/{LONG}/transcript")
    expect(page.locator("[data-state]")).to_have_attribute("data-is", "as_stored")
    expect(page.locator("[data-unsure]")).not_to_be_empty()
    page.evaluate(f"({SETTLED})()")
    loading = page.evaluate("window.longest.splice(0)")
    page.evaluate("window.drawn = 0")
    page.mouse.move(900, 500)
    for _ in range(40):
        page.mouse.wheel(0, 2500)
        page.evaluate(f"({SETTLED})()")
    scrolling, redrawn = page.evaluate("[window.longest.splice(0), window.drawn]")
    assert redrawn < 100
    for number in (1200, 1900, 2400):
        write(page, number, "sửa lời này")
    saved(page)
    page.keyboard.press("F8")
    page.keyboard.press("F9")
    page.keyboard.press("Control+z")
    saved(page)
    editing, redrawn = page.evaluate("[window.longest.splice(0), window.drawn]")
    print(f"long tasks (ms): loading {loading}, scrolling {scrolling}, editing {editing}; {redrawn} drawn")
    context.close()
    assert redrawn < 1000


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def _kill_browser(profile: Path) -> None:
    """SIGKILL to the processes of the browser with this profile, as a crash or the power failing would; and wait for
    their end, as one that still holds the profile's files would be in its successor's way."""
    flag = f"--user-data-dir={profile}"
    found = [each for each in psutil.process_iter(["cmdline"]) if flag in (each.info["cmdline"] or ())]
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    until(lambda: not any(map(_lives, found)), "the browser's processes ended")


def _lives(process: psutil.Process) -> bool:
    """Not so one that ended and whose end nobody asked for, as of orphans in a container."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
