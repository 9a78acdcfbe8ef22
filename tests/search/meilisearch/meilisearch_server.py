"""A real Meilisearch server for tests: the one MEILISEARCH_URL names, or the program on PATH, started."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from search.meilisearch.server import Server
from search.meilisearch.settings import is_of

KEY = "a-key-only-for-tests-0123456789"
_START_SECONDS = 300.0


@dataclass
class Running:
    """A server that answers. `process` is None when it was there before."""

    url: str
    key: str
    folder: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    names: list[str] = field(default_factory=list)

    def archive(self) -> str:
        """The URL of an archive nobody else uses."""
        self.names.append(f"test-{secrets.token_hex(6)}")
        return f"{self.url}/{self.names[-1]}"

    def start(self) -> None:
        """Start the program over the same folder and port, and wait until it answers."""
        program = shutil.which("meilisearch")
        assert program is not None
        assert self.folder is not None
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    program, "--no-analytics", "--env", "production", "--master-key", KEY,
                    "--http-addr", self.url.removeprefix("http://"), "--db-path", str(self.folder / "data"),
                    # With its default, two thirds of the memory, every task takes a second or more.
                    "--max-indexing-memory", "100MiB", "--max-indexing-threads", "1",
                ],
                cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + _START_SECONDS
        while not _healthy(self.url):
            assert self.process.poll() is None, (self.folder / "log").read_text(errors="replace")[-2000:]
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.02)

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def clear(self) -> None:
        """Remove what the tests made."""
        server = Server(self.url, self.key)
        for uid in server.indexes():
            if any(is_of(name, uid) for name in self.names):
                with server.client() as client:
                    client.index(uid).delete()


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def new_server() -> Running:
    """A server of one's own, started in a temporary folder; whoever takes it kills it."""
    if shutil.which("meilisearch") is None:
        pytest.skip("NOT TESTED: there is no program “meilisearch” on PATH to start")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="tualai-meilisearch-", dir=memory if memory.is_dir() else None))
    running = Running(f"http://127.0.0.1:{port}", KEY, folder)
    running.start()
    return running


@pytest.fixture(scope="session")
def meilisearch() -> Iterator[Running]:
    """The server all tests share, each with an archive of its own."""
    url = os.environ.get("MEILISEARCH_URL", "").rstrip("/")
    if url:
        there = Running(url, os.environ.get("MEILISEARCH_KEY", ""))
        yield there
        there.clear()
        return
    if shutil.which("meilisearch") is None:
        pytest.skip("NOT TESTED: set MEILISEARCH_URL, or put the program “meilisearch” on PATH")
    running = new_server()
    yield running
    running.kill()
    assert running.folder is not None
    shutil.rmtree(running.folder, ignore_errors=True)
