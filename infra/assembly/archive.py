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
from infra.db.outbox.events import SqlEvents
from media.archive.catalogue import Catalogue
from media.archive.documents import Documents
from media.archive.editing import Editing
from media.archive.replacements import Replacements
from media.archive.taxonomy import Taxonomy
from media.encoding.port import Encoder
from media.ingest.upload_service import UploadService
from media.live.broadcast_store import Broadcasts
from media.storage.port import Storage
from search.diacritics.learning import FollowingRestorer, Learnings
from search.embedder import Embedder
from search.embedding.backfill import Meaning
from search.embedding.vector_store import VectorStore
from search.index import SearchIndex
from search.synonyms.port import Lexicons
from transcribe.editing.glossary import Glossary
from transcribe.editing.review_marks import Marking
from transcribe.segmenting.port import Segmenter
from transcribe.speech.port import Transcriber
from transcribe.transcripts import Transcripts
from transcribe.versions import Versions
from web.domain.accounts.presence import Presences
from web.domain.accounts.sign_in import SignIn
from web.domain.demand.port import Demand
from web.domain.events.viewers import Viewers
from web.domain.matching.matching import Matching
from web.domain.moderation.port import Board
from web.domain.moderation.screens import Screens
from web.domain.questions.already_answered import AlreadyAnswered
from web.domain.questions.contacts import Contacts
from web.domain.questions.questions import Questions
from web.domain.questions.word_list import WordList
from web.domain.questions.written_answers import WrittenAnswers
from web.domain.sending.encryption import Encryption
from web.domain.statistics.plays import Plays
from web.domain.statistics.searches import Searches
from web.domain.statistics.views import Views


@dataclass(frozen=True, slots=True)
class Archive:
    """What commands, the site and the pipeline work with.

    `embedder`, `encoder` and `transcriber` are functions: looking for ffmpeg and loading a model cost time
    that most commands need not spend. `scratch` is a folder for files of one process's life.
    """

    settings: Settings
    database: Database
    catalogue: Catalogue
    transcripts: Transcripts
    versions: Versions
    glossary: Glossary
    changes: SqlChanges
    plays: Plays
    lexicons: Lexicons
    learnings: Learnings
    restorer: FollowingRestorer
    searches: Searches
    views: Views
    sign_in: SignIn
    taxonomy: Taxonomy
    editing: Editing
    marking: Marking
    presences: Presences
    upload_service: UploadService
    documents: Documents
    replacements: Replacements
    watched: SqlSeenFiles
    jobs: DurableJobs
    records: JobRecords
    written_answers: WrittenAnswers
    storage: Storage
    broadcasts: Broadcasts
    encryption: Callable[[], Encryption]
    questions: Questions
    contacts: Contacts
    already_answered: AlreadyAnswered
    word_list: WordList
    board: Board
    matching: Matching
    demand: Demand
    screens: Screens
    events: SqlEvents
    viewers: Viewers
    index: SearchIndex
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
