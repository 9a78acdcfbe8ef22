"""Who takes part in a broadcast by script: a server, an encoder, phones, a moderator (see `bench.live_programme`)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page

from media.ffmpeg.programs import find_programs

ROOT = Path(__file__).parents[1]
MEDIA = ROOT / "infra/demo_archive/media/2025-12-13-thai-san.mp4"


@dataclass
class Server:
    """Site, worker and live intake of one data folder, as processes that can be killed together."""

    home: Path
    port: int
    rtmp: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start all three."""
        environment = {
            **os.environ,
            "TUALAI_HOME": str(self.home),
            "TUALAI_LIVE_RTMP": f"rtmp://127.0.0.1:{self.rtmp}/live",
        }
        for arguments in (["serve", "--port", str(self.port)], ["worker"], ["live"]):
            with (self.home / f"{arguments[0]}.log").open("ab") as log:
                command = [sys.executable, "-m", "infra.commands.app", *arguments]
                self.running.append(
                    subprocess.Popen(
                        command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
                    )
                )

    def stop(self, number: int) -> None:
        """Send a signal to all, with their children, and wait."""
        for process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        for process in self.running:
            process.wait(timeout=60)
        self.running.clear()


class Encoder:
    """ffmpeg as an encoder that sends in real time, comes back when it is cut off, and knows what it sent."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ffmpeg = str(find_programs(None).ffmpeg)
        self._process: subprocess.Popen[str] | None = None
        self._wanted, self._over = True, False
        self.sent: list[float] = []
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def cut(self, cut: bool) -> None:
        """Take the encoder away, or let it come back."""
        self._wanted = not cut
        if cut and self._process is not None:
            self._process.kill()

    def end(self) -> None:
        """Stop as an operator does."""
        self._over = True
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
        self._thread.join(timeout=30)

    def _keep(self) -> None:
        while not self._over:
            if not self._wanted:
                time.sleep(0.2)
                continue
            done = self._send(sum(self.sent))
            if done > 0:
                self.sent.append(done)
            time.sleep(0.5)

    def _send(self, begin: float) -> float:
        """Send until cut off; seconds of media that went out."""
        command = [
            self._ffmpeg, "-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-ss", str(begin % 180), "-i", MEDIA,
            "-vf", "scale=640:-2", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-b:v", "500k",
            "-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-c:a", "aac", "-b:a", "96k", "-ar", "44100",
            "-f", "flv", "-progress", "pipe:1", self._url,
        ]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._process, sent = process, 0.0
        assert process.stdout is not None
        for line in process.stdout:
            if match := re.match(r"out_time_us=(\d+)", line):
                sent = int(match[1]) / 1e6
        process.wait()
        return sent


@dataclass
class Phone:
    """A worker's phone: the live page in one tab, asking in another. `receipts` are addresses by question."""

    context: BrowserContext
    address: str
    slug: str
    watching: Page
    receipts: dict[str, str] = field(default_factory=dict)
    positions: list[float] = field(default_factory=list)

    def watch(self) -> None:
        """Open the live page and play."""
        self.watching.goto(f"{self.address}/episodes/{self.slug}", wait_until="domcontentloaded")
        with suppress(Error):
            self.watching.locator("[data-begin]").click(timeout=5000)

    def ask(self, text: str) -> None:
        """Through the page, as a person does."""
        page = self.context.new_page()
        page.goto(f"{self.address}/ask?episode={self.slug}")
        page.locator("#ask-text").fill(text)
        page.locator("[data-send]").click()
        page.wait_for_url("**/questions/**", timeout=30_000)
        self.receipts[text] = page.url
        page.close()

    def look(self) -> None:
        """Note how far the player is."""
        with suppress(Error):
            at = self.watching.evaluate("document.querySelector('video')?.currentTime ?? -1")
            self.positions.append(round(float(at), 1))


class Moderator:
    """At the desk, through the same calls as its page."""

    def __init__(self, context: BrowserContext, address: str, slug: str) -> None:
        self._page = context.new_page()
        self._slug, self._address = slug, address
        self.open()

    def open(self) -> None:
        """The desk's page, again after the server was away."""
        self._page.goto(f"{self._address}/studio/episodes/{self._slug}/desk", wait_until="domcontentloaded")

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """GET, or POST a body."""
        script = """async ([path, body]) => {
            const csrf = document.querySelector("meta[name=csrf]").content;
            const options = body === null ? {} : {method: "POST", body: JSON.stringify(body)};
            const headers = {"Content-Type": "application/json", Accept: "application/json", "X-CSRF": csrf};
            const answer = await fetch(path, {...options, headers});
            const text = await answer.text();
            if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
            return text ? JSON.parse(text) : null; }"""
        return self._page.evaluate(script, [f"/api/v1/studio/{path}", body])

    def questions(self) -> list[dict[str, Any]]:
        """All on the desk."""
        found: list[dict[str, Any]] = self.call(f"episodes/{self._slug}/desk")["questions"]
        return found

    def by_text(self, text: str) -> dict[str, Any]:
        """The one with these words, or the one that stands for it."""
        every = {each["id"]: each for each in self.questions()}
        found = next(each for each in every.values() if each["original"] == text)
        return every[found["merged_into"]] if found["merged_into"] else found

    def end(self) -> None:
        """The button that ends the broadcast."""
        self._page.goto(f"{self._address}/studio/episodes/{self._slug}/broadcast")
        form = self._page.locator("form", has=self._page.locator("[name=sure]"))
        form.locator("[name=sure]").check()
        form.locator("button[value=end], button").last.click()
        self._page.wait_for_load_state()


def wait_for(condition: Any, seconds: float, what: str) -> Any:
    """Until it is true; raises `RuntimeError` when it does not become so."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(Error, OSError, KeyError, StopIteration):
            if found := condition():
                return found
        time.sleep(0.5)
    raise RuntimeError(f"{what} did not happen within {seconds:.0f} s")
