"""Worker processes on one archive, as on several hosts: of one database and one store, each with a data folder of
its own where the database is a server's."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from infra.db.base.database import Database
from tests.infra.clips import make_captions, make_clip
from tests.infra.command_line import ROOT, answer
from tests.waiting import PATIENCE_SECONDS, until


@dataclass
class Place:
    """An archive in a folder, and the settings that its processes share."""

    folder: Path
    database_url: str = ""

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    def settings(self, **own: str) -> dict[str, str]:
        shared = {"TUALAI_STORAGE_URL": f"file://{self.files}", "TUALAI_EMBEDDER": "off"}
        if self.database_url:
            shared["TUALAI_DATABASE_URL"] = self.database_url
        return {**os.environ, **shared, **own}

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The archive's database, for a while."""
        opened = Database(self.database_url or f"sqlite:///{self.home / 'tualai.sqlite'}")
        try:
            yield opened
        finally:
            opened.close()

    def ask(self, *arguments: str | Path) -> Any:
        """A command's JSON."""
        before = dict(os.environ)
        os.environ.update(self.settings())
        try:
            return answer(self.home, *arguments)
        finally:
            os.environ.clear()
            os.environ.update(before)

    def take(self, seconds: float, name: str = "clip", *, size_codec: str = "mpeg4") -> str:
        """Ingest a clip that must be encoded to be played, with captions; return its job."""
        self.folder.mkdir(exist_ok=True)
        clip = make_clip(self.folder / f"{name}.mkv", seconds, codec=size_codec)
        captions = make_captions(self.folder / f"{name}.srt")
        told = ("--captions", captions, "--programme", "dh", "--title", name, "--publish")
        self.ask("ingest", clip, *told)
        return str(self.ask("jobs", "list")[0]["id"])

    def job(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("jobs", "show", id)
        return found

    def stored(self) -> dict[str, str]:
        """Every file in the store, by its checksum."""
        return {
            path.relative_to(self.files).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.files.rglob("*"))
            if path.is_file()
        }

    def left_over(self) -> list[Path]:
        """What should be gone when nothing runs."""
        found = [*self.files.glob("work/*"), *self.files.glob("+incoming/*")]
        return found + [file for home in self.folder.glob("*/scratch") for file in home.iterdir()]

    @contextmanager
    def worker(self, number: int = 1, *arguments: str, **settings: str) -> Iterator[Worker]:
        """A worker's process, ended with the block."""
        home = self.folder / f"host-{number}" if self.database_url else self.home
        log = self.folder / f"worker-{number}-{time.monotonic_ns()}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "infra.commands.app", "--home", str(home), "worker", *arguments],
                cwd=ROOT,
                env=self.settings(**settings),
                stdout=file,
                stderr=file,
            )
        running = Worker(process, log)
        try:
            yield running
        finally:
            running.resume()
            process.terminate()
            try:
                process.wait(timeout=PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass
class Worker:
    process: subprocess.Popen[bytes]
    log: Path
    stopped: list[psutil.Process] = field(default_factory=list)

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8")

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def freeze(self, database: Database) -> None:
        """As a host that hangs: this process and its children stand still.

        Not while it writes: one that never moves again would keep SQLite's lock for ever, and nobody could take its
        work over. A host of its own, as in life, has its locks at a server, which takes them back.
        """
        with database.write():
            self.stopped = [psutil.Process(self.process.pid), *self.children()]
            for each in self.stopped:
                with suppress(psutil.NoSuchProcess):
                    each.suspend()

    def resume(self) -> None:
        for each in self.stopped:
            with suppress(psutil.NoSuchProcess):
                each.resume()
        self.stopped = []

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def says(self, text: str) -> None:
        """Wait until the log has `text`."""
        until(lambda: text in self.said, lambda: f"it said “{text}”: {self.said[-3000:]}")
