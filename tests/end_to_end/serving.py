"""A real site on a real port, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Browser, expect, sync_playwright

from tests.waiting import PATIENCE_SECONDS, until

ROOT = Path(__file__).parents[2]
PATIENCE = PATIENCE_SECONDS * 1000
"""Milliseconds that a browser waits for what must come true. What comes at once ends the wait at once: the ceiling
is only there for what never comes, however busy the machine is."""
expect.set_options(timeout=PATIENCE)
# Without these Chromium looks up hosts of its maker's at every start.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
]


@contextmanager
def site(home: Path, *options: str) -> Iterator[str]:
    """Serve `home` on a free port; give the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "infra.commands.app",
            "--home",
            str(home),
            "serve",
            "--port",
            str(port),
            *options,
        ],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_SECONDS)


@contextmanager
def browser() -> Iterator[Browser]:
    """The Chromium on PATH, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=flags)
        try:
            yield opened
        finally:
            opened.close()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    def answers() -> bool:
        assert server.poll() is None, f"the site ended with {server.returncode}"
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS):
                return True
        except (URLError, OSError):
            return False

    until(answers, f"there was an answer at {address}")
