"""Uploads by clients that nobody here wrote, killed at random: what `bench.uploads` measures and a slow test checks.

The server is the real one (granian). Clients are tuspy and tus-js-client, each in a process of its own; they are
killed, and so is the server, whenever the file on the server's disk passes one of the random marks.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from infra.assembly.wiring import open_archive
from infra.configuration.settings import Settings
from media.archive.episodes import Programme
from media.errors import NotFound
from web.access.signed_in import csrf_of
from web.domain.accounts.accounts import Account, Role

ROOT = Path(__file__).parents[1]
LIMIT_SECONDS = 900.0

TUSPY = """
import json, sys, time
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.storage.filestorage import FileStorage
url, headers, file, chunk, checked, storage = json.loads(sys.argv[1])
client = TusClient(url, headers=headers)
for attempt in range(100):  # it asks once for the offset of what it resumes, and the server may be down just then
    try:
        uploader = client.uploader(
            file, chunk_size=chunk, retries=60, retry_delay=1, upload_checksum=checked, store_url=True,
            url_storage=FileStorage(storage), metadata={"filename": "buổi phát.mp4", "programme": "dh", "title": "Bench"},
        )
        break
    except TusCommunicationError:
        time.sleep(0.5)
uploader.upload()
"""

TUS_JS = """
const tus = require("tus-js-client"), fs = require("fs");
const [url, headers, file, chunk, , storage] = JSON.parse(process.argv[2]);
const upload = new tus.Upload(fs.createReadStream(file), {
  endpoint: url, headers, chunkSize: chunk, uploadSize: fs.statSync(file).size,
  retryDelays: [0, 500, ...Array(60).fill(1000)],
  urlStorage: new tus.FileUrlStorage(storage), fingerprint: async () => "bench",
  onShouldRetry: (error) => { const r = error.originalResponse; return !r || [409, 423].includes(r.getStatus()) || r.getStatus() >= 500; },
  metadata: { filename: "buổi phát.mp4", programme: "dh", title: "Bench" },
  onError: (error) => { console.error(error); process.exit(1); },
  onSuccess: () => process.exit(0),
});
upload.findPreviousUploads().then((found) => {
  if (found.length) upload.resumeFromPreviousUpload(found[0]);
  upload.start();
});
"""


@dataclass
class Server:
    """The real server on one port, started and killed; `peak_rss` in bytes, of all its processes together."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    peak_rss: int = 0
    lives: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.lives += 1
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "infra.commands.app",
                "--home",
                str(self.home),
                "serve",
                "--port",
                str(self.port),
            ],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + "/robots.txt", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=30)

    def measure(self) -> None:
        assert self.process is not None
        try:
            parent = psutil.Process(self.process.pid)
            rss = sum(each.memory_info().rss for each in [parent, *parent.children(recursive=True)])
            self.peak_rss = max(self.peak_rss, rss)
        except psutil.Error:
            return


@dataclass
class Outcome:
    """What came of one run. `seconds` with kills and restarts; `rss` bytes at rest and at most."""

    client: str
    size: int
    kills: int
    server_kills: int = 0
    client_kills: int = 0
    seconds: float = 0.0
    rss_before: int = 0
    rss_peak: int = 0
    identical: bool = False
    uploads: int = 0
    state: str = ""
    marks: list[int] = field(default_factory=list)


def make_file(path: Path, size: int) -> str:
    """Random bytes; returns their SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        left = size
        while left:
            block = os.urandom(min(left, 8 << 20))
            digest.update(block)
            file.write(block)
            left -= len(block)
    return digest.hexdigest()


@contextmanager
def serving(home: Path) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server on an archive with one programme, and the headers of an editor who is signed in."""
    home.mkdir(parents=True, exist_ok=True)
    with open_archive(Settings(home=home, embedder="off")) as archive:
        archive.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        account = archive.studio.sign_in.accounts.add(Account("", "bench", "Bench", Role.EDITOR, ""))
        token = archive.studio.sign_in.start(account, "bench")
    headers = {"Cookie": f"studio={token}", "X-CSRF": csrf_of(token)}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(home, port)
    server.start()
    try:
        yield server, headers
    finally:
        server.stop()


def run(
    client: str,
    server: Server,
    headers: dict[str, str],
    file: Path,
    sum_: str,
    folder: Path,
    *,
    kills: int,
    chunk: int,
    checked: bool = False,
    seed: int = 1,
) -> Outcome:
    """Upload `file` while client and server are killed by turns; compare what arrived by SHA-256."""
    size = file.stat().st_size
    choice = random.Random(seed)
    marks = sorted(choice.randrange(1, size) for _ in range(kills))
    outcome = Outcome(client, size, kills, marks=marks)
    server.measure()
    outcome.rss_before, server.peak_rss = server.peak_rss, 0
    arguments = [
        server.url + "/api/v1/uploads",
        headers,
        str(file),
        chunk,
        checked,
        str(folder / f"{client}.json"),
    ]
    began = time.monotonic()
    process = _start(client, arguments)
    try:
        for number, mark in enumerate([*marks, size + 1]):
            while _arrived(server.home, size) < mark and process.poll() is None:
                server.measure()
                time.sleep(0.02)
                if time.monotonic() - began > LIMIT_SECONDS:
                    raise RuntimeError(f"not done in {LIMIT_SECONDS:.0f} s")
            if process.poll() is not None:
                break
            if number % 2:
                server.kill()
                outcome.server_kills += 1
                server.start()
            else:
                process.kill()
                process.wait()
                outcome.client_kills += 1
                process = _start(client, arguments)
        if process.wait(timeout=LIMIT_SECONDS) != 0:
            said = Path(str(arguments[-1]) + ".log").read_text("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{client} ended with {process.returncode}: {said}")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    outcome.seconds, outcome.rss_peak = time.monotonic() - began, server.peak_rss
    _look(server.home, sum_, outcome)
    return outcome


def _start(client: str, arguments: list[Any]) -> subprocess.Popen[bytes]:
    import json

    said = json.dumps(arguments)
    command = (
        [sys.executable, "-c", TUSPY, said] if client == "tuspy" else ["node", "-e", TUS_JS, "--", said]
    )
    if client != "tuspy":
        command = ["node", "-e", TUS_JS.replace("process.argv[2]", "process.argv[1]"), said]
    with Path(arguments[-1] + ".log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, stderr=log)


def _arrived(home: Path, size: int) -> int:
    """Bytes on the server's disk of the upload under way; a run before this one ended as a file of full size."""
    sizes = [path.stat().st_size for path in (home / "uploads").glob("?" * 32)]
    return max((each for each in sizes if each < size), default=size if sizes else 0)


def _look(home: Path, sum_: str, outcome: Outcome) -> None:
    with open_archive(Settings(home=home, embedder="off")) as archive:
        found = archive.studio.upload_service.uploads.of_account(
            archive.studio.sign_in.accounts.accounts()[0].id
        )
        outcome.uploads = len(found)
        try:
            outcome.state = found[0].state
            with archive.studio.upload_service.files.path(found[0].id).open("rb") as file:
                outcome.identical = hashlib.file_digest(file, "sha256").hexdigest() == sum_
        except (NotFound, IndexError, OSError):
            outcome.identical = False
