"""A worker asks from a phone, in a real browser: with scripts, without, and with the network gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.db.base.database import Database
from infra.db.questions.questions import SqlQuestions
from tests.end_to_end.asking_archive import COMING, KNOWN, QUESTION, make
from tests.end_to_end.serving import browser, site

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
TEXT = "Công ty không cho nghỉ giữa ca thì làm sao?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asking")
    make(folder)
    return folder


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with site(home) as served:
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def asked(home: Path) -> list[tuple[str, bool, int]]:
    database = Database(f"sqlite:///{home / 'tualai.sqlite'}")
    found = SqlQuestions(database).of_episode(COMING, public_only=False)
    database.close()
    return sorted((each.shown, each.held, each.votes) for each in found)


def phone(chromium: Browser, **options: object) -> Page:
    page = chromium.new_context(viewport=PHONE, **options).new_page()  # type: ignore[arg-type]
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def test_asking_with_scripts(chromium: Browser, address: str, home: Path) -> None:
    page = phone(chromium)
    page.goto(f"{address}/ask")
    page.get_by_label("Câu hỏi của anh chị").fill("em nghi thai san duoc may thang")
    expect(page.locator("[data-known]")).to_contain_text(QUESTION)
    page.get_by_label("Câu hỏi của anh chị").fill(TEXT)
    page.get_by_role("button", name="Gửi câu hỏi").click()
    page.wait_for_url("**/questions/*")
    code = page.locator(".code-large").inner_text().replace(" ", "")
    assert page.url == f"{address}/questions/{code}"
    assert (TEXT, False, 1) in asked(home), "the script's proof of work was good"
    page.goto(f"{address}/ask")
    assert page.get_by_label("Câu hỏi của anh chị").input_value() == ""
    expect(page.locator("[data-receipts] a")).to_have_attribute("href", f"/questions/{code}")
    other = phone(chromium)
    other.goto(f"{address}/ask")
    me_too = other.locator("[data-vote] button").first
    for pressed, votes in (("true", "2"), ("false", "1"), ("true", "2")):
        me_too.click()
        expect(me_too).to_have_attribute("aria-pressed", pressed)
        expect(me_too.locator("[data-votes]")).to_have_text(votes)
    other.reload()
    expect(other.locator("[data-vote] button").first).to_have_attribute("aria-pressed", "true")


def test_an_answer_of_the_archive_ends_it(chromium: Browser, address: str) -> None:
    page = phone(chromium)
    page.goto(f"{address}/ask")
    page.get_by_label("Câu hỏi của anh chị").fill("nghỉ thai sản mấy tháng")
    page.get_by_role("button", name="Câu này trả lời đúng ý tôi").click()
    page.wait_for_url(f"**/episodes/{KNOWN}?t=12&until=55")


def test_what_was_typed_survives_a_dead_network(chromium: Browser, address: str, home: Path) -> None:
    page, text = phone(chromium), "Làm ca đêm được thêm bao nhiêu tiền?"
    page.goto(f"{address}/ask")
    page.get_by_label("Câu hỏi của anh chị").fill(text)
    page.context.set_offline(True)
    page.get_by_role("button", name="Gửi câu hỏi").click()
    expect(page.locator("[data-trouble]")).to_contain_text("còn nguyên trên máy này")
    page.context.set_offline(False)
    page.goto(f"{address}/ask")
    assert page.get_by_label("Câu hỏi của anh chị").input_value() == text
    page.get_by_role("button", name="Gửi câu hỏi").click()
    page.wait_for_url("**/questions/*")
    assert (text, False, 1) in asked(home)


def test_asking_without_scripts(chromium: Browser, address: str, home: Path) -> None:
    page, text = phone(chromium, java_script_enabled=False), "Nghỉ thai sản mấy tháng ạ?"
    page.goto(f"{address}/ask")
    page.get_by_label("Câu hỏi của anh chị").fill(text)
    page.get_by_role("button", name="Gửi câu hỏi").click()
    expect(page.locator("h1")).to_have_text("Có người hỏi gần giống câu này rồi")
    page.get_by_role("button", name="Không phải, gửi câu của tôi").click()
    expect(page.locator("h1")).to_have_text("Đang chờ xem")
    assert (text, True, 1) in asked(home)
    code = page.locator(".code-large").inner_text()
    page.goto(f"{address}/ask")
    page.get_by_label("Mã 11 số").fill(code)
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator(".asked")).to_have_text(text)
