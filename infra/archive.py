"""The archive, assembled: every port with the engine that the settings choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.db.changes_sql import SqlChanges
from infra.db.database import Database
from infra.db.job_records import JobRecords
from infra.jobs_dbos import DurableJobs
from infra.settings import Settings
from media.catalogue import Catalogue
from media.encoder import Encoder
from media.storage import Storage
from search.index import SearchIndex
from transcribe.segmenter import Segmenter
from transcribe.transcriber import Transcriber
from transcribe.transcripts import Transcripts
from web.plays import Plays


@dataclass(frozen=True, slots=True)
class Archive:
    """What commands, the site and the pipeline work with.

    `encoder` and `transcriber` are functions: looking for ffmpeg and loading a model cost time that
    most commands need not spend. `scratch` is a folder for files of one process's life.
    """

    settings: Settings
    database: Database
    catalogue: Catalogue
    transcripts: Transcripts
    changes: SqlChanges
    plays: Plays
    jobs: DurableJobs
    records: JobRecords
    storage: Storage
    index: SearchIndex
    encoder: Callable[[], Encoder]
    transcriber: Callable[[], Transcriber]
    segmenter: Segmenter
    scratch: Path
