"""The worker's duty of embedding: quiet while there is nothing to do or nobody to ask."""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import event

from infra.assembly.wiring import open_archive
from infra.background.embeddings import LONGEST_PAUSE_SECONDS, NICENESS, EmbeddingTask
from infra.configuration.settings import Settings
from infra.pipeline.steps import embed_waiting, refresh_index
from media.errors import Unavailable

pytestmark = pytest.mark.slow  # processes, ffmpeg and whole archives


@pytest.fixture
def home(empty_database: Path, tmp_path: Path) -> Path:
    copy(empty_database, tmp_path / "tualai.sqlite")
    return tmp_path


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_asks_ever_more_rarely_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[float] = []
    clock = Clock()
    away = True

    def embed(*_: object) -> str | None:
        asked.append(clock.now)
        if away:
            raise Unavailable("The embedder is away; start it.")
        return None if asked.count(clock.now) > 1 else "mot"

    monkeypatch.setattr("infra.pipeline.steps.embed_waiting", embed)
    monkeypatch.setattr("infra.background.embeddings._step_aside", lambda: None)
    task = EmbeddingTask(lambda: False, clock)
    caplog.set_level(logging.INFO, "tualai.worker")
    while clock.now < 3600:
        task(None, "a")  # type: ignore[arg-type]
        clock.now += 1
    assert asked[:5] == [0, 5, 15, 35, 75]
    assert asked[-1] - asked[-2] == LONGEST_PAUSE_SECONDS
    assert [r.levelname for r in caplog.records] == ["WARNING"]
    away = False
    clock.now += LONGEST_PAUSE_SECONDS
    task(None, "a")  # type: ignore[arg-type]
    assert "works again" in caplog.text


def test_stopping_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "infra.pipeline.steps.embed_waiting", lambda *_: pytest.fail("nothing more is begun")
    )
    monkeypatch.setattr("infra.background.embeddings._step_aside", lambda: None)
    EmbeddingTask(lambda: True)(None, "a")  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_only_its_own_thread_steps_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.pipeline.steps.embed_waiting", lambda *_: None)
    seen: list[int] = []

    def run() -> None:
        EmbeddingTask(lambda: False)(None, "a")  # type: ignore[arg-type]
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [max(NICENESS, before)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def test_with_nothing_to_embed_it_reads_once_and_writes_nothing(home: Path) -> None:
    with open_archive(Settings(home=home, embedder="auto")) as archive:
        refresh_index(archive)
        said: list[str] = []
        event.listen(archive.database.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        assert embed_waiting(archive, lambda: False) is None
        assert len(said) <= 1
        assert all(text.startswith("SELECT") for text in said)


def test_off_means_off(home: Path) -> None:
    with open_archive(Settings(home=home, embedder="off")) as archive:
        assert archive.meaning is None
        assert embed_waiting(archive, lambda: False) is None
        assert refresh_index(archive) == 0
