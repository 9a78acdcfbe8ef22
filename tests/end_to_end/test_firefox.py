"""The same pages in Firefox: a worker hears an answer, an editor splits, corrects and uploads; no script fails.

Playwright drives no Firefox that a system ships, so this goes by WebDriver, with Mozilla's `geckodriver`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.firefox.options import Options
from selenium.webdriver.firefox.service import Service
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from infra.assembly.wiring import open_archive
from infra.configuration.settings import read_settings
from media.archive.episodes import Episode, Programme
from media.live.broadcast import SOURCE
from tests.end_to_end.demo_home import demo_home
from tests.end_to_end.encoder import Encoder, free_port, wait_for
from tests.end_to_end.serving import site
from tests.infra.clips import make_clip
from tests.infra.command_line import answer, tualai

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EPISODE = "/studio/episodes/thai-san"
SECONDS = 120
PREFERENCES = {
    "media.autoplay.default": 0,
    "media.volume_scale": "0.0",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


@dataclass
class Firefox:
    """A window at the site; `errors` are what its scripts failed with."""

    driver: webdriver.Firefox
    address: str
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.driver.get(self.address + path)

    def find(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def until(self, what: Callable[[], Any]) -> Any:
        return WebDriverWait(self.driver, SECONDS).until(lambda _: what())

    def press(self, *keys: str) -> None:
        for key in keys:
            ActionChains(self.driver).send_keys(key).pause(0.2).perform()

    def second(self) -> float:
        """Where a player is that plays; -1 when it does not."""
        script = "const v = document.querySelector('video'); return v && !v.paused ? v.currentTime : -1"
        return float(self.driver.execute_script(script))

    def is_wide(self) -> bool:
        """Whether the page would have to be moved sideways."""
        return bool(
            self.driver.execute_script(
                "const e = document.documentElement; return e.scrollWidth > e.clientWidth"
            )
        )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    programs()
    home = demo_home(tmp_path_factory, tmp_path_factory.mktemp("firefox"))
    answer(home, "publish", "thai-san")
    return home


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with site(home, "--with-worker") as url:
        yield url


@pytest.fixture
def firefox(address: str) -> Iterator[Firefox]:
    with window(address) as opened:
        yield opened


def programs() -> tuple[str, str]:
    """Firefox and its driver. Skips loudly where they are missing, before anything is encoded for them."""
    program = shutil.which("firefox") or shutil.which("firefox-esr")
    gecko = shutil.which("geckodriver")
    if program is None or gecko is None:
        pytest.skip("Firefox is NOT TESTED: it needs firefox (or firefox-esr) and geckodriver on PATH.")
    return program, gecko


@contextmanager
def window(address: str) -> Iterator[Firefox]:
    program, gecko = programs()
    options = Options()
    options.add_argument("-headless")
    options.binary_location = program
    options.enable_bidi = True
    for name, value in PREFERENCES.items():
        options.set_preference(name, value)
    driver = webdriver.Firefox(options=options, service=Service(gecko))
    try:
        opened = Firefox(driver, address)
        driver.script.add_javascript_error_handler(lambda error: opened.errors.append(str(error.text)))
        yield opened
        assert opened.errors == []
    finally:
        driver.quit()


def test_a_worker_hears_just_the_answer(firefox: Firefox) -> None:
    firefox.driver.set_window_size(450, 800)  # as narrow as Firefox becomes
    firefox.open("/")
    firefox.one("input[name=q]").send_keys("sinh doi nghi bao lau", Keys.ENTER)
    firefox.until(lambda: "/search" in firefox.driver.current_url and firefox.find("[data-play]"))
    assert not firefox.is_wide()
    listen = firefox.find("[data-play]")[0]
    span = listen.find_element(By.XPATH, "ancestor::*[@data-start][1]")
    start, end = float(span.get_attribute("data-start") or 0), float(span.get_attribute("data-end") or 0)
    listen.click()
    firefox.until(lambda: start + 1 < firefox.second() < end)


def test_an_editor_s_afternoon(firefox: Firefox, home: Path, tmp_path: Path) -> None:
    firefox.driver.set_window_size(1280, 900)
    invited = tualai(home, "user", "add", "bien-tap", "--name", "Chị Biên Tập", "--role", "editor")
    link = re.search(r"/studio/link/\S+", invited.stdout)
    assert link, invited.stderr
    firefox.open(link[0])
    firefox.one("input[name=new]").send_keys("bánh chưng xanh gói lá dong", Keys.ENTER)
    firefox.until(lambda: firefox.driver.current_url.endswith("/studio"))
    split_and_undo(firefox)
    correct(firefox)
    upload(firefox, make_clip(tmp_path / "Số_tháng Tư.mp4", 3))


def split_and_undo(firefox: Firefox) -> None:
    firefox.open(f"{EPISODE}/timeline")
    firefox.until(lambda: firefox.one("[data-fields]").is_displayed())
    firefox.find("[data-list] button")[0].click()
    before = len(firefox.find("[data-list] button"))
    firefox.press("r")
    started = firefox.until(lambda: firefox.second() >= 0 and firefox.second())
    firefox.until(lambda: firefox.second() > started + 1)
    firefox.press("k", Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, "s")
    for wanted in (before + 1, before):
        firefox.until(lambda: len(firefox.find("[data-list] button")) == wanted)  # noqa: B023 - called at once
        firefox.until(lambda: firefox.one("[data-state]").get_attribute("data-state") == "saved")
        ActionChains(firefox.driver).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()


def correct(firefox: Firefox) -> None:
    firefox.open(f"{EPISODE}/transcript")
    firefox.until(lambda: firefox.one("[data-state]").get_attribute("data-is") == "as_stored")
    firefox.driver.execute_script("arguments[0].focus()", firefox.find(".cue")[1])
    firefox.press(Keys.ENTER, Keys.HOME, "SỬA-Ở-ĐÂY ", Keys.ESCAPE)
    firefox.until(lambda: firefox.one("[data-state]").get_attribute("data-is") == "saved")
    firefox.driver.refresh()
    firefox.until(lambda: len(firefox.find(".cue")) > 2)
    assert "SỬA-Ở-ĐÂY" in firefox.find(".cue")[1].text


def upload(firefox: Firefox, clip: Path) -> None:
    firefox.open("/studio/upload")
    firefox.one("#files").send_keys(str(clip))
    firefox.one("[data-start] button").click()
    firefox.until(lambda: firefox.find("[data-sent] > li[data-state=taken]"))


def test_a_broadcast_is_watched_and_wound_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("TUALAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TUALAI_LIVE_RTMP", f"rtmp://127.0.0.1:{port}/live")
    (tmp_path / "home").mkdir()
    with open_archive(read_settings()) as archive:
        archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        archive.live.broadcasts.plan(Episode("so-1", "dh", "Số 1", date.today()))
        key = archive.live.broadcasts.stream_key("so-1")
        with site(tmp_path / "home", "--with-live") as url, window(url) as firefox:
            wait_for(port)
            encoder = Encoder(f"rtmp://127.0.0.1:{port}/live/{key}", tmp_path / "sent.log")
            firefox.until(lambda: len(archive.live.broadcasts.segments("so-1", SOURCE)) > 2)
            firefox.open("/episodes/so-1")
            firefox.one("[data-begin]").click()
            started = firefox.until(lambda: firefox.second() > 0 and firefox.second())
            firefox.until(lambda: firefox.second() > started + 6)
            firefox.driver.execute_script("document.querySelector('video').currentTime = 0.5")
            firefox.until(lambda: 1.5 < firefox.second() < started + 4)
            encoder.cut()
