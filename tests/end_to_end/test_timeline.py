"""The timeline in a real browser: dragging, nudging, undoing, two editors, a lost line, a closed page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.end_to_end.demo_home import demo_home
from tests.end_to_end.serving import browser, site
from tests.infra.command_line import tualai
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "bánh chưng xanh gói lá dong"
PATH = "/studio/episodes/thai-san/timeline"
CALL = "/api/v1/episodes/thai-san/segments"
HOSTILE = '<img src=x onerror="document.title=1"> \u202e"\'&amp; \U0001f600'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    home = demo_home(tmp_path_factory, tmp_path_factory.mktemp("timeline"))
    with site(home) as url:
        yield url, home


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def cookies(address: tuple[str, Path], chromium: Browser) -> Any:
    """Of an editor who is signed in."""
    url, home = address
    invited = tualai(home, "user", "add", "bien-tap", "--name", "Chị Biên Tập", "--role", "editor")
    token = re.search(r"/studio/link/(\S+)", invited.stdout)
    assert token, invited.stderr
    context = chromium.new_context(base_url=url)
    page = context.new_page()
    page.goto(f"/studio/link/{token[1]}")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    found = context.cookies()
    context.close()
    return found


@pytest.fixture
def context(address: tuple[str, Path], chromium: Browser, cookies: Any) -> Iterator[BrowserContext]:
    made = chromium.new_context(
        viewport={"width": 1280, "height": 800}, locale="vi-VN", base_url=address[0]
    )
    made.add_cookies(cookies)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    errors: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(PATH)
    expect(opened.locator("[data-fields]")).to_be_visible()
    yield opened
    assert errors == []


def stored(page: Page) -> list[dict[str, Any]]:
    """The answers as saved."""
    found: list[dict[str, Any]] = page.request.get(CALL).json()["segments"]
    return [each for each in found if each["kind"] == "answer"]


def saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "saved")


def choose(page: Page, index: int) -> None:
    page.locator("[data-list] button").nth(index).click()


def test_the_pipeline_made_a_waveform_and_the_recording_plays_before_it_is_public(page: Page) -> None:
    wave = page.request.get("/api/v1/episodes/thai-san/waveform").json()
    assert len(wave["silences"]) > 10 and len(wave["peaks"]) > 2000
    page.keyboard.press("r")
    page.wait_for_function(
        "() => { const v = document.querySelector('video'); return !v.paused && v.currentTime > 1 }"
    )
    page.keyboard.press("k")
    expect(page.locator("[data-do=toggle]")).to_have_text("Phát")


def test_an_edge_is_nudged_dragged_and_undone(page: Page) -> None:
    choose(page, 1)
    before = stored(page)[1]
    edge = page.locator(".block.chosen .edge-end")
    edge.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    expect(edge).to_have_attribute("aria-valuenow", str(round(before["end"] + 1.2, 3)))
    saved(page)
    assert stored(page)[1]["end"] == pytest.approx(before["end"] + 1.2)
    box = edge.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=5)
    page.mouse.up()
    saved(page)
    assert stored(page)[1]["end"] < before["end"] - 2
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    saved(page)
    after = stored(page)[1]
    assert (after["end"], after["origin"]) == (before["end"], "machine")


def test_split_merge_and_undo_keep_ids(page: Page) -> None:
    choose(page, 0)
    before = stored(page)
    page.keyboard.press("r")
    page.keyboard.press("k")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("s")
    saved(page)
    halves = stored(page)
    assert len(halves) == len(before) + 1 and halves[0]["id"] == before[0]["id"]
    assert halves[0]["end"] == halves[1]["start"]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("g")
    saved(page)
    assert [each["id"] for each in stored(page)] == [each["id"] for each in before]
    page.keyboard.press("u")
    page.keyboard.press("u")
    saved(page)
    same = ("id", "start", "end", "question", "origin", "state")
    assert [[each[n] for n in same] for each in stored(page)] == [
        [each[n] for n in same] for each in before
    ]


def test_a_marked_span_becomes_an_answer_with_hostile_text(page: Page) -> None:
    count = len(stored(page))
    page.locator("[data-viewport]").click(position={"x": 300, "y": 12})
    page.keyboard.press("i")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    page.keyboard.press("m")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(HOSTILE)
    page.keyboard.press("Escape")
    saved(page)
    made = next(each for each in stored(page) if each["question"].startswith("<img"))
    assert (made["question"], made["state"], made["origin"]) == (HOSTILE, "confirmed", "editor")
    page.reload()
    expect(page.locator("[data-list]")).to_contain_text("<img src=x")
    assert page.locator("img").count() == 0 and page.title() != "1"
    page.locator("[data-list] button", has_text="<img").click()
    page.keyboard.press("x")
    saved(page)
    assert len(stored(page)) == count


def test_two_editors_are_shown_both_versions(page: Page, context: BrowserContext) -> None:
    other = context.new_page()
    other.goto(PATH)
    for each, text in ((page, "chị Một"), (other, "chị Hai")):
        choose(each, 2)
        each.locator("#asker").fill(text)
        if each is page:
            saved(page)
    dialog = other.locator("[data-clash]")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[data-mine]")).to_contain_text("chị Hai")
    expect(dialog.locator("[data-theirs]")).to_contain_text("chị Một")
    assert stored(page)[2]["asker"] == "chị Một"
    dialog.locator("[data-keep=mine]").click()
    saved(other)
    assert stored(page)[2]["asker"] == "chị Hai"


def test_a_lost_line_keeps_changes_and_sends_them_later(page: Page, context: BrowserContext) -> None:
    choose(page, 3)
    context.set_offline(True)
    page.locator("#asker").fill("anh Ngoài Luồng")
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "offline")
    context.set_offline(False)
    saved(page)
    assert stored(page)[3]["asker"] == "anh Ngoài Luồng"


def test_what_is_refused_holds_nothing_else_up(page: Page) -> None:
    choose(page, 0)
    page.route(
        "**/segments/changes",
        lambda route: (
            route.fulfill(status=400, json={"detail": "Không được."})
            if "anh Bị Từ Chối" in (route.request.post_data or "")
            else route.continue_()
        ),
    )
    page.locator("#asker").fill("anh Bị Từ Chối")
    choose(page, 1)
    page.locator("#asker").fill("anh Được Lưu")
    expect(page.locator("[data-state]")).to_have_text("Không lưu được: Không được.")
    until(lambda: stored(page)[1]["asker"] == "anh Được Lưu", "what was not refused is saved")
    choose(page, 0)
    page.locator("#asker").fill("anh Viết Lại")
    saved(page)
    assert stored(page)[0]["asker"] == "anh Viết Lại"


def test_a_closed_page_offers_its_changes_again(page: Page, context: BrowserContext) -> None:
    choose(page, 3)
    page.route("**/segments/changes", lambda route: route.abort())
    page.locator("#asker").fill("anh Chưa Lưu")
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "offline")
    page.close(run_before_unload=False)
    again = context.new_page()
    again.goto(PATH)
    dialog = again.locator("[data-unsaved]")
    expect(dialog).to_be_visible()
    dialog.locator("[value=keep]").click()
    saved(again)
    assert stored(again)[3]["asker"] == "anh Chưa Lưu"


def test_all_above_a_confidence_are_accepted_at_once(page: Page) -> None:
    page.locator("[data-above]").fill("60")
    button = page.locator("[data-accept-all]")
    found = re.search(r"\d+", button.inner_text())
    assert found is not None
    before = sum(each["state"] == "confirmed" for each in page.request.get(CALL).json()["segments"])
    button.click()
    saved(page)
    after = sum(each["state"] == "confirmed" for each in page.request.get(CALL).json()["segments"])
    assert after - before == int(found[0]) > 0


def test_a_form_for_each_segment_without_a_script(
    chromium: Browser, address: tuple[str, Path], cookies: Any
) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=address[0])
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(PATH)
    page.locator("[data-plain] summary").first.click()
    page.locator("[data-plain] details[open] [name=asker]").fill("chị Không Script")
    page.locator("[data-plain] details[open] button[value=save]").click()
    expect(page.locator(".done")).to_be_visible()
    assert "chị Không Script" in [each["asker"] for each in page.request.get(CALL).json()["segments"]]
    context.close()
