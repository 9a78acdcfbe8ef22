"""The desk's list and an episode's form in a real browser: live progress, type-ahead, drafts, keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.assembly.archive import Archive
from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from infra.db.tables.archive import jobs
from media.archive.episodes import Episode, Guest, Programme, Topic
from media.jobs import JobState
from tests.end_to_end.serving import browser, site
from tests.segments import save_segment
from tests.stores import a_recording
from transcribe.segments import Segment, SegmentKind
from web.domain.accounts.accounts import Account, Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HERE = "/studio/episodes/thang-ba"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = tmp_path_factory.mktemp("desk")
    with open_archive(Settings(home=home, embedder="off")) as opened:
        opened.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        for slug, name in (("thai-san", "Thai sản"), ("tien-luong", "Tiền lương"), ("an-toan", "An toàn")):
            opened.catalogue.save_topic(Topic(slug, name, slug.title()))
        for number, slug in enumerate(("thang-ba", "thang-sau")):
            guests = (Guest("Bà Hoà"), Guest("Ông Nam"))
            episode = Episode(
                slug, "dh", f"Số {slug}", date(2026, 3, 15), guests=guests, topics=("thai-san",)
            )
            opened.catalogue.add_episode(episode, a_recording(f"{number:064x}"))
            question = f"Nghỉ thai sản mấy tháng, số {slug}?"
            segment = Segment(SegmentKind.ANSWER, 10, 40, question, question)
            save_segment(opened.transcripts, slug, segment)
        opened.studio.sign_in.accounts.add(Account("", "lan", "Lan", Role.EDITOR))
        yield opened


@pytest.fixture(scope="module")
def address(archive: Archive) -> Iterator[str]:
    with site(archive.settings.home) as served:
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def page(archive: Archive, address: str, chromium: Browser) -> Iterator[Page]:
    account = archive.studio.sign_in.accounts.by_login("lan")
    assert account
    context = chromium.new_context(base_url=address, locale="vi-VN")
    context.add_cookies(
        [{"name": "studio", "value": archive.studio.sign_in.start(account), "url": address}]
    )
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    assert wrong == []


def test_progress_moves_by_itself(page: Page, archive: Archive) -> None:
    page.goto("/studio")
    row = page.locator('[data-live-of="thang-sau"]')
    expect(row.locator("[data-line]")).to_have_text("Đang chờ đến lượt")
    job = archive.jobs.job_of("thang-sau")
    assert job
    told = {"step": "Nhận dạng lời nói", "step_number": 4, "step_count": 7, "fraction": 0.4}
    with archive.database.write() as c:
        c.execute(jobs.update().where(jobs.c.id == job.id).values(state=JobState.RUNNING, **told))
    expect(row.locator("[data-line]")).to_have_text("Bước 4/7: Nhận dạng lời nói")
    expect(row.locator(".step-done")).to_have_count(3)
    page.locator('[data-work-of="thang-sau"] [data-cancel]').click()
    expect(page.locator('[data-live-of="thang-sau"] [data-state]')).to_have_text("Bản nháp")
    expect(page.locator('[data-work-of="thang-sau"] [data-retry]')).to_be_visible()


def test_topics_and_guests_by_keyboard(page: Page, archive: Archive) -> None:
    page.goto(HERE)
    words = page.get_by_role("combobox", name="Chủ đề")
    words.focus()
    page.keyboard.type("tien")
    expect(page.locator(".offers li")).to_have_text(["Tiền lương"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".chosen button")).to_have_text(["Thai sản ×", "Tiền lương ×"])
    page.get_by_role("button", name="Đưa Ông Nam lên").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Thêm khách mời").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Cô Thu")
    page.get_by_role("button", name="Lưu", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    saved = archive.catalogue.episode("thang-ba")
    assert [guest.name for guest in saved.guests] == ["Ông Nam", "Bà Hoà", "Cô Thu"]
    assert set(saved.topics) == {"thai-san", "tien-luong"}


def test_the_newer_answer_is_found_by_typing(page: Page, archive: Archive) -> None:
    page.goto(HERE)
    page.locator(".marks summary").first.click()
    page.get_by_role("combobox", name="Tìm theo chữ trong câu hỏi").fill("thang sau")
    page.locator(".offers li").first.click()
    expect(page.locator("[name=superseded_by]:checked")).to_have_count(1)
    page.get_by_role("button", name="Lưu ghi chú").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    newer = archive.transcripts.segments("thang-sau")[0].id
    assert archive.transcripts.segments("thang-ba")[0].superseded_by == newer


def test_what_was_not_saved_is_offered_again(page: Page, archive: Archive) -> None:
    page.goto(HERE)
    page.get_by_label("Tiêu đề").fill("Tiêu đề chưa lưu")
    page.get_by_role("button", name="Bỏ Bà Hoà").click()
    page.wait_for_function(
        "() => Object.entries(localStorage).some(([key, kept]) => key.startsWith('tualai-facts:')"
        " && kept.includes('Tiêu đề chưa lưu') && !kept.includes('Bà Hoà'))"
    )
    page.goto("about:blank")
    page.goto(HERE)
    expect(page.get_by_label("Tiêu đề")).to_have_value("Số thang-ba")
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_label("Tiêu đề")).to_have_value("Tiêu đề chưa lưu")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    saved = archive.catalogue.episode("thang-ba")
    assert saved.title == "Tiêu đề chưa lưu"
    assert "Bà Hoà" not in [guest.name for guest in saved.guests]
    page.reload()
    expect(page.locator("[data-draft]")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_nothing_stands_out_of_the_page(page: Page, width: int, tmp_path: Path) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for url in ("/studio", HERE, f"{HERE}/preview"):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
