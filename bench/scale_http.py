"""The site over a big archive, asked by eight clients while another process edits."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.scale_data import BigArchive
from bench.scale_queries import Figures, asked, spread
from search.tantivy.index import TantivyIndex

ROOT = Path(__file__).parents[1]
CLIENTS, PROCESSES = 8, 2
SECONDS = 8.0
"""For each kind of page."""
PAUSE = 0.2
"""Seconds between two letters of somebody who types fast."""
NEW = "zzurichx"
"""A word that only what is added during the bench has."""


def over_http(folder: Path, passages: int) -> Figures:
    """Times of the API and of the page's fragment while another process edits."""
    home = folder / "home"
    archive = BigArchive(passages, vectors=False)
    fill_catalogue(home, archive)
    queries = asked(archive, 200)
    paths = {
        "api as typed": [f"/api/v1/search?typing=1&q={quote(q.text)}" for q in queries["as typed"]],
        "api": [f"/api/v1/search?q={quote(q.text)}" for q in queries["full"]],
        "api facets": [f"/api/v1/search?facets=1&q={quote(q.text)}" for q in queries["full"]],
        "fragment as typed": [
            f"/search?fragment=1&typing=1&q={quote(q.text)}" for q in queries["as typed"]
        ],
        "fragment": [f"/search?fragment=1&q={quote(q.text)}" for q in queries["full"]],
    }
    with served(home) as port:
        begin(port, paths)
        editor = subprocess.Popen(
            [sys.executable, "-m", "bench.scale", "--step", "edit", "--folder", str(folder),
             "--passages", str(passages)], cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            figures: Figures = {name: under_load(port, each) for name, each in paths.items()}
            figures["api without pauses"] = under_load(port, paths["api"], pause=0.0)
            figures["visible"] = visible(port, folder / "edited")
        finally:
            editor.terminate()
            editor.communicate(timeout=30)
    return figures


def fill_catalogue(home: Path, archive: BigArchive) -> None:
    """Episodes for the pages to name. Their changes count as indexed."""
    import sqlalchemy as sa

    from infra.assembly.wiring import open_archive
    from infra.configuration.settings import read_settings
    from infra.db.tables import archive as tables

    with open_archive(read_settings(home=home)) as opened:
        if opened.catalogue.episodes(limit=1):
            return
        for programme in archive.programmes:
            opened.catalogue.save_programme(programme)
        for topic in archive.topics:
            opened.catalogue.save_topic(topic)
        with opened.database.write() as connection:
            for number in range(archive.count):
                insert_episode(connection, tables, archive, number)
            connection.execute(sa.delete(tables.changes))


def insert_episode(connection: Any, tables: Any, archive: BigArchive, number: int) -> None:
    """An episode without a recording."""
    from infra.db.archive.catalogue import _episode_row

    episode = archive.made(number).episode
    connection.execute(tables.episodes.insert().values(**_episode_row(replace(episode, recording=None))))
    for position, topic in enumerate(episode.topics):
        row = {"episode": episode.slug, "topic": topic, "position": position}
        connection.execute(tables.episode_topics.insert().values(**row))


class served:  # noqa: N801 - used like the functions of contextlib
    """The site over a data folder, by PROCESSES web processes."""

    def __init__(self, home: Path) -> None:
        """Choose a free port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self._home = home

    def __enter__(self) -> int:
        """Start and wait for the first answer."""
        command = [sys.executable, "-m", "infra.commands.app", "serve", "--processes", str(PROCESSES)]
        self._server = subprocess.Popen(
            [*command, "--port", str(self._port)],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(self._home),
        )  # fmt: skip
        for _ in range(300):
            try:
                answer(self._port, "/api/v1/search?q=a")
                return self._port
            except OSError:
                time.sleep(0.2)
        self.__exit__()
        raise RuntimeError("The site did not start.")

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._server.terminate()
        self._server.wait(timeout=30)


def environment(home: Path) -> dict[str, str]:
    """Words only: what the embedder costs is measured through the port and by bench.retrieval."""
    return {
        **os.environ,
        "TUALAI_HOME": str(home),
        "TUALAI_EMBEDDER": os.environ.get("TUALAI_EMBEDDER", "off"),
    }


def begin(port: int, paths: dict[str, list[str]]) -> None:
    """Ask a little, so that templates and index are open in both processes."""
    for each in paths.values():
        for path in each[:8]:
            answer(port, path)


def answer(port: int, path: str) -> bytes:
    """The body of a page, over a connection of its own. Raises `OSError`."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise OSError(f"{response.status} for {path}")
        return body
    finally:
        connection.close()


def under_load(port: int, paths: Sequence[str], pause: float = PAUSE) -> Figures:
    """Times while CLIENTS ask, each waiting for its answer and then `pause` seconds."""
    until, seconds = time.monotonic() + SECONDS, list[float]()
    failed: list[str] = []

    def client(number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < until:
            began = time.perf_counter()
            try:
                answer(port, chance.choice(paths))
            except OSError as error:
                failed.append(str(error))
            seconds.append(time.perf_counter() - began)
            time.sleep(pause)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {**spread(seconds), "failed": len(failed), "a_second": round(len(seconds) / SECONDS)}


def visible(port: int, note: Path, times: int = 10) -> Figures:
    """Seconds from a commit until twelve new connections in a row, of both processes, show it."""
    waits: list[float] = []
    seen = ""
    deadline = time.monotonic() + 120
    while len(waits) < times and time.monotonic() < deadline:
        word, _, when = note.read_text().partition(" ") if note.exists() else ("", "", "")
        if not word or word == seen:
            time.sleep(0.005)
            continue
        seen, row = word, 0
        while row < 12 and time.monotonic() < deadline:
            row = row + 1 if b'"total":1,' in answer(port, f"/api/v1/search?q={word}") else 0
        waits.append(time.time() - float(when))
    return {"times": len(waits), "worst_s": round(max(waits, default=-1), 3),
            "median_s": round(sorted(waits)[len(waits) // 2], 3) if waits else None}  # fmt: skip


def edited(folder: Path, passages: int) -> Figures:
    """Add and remove an episode until stopped, telling which word was added when."""
    archive, index = BigArchive(passages), TantivyIndex(folder / "home" / "index")
    (first, *others) = archive.made(archive.count + 1).passages
    note, number = folder / "edited", 0
    while True:
        word = f"{NEW}{number}"
        index.replace(first.episode, [replace(first, text=f"{first.text} {word}"), *others])
        new = note.with_suffix(".new")
        new.write_text(f"{word} {time.time()}")
        new.replace(note)
        time.sleep(2.0)
        index.replace(first.episode, [])
        number += 1
