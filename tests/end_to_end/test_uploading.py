"""The upload page in a real browser: pause, a lost line, a reload; then the worker takes the file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bench.tus_runs import ROOT, Server, make_file, serving
from tests.end_to_end.serving import browser
from tests.infra.clips import QUESTIONS_SRT, make_clip
from tests.waiting import PATIENCE_SECONDS, until

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SLOW = {"offline": False, "latency": 10, "downloadThroughput": -1, "uploadThroughput": 1_500_000}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str], Path]]:
    folder = tmp_path_factory.mktemp("uploading")
    with serving(folder / "home") as (server, headers):
        yield server, headers, folder


def opened(chromium: Browser, server: Server, headers: dict[str, str], query: str = "") -> tuple[Page, Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [{"name": "studio", "value": headers["Cookie"].split("=", 1)[1], "url": server.url}]
    )
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(server.url + "/studio/upload" + query)
    return page, context.new_cdp_session(page)


def said(page: Page, row: int = 0) -> str:
    return page.locator(".sending > li").nth(row).locator(".facts").inner_text()


def percent(page: Page) -> int:
    number = said(page).partition("%")[0]
    return int(number) if number.isdigit() else -1


def test_pause_a_lost_line_and_a_reload_lose_nothing(place: tuple[Server, dict[str, str], Path]) -> None:
    server, headers, folder = place
    file = folder / "buổi phát <b>.mp4"
    make_file(file, 24_000_000)
    with browser() as chromium:
        page, network = opened(chromium, server, headers)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", SLOW)
        page.set_input_files("#files", str(file))
        assert page.locator(".sending input").first.input_value() == "buổi phát <b>"
        page.locator("[data-start] button").click()
        until(lambda: percent(page) >= 10, "a tenth is sent")
        page.get_by_role("button", name="Tạm dừng").click()
        until(lambda: "Phần đã tải lên vẫn còn" in said(page), "it pauses")
        page.get_by_role("button", name="Tải tiếp").click()
        until(lambda: percent(page) >= 20, "a fifth is sent")
        server.kill()
        until(
            lambda: said(page) == "Mất kết nối. Phần đã tải lên vẫn còn, sẽ tự tải tiếp.",
            "it says that the line is lost",
        )
        server.start()
        until(lambda: percent(page) >= 40, "it goes on after the server came back")
        page.reload()
        page.set_input_files("#files", str(file))
        page.locator("[data-start] button").click()
        until(lambda: percent(page) >= 30, "it goes on after the page was loaded again")
        network.send("Network.emulateNetworkConditions", {**SLOW, "uploadThroughput": -1})
        until(lambda: said(page).startswith("Đã tải lên xong"), "all is sent")
        assert errors == []
        (sent,) = (server.home / "uploads").glob("?" * 32)
        assert sent.read_bytes() == file.read_bytes()


def test_a_dropped_recording_with_captions_becomes_an_episode(
    place: tuple[Server, dict[str, str], Path],
) -> None:
    server, headers, folder = place
    clip = make_clip(folder / "Số_tháng Tư.mp4", 3)
    (folder / "Số_tháng Tư.srt").write_text(QUESTIONS_SRT, "utf-8")
    worker = subprocess.Popen(
        [sys.executable, "-m", "infra.commands.app", "--home", str(server.home), "worker"],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        with browser() as chromium:
            page, _ = opened(chromium, server, headers)
            page.set_input_files("#files", [str(clip), str(folder / "Số_tháng Tư.srt")])
            assert "Đi kèm bản thu" in said(page, 1)
            page.locator("[data-start] button").click()
            row = page.locator("[data-sent] > li", has_text="Số_tháng Tư.mp4")
            until(
                lambda: row.count() == 1 and row.get_attribute("data-state") == "taken", "it was taken in"
            )
            assert str(row.locator("[data-episode]").get_attribute("href")).endswith("/so-thang-tu")
            page.goto(server.url + "/studio/upload?lang=en&for=so-thang-tu")
            assert "Upload for “Số tháng Tư”" in page.locator("h1").inner_text()
            pdf = folder / "luật.pdf"
            pdf.write_bytes(b"%PDF-1.4\n%%EOF\n")
            page.set_input_files("#files", str(pdf))
            page.locator("[data-start] button").click()
            row = page.locator("[data-sent] > li", has_text="luật.pdf")
            until(
                lambda: row.count() == 1 and row.get_attribute("data-state") == "taken", "it was taken in"
            )
            page.reload()
            link = page.get_by_role("link", name="luật.pdf")
            answer = page.request.get(server.url + str(link.get_attribute("href")))
            assert answer.status == 200
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.headers["x-content-type-options"] == "nosniff"
    finally:
        worker.terminate()
        worker.wait(timeout=PATIENCE_SECONDS)
