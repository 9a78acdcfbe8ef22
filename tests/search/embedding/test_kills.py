"""Workers that embed are killed for good: each loses one batch at most."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from media.archive.episodes import EpisodeState
from search.embedding.backfill import Meaning
from search.indexer import drain, published_passages
from tests.fakes.embedder_syllables import SyllableEmbedder
from tests.fakes.index_memory import MemoryIndex
from tests.stores import sqlite_stores
from tests.waiting import until
from transcribe.cues import Cue
from transcribe.transcripts import Transcript, TranscriptOrigin

pytestmark = pytest.mark.slow
TEXTS, KILLS = 120, 6
WORKER = """
import sys, time
from pathlib import Path
from infra.db.base.database import Database
from infra.db.archive.catalogue import SqlCatalogue
from infra.db.outbox.changes import SqlChanges
from infra.db.transcripts.transcripts import SqlTranscripts
from infra.db.search.vectors import SqlVectors
from search.embedding import backfill
from search.indexer import published_passages
from tests.fakes.embedder_syllables import SyllableEmbedder

backfill.HELD_SECONDS, backfill.BATCH_TEXTS = 0.3, 2
database = Database(sys.argv[1])
catalogue, transcripts = SqlCatalogue(database, None), SqlTranscripts(database)
log = open(sys.argv[2], "a", buffering=1, encoding="utf-8")

class Slow(SyllableEmbedder):
    def excerpts(self, texts):
        log.write("".join(text.split("\\n")[0] + "\\n" for text in texts))
        time.sleep(0.02)
        return super().excerpts(texts)

meaning = backfill.Meaning(Slow(), SqlVectors(database))
while True:
    published = lambda slug: published_passages(slug, catalogue, transcripts)
    if backfill.embed_next(meaning, SqlChanges(database), published) is None:
        time.sleep(0.02)
"""


def test_kill_9_again_and_again(empty_database: Path, tmp_path: Path, thorough: bool) -> None:
    kills = KILLS if thorough else 3
    stores = sqlite_stores(empty_database, tmp_path / "t.sqlite")
    assert stores.database is not None
    stores.add("mot", date=date(2026, 3, 1))
    cues = tuple(Cue(60.0 * n, 60.0 * n + 50, f"Câu số {n} nói về tiền lương.") for n in range(TEXTS))
    stores.transcripts.save_transcript("mot", Transcript("vi", TranscriptOrigin.EDITED, cues))
    stores.catalogue.set_state("mot", EpisodeState.PUBLISHED)
    meaning, index = Meaning(SyllableEmbedder(), stores.vectors), MemoryIndex()
    published = published_passages("mot", stores.catalogue, stores.transcripts)
    drain(stores.changes, stores.catalogue, stores.transcripts, index, meaning)
    log = tmp_path / "embedded"
    drawn = random.Random(3)
    for number in range(kills + 1):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, stores.database.url, str(log)], cwd=Path(__file__).parents[3]
        )
        before = log.read_text("utf-8").count("\n") if log.exists() else 0
        if number == kills:
            until(lambda: not meaning.missing(published), "all is embedded")
        else:
            until(lambda: log_lines(log) > before, "it works")  # noqa: B023 - called at once
            time.sleep(drawn.uniform(0, 0.15))  # for any moment of its work to be the one
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert meaning.missing(published) == []
    assert TEXTS <= log_lines(log) <= TEXTS + 2 * kills
    drain(stores.changes, stores.catalogue, stores.transcripts, index, meaning)
    assert stores.vectors.waiting(meaning.embedder.name) == []
    stores.jobs.close()  # type: ignore[attr-defined]
    stores.database.close()


def log_lines(log: Path) -> int:
    return log.read_text("utf-8").count("\n") if log.exists() else 0
