"""Assembling the archive from its stores and the engines that the settings choose (`infra.assembly.engines`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

from infra.assembly.archive import Archive
from infra.assembly.engines import (
    make_embedder,
    make_encoder,
    make_encryption,
    make_index,
    make_storage,
    make_transcriber,
    sentence_vectors,
)
from infra.assembly.groups import companion_services, live_services, studio_services
from infra.configuration.scratch import own_scratch
from infra.configuration.settings import Settings
from infra.db.archive.catalogue import SqlCatalogue
from infra.db.archive.disk_usage import room_left
from infra.db.archive.documents import SqlDocuments
from infra.db.archive.replacements import SqlReplacements
from infra.db.archive.uploads import SqlUploads
from infra.db.archive.watched_folder import SqlSeenFiles
from infra.db.base.connecting import Connecting
from infra.db.base.database import Database, newest_revision
from infra.db.jobs.job_records import JobRecords
from infra.db.jobs.queue_dbos import DurableJobs
from infra.db.outbox.changes import SqlChanges
from infra.db.questions.board import SqlBoard
from infra.db.search.learnings import SqlLearnings
from infra.db.search.vectors import SqlVectors
from infra.db.statistics.plays import SqlPlays
from infra.db.statistics.searches import SqlSearches
from infra.db.statistics.views import SqlViews
from infra.db.transcripts.transcripts import SqlTranscripts
from infra.monitoring.counted_storage import CountedStorage
from media.errors import InvalidInput, Unavailable
from media.ingest.upload_files import UploadFiles
from media.ingest.upload_service import UploadService
from media.ingest.uploads import Quota
from search.diacritics.learning import FollowingRestorer
from search.hybrid.index import HybridIndex
from search.synonyms.current import LiveLexicon
from search.synonyms.seed import SEED
from transcribe.segmenting.rules import RuleSegmenter
from web.domain.accounts.argon2 import Argon2Passwords
from web.domain.events.hub import Pace
from web.domain.matching.matching import QuestionMatching
from web.domain.moderation.clocks import clocks
from web.domain.questions.asking import AskingLimits


@contextmanager
def open_archive(settings: Settings) -> Iterator[Archive]:
    """Everything wired by the settings, closed at the end.

    An embedded database is created and brought up to date by the way; a server's is not.

    Raises:
        InvalidInput: a setting names an engine there is none of.
        Unavailable: the data folder cannot be written, or a database server needs “tualai migrate”.
    """
    home = _prepare(settings.home)
    database = open_database(settings)
    records = JobRecords(database)
    jobs = DurableJobs(database, records)
    stack = ExitStack()
    scratch = stack.enter_context(own_scratch(home / "scratch"))
    embedder = cache(lambda: make_embedder(settings))
    encryption = cache(lambda: make_encryption(settings))
    try:
        _check_schema(database)
        catalogue = SqlCatalogue(database, jobs.enqueue)
        studio = studio_services(database, Argon2Passwords(), _upload_service(settings, database, jobs))
        studio.lexicons.grow(SEED)
        lexicon = LiveLexicon(studio.lexicons, catalogue.topics)
        learnings = SqlLearnings(database)
        restorer = FollowingRestorer(learnings, lexicon)
        live = live_services(
            database,
            encryption,
            Pace(streams=settings.event_streams, of_address=settings.event_streams_of_address),
        )
        companion = companion_services(
            database,
            encryption,
            QuestionMatching(embedder, lexicon, restorer),
            SqlBoard(database, clocks(live.broadcasts, catalogue), settings.answer_lead),
            AskingLimits(settings.questions_of_address),
        )
        embedder()  # loads nothing yet; a wrong setting is said at once
        yield Archive(
            settings=settings,
            database=database,
            catalogue=catalogue,
            transcripts=SqlTranscripts(database),
            index=HybridIndex(make_index(settings, lexicon), embedder, restorer, lexicon),
            storage=CountedStorage(
                make_storage(settings, scratch / "copies"),
                partial(room_left, database, settings.storage_quota),
            ),
            jobs=jobs,
            plays=SqlPlays(database),
            searches=SqlSearches(database),
            views=SqlViews(database),
            documents=SqlDocuments(database),
            studio=studio,
            companion=companion,
            live=live,
            changes=SqlChanges(database),
            learnings=learnings,
            restorer=restorer,
            replacements=SqlReplacements(database, jobs.enqueue),
            watched=SqlSeenFiles(database),
            records=records,
            embedder=embedder,
            vectors=SqlVectors(database),
            encoder=cache(lambda: make_encoder(settings)),
            transcriber=cache(lambda: make_transcriber(settings)),
            segmenter=RuleSegmenter(vectors=lambda: sentence_vectors(embedder())),
            scratch=scratch,
        )
    finally:
        jobs.close()
        database.close()
        stack.close()


def migrate(settings: Settings) -> str:
    """Bring the database to this program's schema, the job engine's tables too; return the revision."""
    _prepare(settings.home)
    with closing(open_database(settings)) as database:
        bring_up_to_date(database)
    return newest_revision()


def bring_up_to_date(database: Database) -> None:
    """Our tables, and the job engine's beside them."""
    from infra.db.jobs.queue_dbos import migrate as migrate_jobs

    database.migrate()
    migrate_jobs(database)


def _upload_service(settings: Settings, database: Database, jobs: DurableJobs) -> UploadService:
    return UploadService(
        SqlUploads(database, jobs.enqueue_take),
        UploadFiles(settings.upload_folder or settings.home / "uploads"),
        largest=int(settings.upload_largest * 1e9),
        expiry=timedelta(hours=settings.upload_expiry),
        quota=Quota(int(settings.upload_quota * 1e9)),
        links=settings.link_import,
    )


def open_database(settings: Settings, url: str = "") -> Database:
    """The database of the settings, or the one at `url`, with their pool and time limits."""
    connecting = Connecting(
        pool=settings.database_pool,
        overflow=settings.database_pool_overflow,
        pool_wait=settings.database_pool_wait,
        connect=settings.database_connect_timeout,
        statement=settings.database_statement_timeout,
        idle=settings.database_idle_timeout,
        application=settings.database_application_name,
    )
    return Database(url or database_url(settings), connecting)


def database_url(settings: Settings) -> str:
    """Where the settings say that the database is."""
    return settings.database_url or f"sqlite:///{settings.home / 'tualai.sqlite'}"


def _prepare(home: Path) -> Path:
    if any(mark in str(home) for mark in "?#%"):
        raise InvalidInput(
            "The data folder %(home)s has ?, # or %% in its path; choose one without.", home=home
        )
    try:
        (home / "scratch").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            "The data folder %(home)s can't be made or written (%(why)s); choose another with --home or"
            " TUALAI_HOME, or give this user the right to write there.",
            home=home,
            why=error.strerror,
        ) from error
    return home


def _check_schema(database: Database) -> None:
    found, wanted = database.revision(), newest_revision()
    if found == wanted:
        return
    if found is not None and found > wanted:
        raise Unavailable(
            "The database is of a newer version (%(found)s) than this program (%(wanted)s); upgrade the"
            " program.",
            found=found,
            wanted=wanted,
        )
    if not database.is_sqlite:
        raise Unavailable(
            "The database stands at revision %(found)s, this program needs %(wanted)s; run “tualai migrate”"
            " once.",
            found=found or "none",
            wanted=wanted,
        )
    bring_up_to_date(database)
