"""The stores under one contract: the in-memory fakes and the real ones."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from infra.db.archive.catalogue import SqlCatalogue
from infra.db.base.database import Database
from infra.db.jobs.job_records import JobRecords
from infra.db.jobs.queue_dbos import DurableJobs, migrate
from infra.db.outbox.changes import SqlChanges
from infra.db.search.vectors import SqlVectors
from infra.db.statistics.plays import SqlPlays
from infra.db.statistics.searches import SqlSearches
from infra.db.statistics.views import SqlViews
from infra.db.transcripts.transcripts import SqlTranscripts
from media.archive.catalogue import Catalogue
from media.archive.episodes import Episode, Programme, Recording, Topic
from media.jobs import Jobs
from media.probing.media_info import AudioInfo, MediaInfo, VideoInfo
from search.embedding.vector_store import VectorStore
from search.passages.changes import Changes
from tests.fakes.catalogue_memory import MemoryCatalogue
from tests.fakes.plays_memory import MemoryPlays
from tests.fakes.searches_memory import MemorySearches
from tests.fakes.transcripts_memory import MemoryTranscripts
from tests.fakes.vectors_memory import MemoryVectors
from tests.fakes.views_memory import MemoryViews
from transcribe.transcripts import Transcripts
from web.domain.statistics.plays import Plays
from web.domain.statistics.searches import Searches
from web.domain.statistics.views import Views

INFO = MediaInfo(
    "mov,mp4",
    61.5,
    900_000,
    VideoInfo(0, "h264", 1280, 720, 25.0, "yuv420p", profile="High", level=31),
    AudioInfo(1, "aac", 48_000, 2, "LC"),
)


@dataclass
class Stores:
    catalogue: Catalogue
    transcripts: Transcripts
    changes: Changes
    plays: Plays
    searches: Searches
    jobs: Jobs
    vectors: VectorStore
    views: Views
    database: Database | None = None

    def add(self, slug: str = "thang-ba", **values: object) -> Episode:
        """Add an episode with a recording of its own, to the programme “dh” and the topic “thai-san”."""
        self.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
        self.catalogue.save_topic(Topic("thai-san", "Thai sản", "Maternity", ("nghỉ sinh",)))
        number = len(self.catalogue.episodes())
        recording = a_recording(f"{number:064x}")
        day = values.pop("date", date(2026, 3, 15))
        episode = Episode(slug, "dh", "Số tháng Ba", day, **values)  # type: ignore[arg-type]
        job = self.catalogue.add_episode(episode, recording)
        return self.catalogue.episode(self.jobs.job(job).episode)


def a_recording(id: str) -> Recording:
    return Recording(id, "buổi phát.mp4", 1234, f"recordings/{id}/source.mp4", INFO)


def memory_stores() -> Stores:
    catalogue = MemoryCatalogue()
    transcripts = MemoryTranscripts(catalogue)
    plays = MemoryPlays(catalogue, transcripts)
    return Stores(
        catalogue,
        transcripts,
        catalogue.changes,
        plays,
        MemorySearches(),
        catalogue.jobs,
        MemoryVectors(catalogue),
        MemoryViews(catalogue, transcripts, plays),
    )


def new_database(file: Path) -> Database:
    """An empty, migrated database."""
    database = Database(f"sqlite:///{file}")
    database.migrate()
    migrate(database)
    database.close()
    return database


def hurry(connection: sqlite3.Connection, _record: object) -> None:
    """Let SQLite wait for no disk: no test survives a power cut."""
    connection.execute("PRAGMA synchronous=OFF")


def as_in(template: Path, database: Database) -> Database:
    """Let a SQLite database have the rows of another one's file, and no others."""
    database.close()
    file = Path(database.url.removeprefix("sqlite:///"))
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()  # with its journal; who still has it open sees the old one
    shutil.copy(template, file)
    return database


def sqlite_stores(template: Path, file: Path) -> Stores:
    """Stores on a copy of an empty, migrated database."""
    shutil.copy(template, file)
    return stores_on(Database(f"sqlite:///{file}"))


def stores_on(database: Database) -> Stores:
    """Stores on a migrated database, of any engine."""
    jobs = DurableJobs(database, JobRecords(database))
    return Stores(
        SqlCatalogue(database, jobs.enqueue),
        SqlTranscripts(database),
        SqlChanges(database),
        SqlPlays(database),
        SqlSearches(database),
        jobs,
        SqlVectors(database),
        SqlViews(database),
        database,
    )
