"""The moderators' desk and its screens in a real browser: two at once, keys, undo, no script, a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from media.archive.episodes import Episode, Guest, Programme
from tests.end_to_end.serving import PATIENCE, browser, site
from tests.stores import a_recording
from tests.waiting import until
from web.domain.accounts.accounts import Account, Role
from web.domain.moderation.screens import ScreenKind
from web.domain.questions.questions import NewQuestion

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "so-thang-ba"
DESK = f"/studio/episodes/{SLUG}/desk"
HOSTILE = '<img src=x onerror="document.title=1"> "\'&amp; \U0001f600'
HELD = "Sếp tôi tên Nguyễn Văn X"


@dataclass
class Made:
    """The site, who is signed in, and the secrets of the screens."""

    address: str
    cookies: dict[str, str]
    presenter: str
    hall: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    home = tmp_path_factory.mktemp("desk")
    cookies, secrets = {}, []
    with open_archive(Settings(home=home)) as archive:
        archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        episode = Episode(SLUG, "dh", "Số tháng Ba", date(2026, 3, 15), guests=(Guest("Bà Hoa"),))
        archive.jobs.cancel(archive.catalogue.add_episode(episode, a_recording("1" * 64)))
        texts = [*(f"Câu hỏi số {number}?" for number in range(12)), HOSTILE]
        for text in texts:
            archive.companion.questions.ask(
                NewQuestion(SLUG, text, text, receipt=text, device=text, name="chị Lan")
            )
        archive.companion.questions.ask(NewQuestion(SLUG, HELD, HELD, receipt=HELD, device="x", held=True))
        archive.companion.questions.ask(NewQuestion(None, "Gửi kho?", "Gửi kho?", receipt="kho"))
        for kind in (ScreenKind.PRESENTER, ScreenKind.HALL):
            secrets.append(archive.companion.screens.add(SLUG, kind).secret)
        for login in ("lan", "minh"):
            account = archive.studio.sign_in.accounts.add(Account("", login, login, Role.MODERATOR))
            cookies[login] = archive.studio.sign_in.start(account, "pytest")
    with site(home) as address:
        yield Made(address, cookies, *secrets)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


Opening = Callable[..., Page]


@pytest.fixture
def opening(made: Made, chromium: Browser) -> Iterator[Opening]:
    """Opens a page in a browser of its own; at the end none may have had an error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(path: str, login: str = "", **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "vi-VN", **options}
        context = chromium.new_context(base_url=made.address, **options)
        contexts.append(context)
        if login:
            context.add_cookies([{"name": "studio", "value": made.cookies[login], "url": made.address}])
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for each in contexts:
        each.close()
    assert errors == []


def column(page: Page, name: str) -> Any:
    return page.locator(f"[data-column={name}] [data-card]")


def card(page: Page, text: str) -> Any:
    return page.locator("[data-card]", has_text=text)


def choose(page: Page, text: str) -> Any:
    found = card(page, text)
    found.locator(".facts").click()
    expect(found).to_have_class(re.compile("chosen"))
    return found


def state(page: Page, text: str, name: str) -> None:
    expect(card(page, text)).to_have_attribute("data-state", name)


def only_told(page: Page) -> None:
    """From now on the page learns only what it is told at once: it cannot ask now and then."""

    def answer(route: Route) -> None:
        if "json" in route.request.headers.get("accept", ""):
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(r"/events"), answer)


def test_two_moderators_see_each_other_s_moves_at_once(opening: Opening) -> None:
    one, other = opening(DESK, "lan"), opening(DESK, "minh")
    only_told(other)
    for key, name in (("2", "shortlisted"), ("5", "later"), ("1", "incoming")) * 3:
        choose(one, "Câu hỏi số 0?")
        one.keyboard.press(key)
        expect(column(other, name).filter(has_text="Câu hỏi số 0?")).to_be_visible()
    expect(other.locator("[data-problem]")).to_be_hidden()


def test_keys_answer_end_and_take_back(opening: Opening) -> None:
    page = opening(DESK, "lan")
    choose(page, "Câu hỏi số 1?")
    page.keyboard.press("2")
    state(page, "Câu hỏi số 1?", "shortlisted")
    choose(page, "Câu hỏi số 2?")
    page.keyboard.press("n")
    state(page, "Câu hỏi số 2?", "on_air")
    expect(page.locator(".elapsed")).to_have_text(re.compile(r"^\d+:\d\d$"))
    page.keyboard.press("d")
    state(page, "Câu hỏi số 2?", "answered")
    page.keyboard.press("z")
    state(page, "Câu hỏi số 2?", "on_air")
    choose(page, "Câu hỏi số 1?")
    page.keyboard.press("3")
    state(page, "Câu hỏi số 1?", "on_air")
    state(page, "Câu hỏi số 2?", "answered")
    page.keyboard.press("z")
    state(page, "Câu hỏi số 1?", "shortlisted")
    state(page, "Câu hỏi số 2?", "on_air")
    page.keyboard.press("z")
    state(page, "Câu hỏi số 2?", "incoming")
    page.keyboard.press("z")
    state(page, "Câu hỏi số 1?", "incoming")
    expect(page.locator("[data-undo]")).to_be_disabled()
    page.keyboard.press("?")
    expect(page.locator("[data-help]")).to_be_visible()
    page.keyboard.press("Escape")
    first = column(page, "incoming").first
    first.locator(".facts").click()
    page.keyboard.press("j")
    expect(column(page, "incoming").nth(1)).to_have_class(re.compile("chosen"))
    page.keyboard.press("k")
    expect(first).to_have_class(re.compile("chosen"))


def test_a_question_is_edited_beside_its_original_and_given_to_a_guest(opening: Opening) -> None:
    page, other = opening(DESK, "lan"), opening(DESK, "minh")
    expect(card(page, "<img src=x").locator(".card-text")).to_contain_text(HOSTILE)
    choose(page, "Câu hỏi số 3?")
    page.keyboard.press("e")
    box = page.locator("[data-panel-box]")
    expect(box.locator(".original")).to_have_text("Câu hỏi số 3?")
    box.locator("#shown").fill("Câu đã sửa?")
    box.locator("#guest").fill("Bà Hoa")
    choose(other, "Câu hỏi số 3?")
    other.keyboard.press("5")
    state(page, "Câu hỏi số 3?", "later")
    box.locator("[value=edit]").click()
    expect(box.locator(".problem")).to_contain_text("Người khác vừa đổi câu này")
    expect(box.locator("#shown")).to_have_value("Câu đã sửa?")  # what was typed stays
    box.locator("[value=edit]").click()
    expect(card(page, "Câu đã sửa?")).to_contain_text("Bà Hoa")
    expect(card(other, "Câu đã sửa?")).to_be_visible()
    page.keyboard.press("z")
    expect(card(page, "Câu hỏi số 3?")).to_be_visible()
    assert page.title() != "1"
    assert page.locator("img").count() == 0


def test_questions_are_merged_by_keys_and_taken_out_again(opening: Opening) -> None:
    page, other = opening(DESK, "lan"), opening(DESK, "minh")
    choose(page, "Câu hỏi số 4?")
    page.keyboard.press("m")
    expect(page.locator("[data-problem]")).to_be_visible()
    card(page, "Câu hỏi số 5?").locator(".facts").click()
    expect(card(page, "Câu hỏi số 4?")).to_have_count(0)
    expect(card(page, "Câu hỏi số 5?")).to_contain_text("2 người hỏi")
    expect(card(other, "Câu hỏi số 5?")).to_contain_text("gộp 1 câu")
    expect(card(other, "Câu hỏi số 4?")).to_have_count(0)
    page.keyboard.press("z")
    expect(card(page, "Câu hỏi số 4?")).to_be_visible()
    expect(card(other, "Câu hỏi số 4?")).to_be_visible()
    expect(card(other, "Câu hỏi số 5?")).to_contain_text("1 người hỏi")
    page.keyboard.press("e")
    box = page.locator("[data-panel-box]")
    for name in ("Câu hỏi số 6?", "Câu hỏi số 7?"):
        box.locator("label", has_text=name).locator("input").check()
    box.locator("[value=merge]").click()
    expect(card(page, "Câu hỏi số 6?")).to_have_count(0)


def test_cards_are_dragged_between_columns_and_within_the_shortlist(opening: Opening) -> None:
    page = opening(DESK, "lan", viewport={"width": 1280, "height": 3000})  # no scrolling while dragging
    for name in ("Câu hỏi số 8?", "Câu hỏi số 9?"):
        card(page, name).drag_to(
            page.locator("[data-column=shortlisted]"), target_position={"x": 60, "y": 8}
        )
        state(page, name, "shortlisted")
    expect(column(page, "shortlisted").first).to_contain_text("Câu hỏi số 9?")
    page.locator("[data-filter]").fill("cau hoi so 8")
    expect(card(page, "Câu hỏi số 9?")).to_be_hidden()
    expect(card(page, "Câu hỏi số 8?")).to_be_visible()


def test_all_of_it_works_without_a_script(opening: Opening) -> None:
    page = opening(DESK, "lan", java_script_enabled=False)
    expect(card(page, HELD)).to_contain_text("Chờ anh chị xem")
    card(page, "Câu hỏi số 10?").locator("[value='move:shortlisted']").click()
    state(page, "Câu hỏi số 10?", "shortlisted")
    card(page, "Câu hỏi số 10?").locator("[value=begin]").click()
    state(page, "Câu hỏi số 10?", "on_air")
    card(page, "Câu hỏi số 10?").locator("[value=done]").click()
    state(page, "Câu hỏi số 10?", "answered")
    card(page, "Câu hỏi số 11?").locator("[data-open]").click()
    page.locator("#shown").fill("Không cần script?")
    page.locator("#panel [value=edit]").click()
    state(page, "Không cần script?", "incoming")
    page.goto("/studio/questions")
    card(page, "Gửi kho?").locator("[value='move:later']").click()
    state(page, "Gửi kho?", "later")


def test_a_phone_s_desk_shows_one_column_and_fits(opening: Opening) -> None:
    page = opening(DESK, "lan", viewport={"width": 360, "height": 740})
    expect(page.locator("#col-incoming")).to_be_visible()
    expect(page.locator("#col-shortlisted")).to_be_hidden()
    page.locator("[data-tab=later]").click()
    expect(page.locator("#col-later")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_screens_follow_and_show_only_what_everybody_may_see(opening: Opening, made: Made) -> None:
    desk = opening(DESK, "lan")
    presenter, hall = opening(f"/screens/{made.presenter}"), opening(f"/screens/{made.hall}")
    choose(desk, "Câu hỏi số 1?")
    desk.keyboard.press("2")
    expect(presenter.locator("[data-next]")).to_contain_text("Câu hỏi số 1?")
    desk.keyboard.press("Escape")
    choose(desk, "Câu hỏi số 1?")
    desk.keyboard.press("n")
    for screen in (presenter, hall):
        expect(screen.locator("[data-now] [data-text]")).to_have_text("Câu hỏi số 1?")
        assert HELD not in screen.content()
        found = screen.request.get(screen.url)
        assert found.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in found.headers["x-robots-tag"]
        assert HELD not in screen.request.get(f"{screen.url}/state").text()
    expect(presenter.locator("[data-elapsed]")).to_have_text(re.compile(r"\d:\d\d"))
    expect(hall.locator("svg.qr")).to_be_visible()
    desk.keyboard.press("d")
    expect(hall.locator("[data-idle]")).to_be_visible()
    desk.locator(".settings summary").click()
    desk.locator(".settings li", has_text="Hội trường").locator("button").click()
    until(lambda: hall.request.get(hall.url).status == 404, "the link was taken back")
    hall.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(hall.locator("[data-trouble]")).to_contain_text("thu hồi")
    expect(hall.locator("svg.qr")).to_be_hidden()
