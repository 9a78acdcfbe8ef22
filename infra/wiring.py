"""Choosing engines, in one place. Engine imports are inline: what is not chosen need not be installed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from infra.archive import Archive
from infra.db.catalogue_sql import SqlCatalogue
from infra.db.changes_sql import SqlChanges
from infra.db.database import Database, newest_revision
from infra.db.job_records import JobRecords
from infra.db.plays_sql import SqlPlays
from infra.db.transcripts_sql import SqlTranscripts
from infra.jobs_dbos import DurableJobs
from infra.settings import Settings
from media.encoder import Encoder
from media.errors import InvalidInput, Unavailable
from media.storage import Storage
from search.index import SearchIndex
from transcribe.segment_rules import RuleSegmenter
from transcribe.transcriber import Transcriber


@contextmanager
def open_archive(settings: Settings) -> Iterator[Archive]:
    """Everything wired by the settings, closed at the end.

    An embedded database is created and brought up to date by the way; a server's is not.

    Raises:
        InvalidInput: a setting names an engine there is none of.
        Unavailable: the data folder cannot be written, or a database server needs “tualai migrate”.
    """
    home = _prepare(settings.home)
    database = Database(_database_url(settings))
    records = JobRecords(database)
    jobs = DurableJobs(database, records)
    scratch = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=home / "scratch"))
    try:
        _check_schema(database)
        yield Archive(
            settings=settings,
            database=database,
            catalogue=SqlCatalogue(database, jobs.enqueue),
            transcripts=SqlTranscripts(database),
            changes=SqlChanges(database),
            plays=SqlPlays(database),
            jobs=jobs,
            records=records,
            storage=_storage(settings),
            index=_index(settings),
            encoder=cache(lambda: make_encoder(settings)),
            transcriber=cache(lambda: make_transcriber(settings)),
            segmenter=RuleSegmenter(),
            scratch=scratch,
        )
    finally:
        jobs.close()
        database.close()
        shutil.rmtree(scratch, ignore_errors=True)


def migrate(settings: Settings) -> str:
    """Bring the database to this program's schema, the job engine's tables too; return the revision."""
    from infra.jobs_dbos import migrate as migrate_jobs

    _prepare(settings.home)
    database = Database(_database_url(settings))
    try:
        database.migrate()
        migrate_jobs(database)
    finally:
        database.close()
    return newest_revision()


def make_encoder(settings: Settings) -> Encoder:
    """The media engine. Raises `Unavailable` without ffmpeg."""
    from media.encoder_ffmpeg import FfmpegEncoder

    return FfmpegEncoder(settings.ffmpeg or None)


def make_transcriber(settings: Settings) -> Transcriber:
    """The speech engine that is set, its model loaded at first use."""
    models = settings.home / "models"
    match settings.speech_engine:
        case "faster-whisper":
            from transcribe.engine_whisper import WhisperTranscriber

            return WhisperTranscriber(
                settings.speech_model,
                models=models,
                device=settings.speech_device,
                compute_type=settings.speech_compute,
                threads=settings.speech_threads,
            )
        case "openai-whisper":
            from transcribe.engine_openai_whisper import OpenAiWhisperTranscriber

            return OpenAiWhisperTranscriber(settings.speech_model, models=models)
        case other:
            raise InvalidInput(f"TUALAI_SPEECH_ENGINE is “{other}”; use faster-whisper or openai-whisper.")


def _database_url(settings: Settings) -> str:
    return settings.database_url or f"sqlite:///{settings.home / 'tualai.sqlite'}"


def _storage(settings: Settings) -> Storage:
    match urlsplit(settings.storage_url).scheme:
        case "" | "file":
            from media.storage_folder import FolderStorage

            return FolderStorage(Path(urlsplit(settings.storage_url).path or settings.home / "files"))
        case scheme:
            raise InvalidInput(
                f"TUALAI_STORAGE_URL begins with “{scheme}:”; this version keeps files in a folder only"
                " (file:///path, or leave it empty)."
            )


def _index(settings: Settings) -> SearchIndex:
    match urlsplit(settings.index_url).scheme:
        case "" | "file":
            from search.index_tantivy import TantivyIndex

            return TantivyIndex(Path(urlsplit(settings.index_url).path or settings.home / "index"))
        case scheme:
            raise InvalidInput(
                f"TUALAI_INDEX_URL begins with “{scheme}:”; this version has the embedded index only"
                " (file:///path, or leave it empty)."
            )


def _prepare(home: Path) -> Path:
    if any(mark in str(home) for mark in "?#%"):
        raise InvalidInput(f"The data folder {home} has ?, # or % in its path; choose one without.")
    try:
        (home / "scratch").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The data folder {home} can't be made or written ({error.strerror}); choose another with"
            " --home or TUALAI_HOME, or give this user the right to write there."
        ) from error
    _sweep(home / "scratch")
    return home


def _sweep(scratch: Path) -> None:
    """Remove what killed processes of this machine left behind."""
    for folder in scratch.iterdir():
        owner = folder.name.partition("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists() and Path("/proc").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _check_schema(database: Database) -> None:
    found, wanted = database.revision(), newest_revision()
    if found == wanted:
        return
    if found is not None and found > wanted:
        raise Unavailable(
            f"The database is of a newer version ({found}) than this program ({wanted}); upgrade the program."
        )
    if not database.is_sqlite:
        raise Unavailable(
            f"The database stands at revision {found or 'none'}, this program needs {wanted};"
            " run “tualai migrate” once."
        )
    from infra.jobs_dbos import migrate as migrate_jobs

    database.migrate()
    migrate_jobs(database)
