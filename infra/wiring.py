"""Assembling the archive from its stores and the engines that the settings choose (`infra.engines`)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

from infra.archive import Archive
from infra.db.catalogue_sql import SqlCatalogue
from infra.db.changes_sql import SqlChanges
from infra.db.database import Database, newest_revision
from infra.db.documents_sql import SqlDocuments
from infra.db.editing_sql import SqlEditing
from infra.db.glossary_sql import SqlGlossary
from infra.db.job_records import JobRecords
from infra.db.learnings_sql import SqlLearnings
from infra.db.lexicon_sql import SqlLexicons
from infra.db.marks_sql import SqlMarking
from infra.db.plays_sql import SqlPlays
from infra.db.presence_sql import SqlPresences
from infra.db.replacements_sql import SqlReplacements
from infra.db.searches_sql import SqlSearches
from infra.db.subjects_sql import SqlSubjects
from infra.db.transcripts_sql import SqlTranscripts
from infra.db.uploads_sql import SqlUploads
from infra.db.vectors_sql import SqlVectors
from infra.db.versions_sql import SqlVersions
from infra.db.views_sql import SqlViews
from infra.db.watched_sql import SqlWatched
from infra.engines import make_embedder, make_encoder, make_index, make_storage, make_transcriber
from infra.jobs_dbos import DurableJobs
from infra.settings import Settings
from media.errors import InvalidInput, Unavailable
from media.upload_files import UploadFiles
from media.uploads import Quota
from search.hybrid import HybridIndex
from search.learning import FollowingRestorer
from search.lexicon_live import LiveLexicon
from search.lexicon_seed import SEED
from transcribe.segment_rules import RuleSegmenter
from web.signing import Signing
from web.uploading import Uploading


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
    embedder = cache(lambda: make_embedder(settings))
    try:
        _check_schema(database)
        catalogue, lexicons = SqlCatalogue(database, jobs.enqueue), SqlLexicons(database)
        lexicons.grow(SEED)
        lexicon = LiveLexicon(lexicons, catalogue.topics)
        learnings = SqlLearnings(database)
        restorer = FollowingRestorer(learnings, lexicon)
        embedder()  # loads nothing yet; a wrong setting is said at once
        yield Archive(
            settings=settings,
            database=database,
            catalogue=catalogue,
            transcripts=SqlTranscripts(database),
            versions=SqlVersions(database),
            glossary=SqlGlossary(database),
            changes=SqlChanges(database),
            plays=SqlPlays(database),
            lexicons=lexicons,
            learnings=learnings,
            restorer=restorer,
            searches=SqlSearches(database),
            views=SqlViews(database),
            signing=_signing(database),
            subjects=SqlSubjects(database),
            editing=SqlEditing(database),
            marking=SqlMarking(database),
            presences=SqlPresences(database),
            uploading=_uploading(settings, database, jobs),
            documents=SqlDocuments(database),
            replacements=SqlReplacements(database, jobs.enqueue),
            watched=SqlWatched(database),
            jobs=jobs,
            records=records,
            storage=make_storage(settings),
            index=HybridIndex(make_index(settings, lexicon), embedder, restorer, lexicon),
            embedder=embedder,
            vectors=SqlVectors(database),
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


def _signing(database: Database) -> Signing:
    from infra.db.accounts_sql import SqlAccounts
    from infra.db.attempts_sql import SqlAttempts
    from infra.db.audit_sql import SqlAudit
    from infra.db.tokens_sql import SqlTokens
    from web.passwords_argon2 import Argon2Passwords

    return Signing(
        SqlAccounts(database),
        Argon2Passwords(),
        SqlAttempts(database),
        SqlAudit(database),
        SqlTokens(database),
    )


def _uploading(settings: Settings, database: Database, jobs: DurableJobs) -> Uploading:
    return Uploading(
        SqlUploads(database, jobs.enqueue_take),
        UploadFiles(settings.upload_folder or settings.home / "uploads"),
        largest=int(settings.upload_largest * 1e9),
        expiry=timedelta(hours=settings.upload_expiry),
        quota=Quota(int(settings.upload_quota * 1e9)),
        links=settings.link_import,
    )


def _database_url(settings: Settings) -> str:
    return settings.database_url or f"sqlite:///{settings.home / 'tualai.sqlite'}"


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
