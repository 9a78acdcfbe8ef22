"""The workers' live page in a real browser: what happens is shown as it happens, however it comes through."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from infra.assembly.archive import Archive
from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from infra.db.outbox.events import tell
from media.archive.episodes import Episode, EpisodeState, Programme
from tests.end_to_end.serving import PATIENCE, ROOT, browser, site
from tests.end_to_end.serving import _wait as wait_for
from web.domain.events.events import public_channel
from web.domain.questions.asking import Asker, Asking, new_device
from web.domain.questions.drafts import read_draft
from web.domain.questions.questions import Companion, Hold

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUG = "hoi-dap"
PAGE = f"/episodes/{SLUG}"
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with open_archive(Settings(home=tmp_path_factory.mktemp("live"), embedder="off")) as opened:
        opened.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        episode = Episode(SLUG, "dh", "Hỏi đáp trực tiếp", date(2026, 11, 28), state=EpisodeState.SCHEDULED)
        opened.live.broadcasts.plan(episode, datetime(2026, 11, 28, 13, 0))
        opened.companion.questions.save_companion(Companion(SLUG, hold=Hold.NONE))
        yield opened


@pytest.fixture(scope="module")
def asking(archive: Archive) -> Asking:
    return archive.companion.asking()


@pytest.fixture(scope="module")
def address(archive: Archive) -> Iterator[str]:
    with site(archive.settings.home) as served:
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def phone(address: str, chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=address, viewport=PHONE, locale="vi-VN")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def ask(asking: Asking, text: str) -> str:
    return asking.ask(
        read_draft({"text": text}), Asker(new_device(), "10.0.0.9"), SLUG, ("", "")
    ).question.id


def vote(asking: Asking, question: str) -> None:
    asking.vote(question, Asker(new_device(), "10.0.0.8"), wanted=True)


def told(archive: Archive, kind: str, **data: object) -> None:
    with archive.database.write() as c:
        tell(c, public_channel(SLUG), kind, **data)


def row(page: Page, question: str):  # type: ignore[no-untyped-def]
    return page.locator(f"#q-{question}")


def test_everything_is_shown_as_it_happens(archive: Archive, asking: Asking, phone: BrowserContext) -> None:
    first = ask(asking, "Nghỉ thai sản được mấy tháng?")
    page = phone.new_page()
    page.goto(PAGE)
    expect(row(page, first)).to_contain_text("Nghỉ thai sản được mấy tháng?")
    second = ask(asking, "Tăng ca ngày lễ tính lương thế nào?")
    expect(row(page, second)).to_contain_text("Tăng ca ngày lễ")
    vote(asking, first)
    expect(row(page, first).locator("[data-votes-said]")).to_have_text("Có 2 người hỏi")

    own = row(page, first).get_by_role("button", name="Tôi cũng hỏi câu này")
    own.click()
    expect(row(page, first).locator("[data-votes-said]")).to_have_text("Có 3 người hỏi")
    expect(own).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(own).to_have_attribute("aria-pressed", "true")
    own.click()
    expect(row(page, first).locator("[data-votes-said]")).to_have_text("Có 2 người hỏi")

    question = archive.companion.questions.question(first)
    archive.companion.board.begin_answer(first, "Bà Hoa", question.version)
    expect(page.locator("[data-answering-text]")).to_have_text("Nghỉ thai sản được mấy tháng?")
    archive.companion.board.end_answer(SLUG)
    expect(page.locator("[data-answering]")).to_be_hidden()
    told(archive, "live", state="on_air")
    expect(page.locator("[data-said]")).to_have_text("Đang phát trực tiếp")
    expect(page.locator("[data-begin]")).to_be_visible()
    told(archive, "live", state="interrupted")
    expect(page.locator("[data-said]")).to_have_text("Đường truyền bị gián đoạn, sẽ tự nối lại")
    told(archive, "gone", id=second, into=first)
    expect(row(page, second)).to_have_count(0)
    told(archive, "live", state="waiting")


def test_where_streams_are_held_back_it_is_asked_now_and_then(
    archive: Archive, asking: Asking, phone: BrowserContext
) -> None:
    held: list[str] = []

    def hold(route: Route) -> None:
        if "text/event-stream" in route.request.headers.get("accept", ""):
            held.append(route.request.url)  # as a proxy does that keeps a stream until it ends: not a byte
        else:
            route.continue_()

    phone.route(re.compile(r"/events"), hold)
    page = phone.new_page()
    page.goto(PAGE)
    question = ask(asking, "Thử việc có phải đóng bảo hiểm không?")
    expect(row(page, question)).to_be_visible()
    assert held, "a stream was tried first"
    vote(asking, question)
    expect(row(page, question).locator("[data-votes-said]")).to_have_text("Có 2 người hỏi")
    assert page.locator(f"#q-{question}").count() == 1


@contextmanager
def killable(archive: Archive, port: int) -> Iterator[str]:
    """A site of its own, which is killed with everything it started."""
    command = [sys.executable, "-m", "infra.commands.app", "--home", str(archive.settings.home), "serve"]
    server = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_a_killed_server_loses_nothing(archive: Archive, asking: Asking, chromium: Browser) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = chromium.new_page(viewport=PHONE)
    with killable(archive, port) as address:
        page.goto(address + PAGE)
        before = ask(asking, "Ngày lễ làm thêm được trả bao nhiêu?")
        expect(row(page, before)).to_be_visible()
    question = ask(asking, "Bị nợ lương ba tháng thì làm sao?")
    vote(asking, question)
    expect(page.locator("[data-line]")).to_be_visible()
    with killable(archive, port):
        expect(row(page, question).locator("[data-votes-said]")).to_have_text("Có 2 người hỏi")
        expect(page.locator("[data-line]")).to_be_hidden()
        assert page.locator(f"#q-{question}").count() == page.locator(f"#q-{before}").count() == 1
    page.close()


def test_without_scripts_and_small(asking: Asking, address: str, chromium: Browser) -> None:
    question = ask(asking, "Sổ bảo hiểm lấy ở đâu?")
    context = chromium.new_context(base_url=address, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(PAGE)
    row(page, question).get_by_role("button").click()
    expect(row(page, question).locator("[data-votes-said]")).to_have_text("Có 2 người hỏi")
    assert page.locator("meta[http-equiv=refresh]").count() == 1
    page.fill("#ask-text", "Lương tháng 13 có bắt buộc không?")
    page.get_by_role("button", name="Gửi câu hỏi").click()
    assert "/ask?episode=hoi-dap" in page.url
    context.close()


def test_the_page_is_light(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(PAGE)
    page.wait_for_load_state("load")
    sizes = page.evaluate(
        "[performance.getEntriesByType('navigation')[0], ...performance.getEntriesByType('resource')]"
        ".map((each) => each.transferSize)"
    )
    assert sum(sizes) <= 60_000
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
