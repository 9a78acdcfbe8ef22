"""The archive, assembled: every port with the engine that the settings choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.configuration.settings import Settings
from infra.db.archive.watched_folder import SqlSeenFiles
from infra.db.base.database import Database
from infra.db.jobs.job_records import JobRecords
from infra.db.jobs.queue_dbos import DurableJobs
from infra.db.outbox.changes import SqlChanges
from media.archive.replacements import Replacements
from media.encoding.port import Encoder
from search.diacritics.learning import FollowingRestorer, Learnings
from search.embedder import Embedder
from search.embedding.backfill import Meaning
from search.embedding.vector_store import VectorStore
from transcribe.segmenting.port import Segmenter
from transcribe.speech.port import Transcriber
from web.services import ArchiveServices, CompanionServices, LiveServices, StudioServices


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive(ArchiveServices):
    """What commands, the site and the pipeline work with: the archive's own stores, the other groups, and what
    only this package needs.

    `embedder`, `encoder` and `transcriber` are functions: looking for ffmpeg and loading a model cost time
    that most commands need not spend. `scratch` is a folder for files of one process's life.
    """

    jobs: DurableJobs
    studio: StudioServices
    companion: CompanionServices
    live: LiveServices
    settings: Settings
    database: Database
    changes: SqlChanges
    learnings: Learnings
    restorer: FollowingRestorer
    replacements: Replacements
    watched: SqlSeenFiles
    records: JobRecords
    embedder: Callable[[], Embedder | None]
    vectors: VectorStore
    encoder: Callable[[], Encoder]
    transcriber: Callable[[], Transcriber]
    segmenter: Segmenter
    scratch: Path

    @property
    def meaning(self) -> Meaning | None:
        """The embedder and the vectors it has made; None when search goes by words only."""
        embedder = self.embedder()
        return Meaning(embedder, self.vectors) if embedder is not None else None
