"""The groups of stores that the site, commands and the pipeline share: here each store is made, and only here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from infra.db.archive.editing import SqlEditing
from infra.db.archive.taxonomy import SqlTaxonomy
from infra.db.base.database import Database
from infra.db.live.broadcasts import SqlBroadcasts
from infra.db.live.viewers import SqlViewers
from infra.db.outbox.audit import SqlAudit
from infra.db.outbox.events import SqlEvents
from infra.db.people.accounts import SqlAccounts
from infra.db.people.attempts import SqlAttempts
from infra.db.people.presence import SqlPresences
from infra.db.people.tokens import SqlTokens
from infra.db.questions.already_answered import SqlAlreadyAnswered
from infra.db.questions.contacts import SqlContacts
from infra.db.questions.demand import SqlDemand
from infra.db.questions.questions import SqlQuestions
from infra.db.questions.screens import SqlScreens
from infra.db.questions.word_list import SqlWordList
from infra.db.questions.written_answers import SqlWrittenAnswers
from infra.db.search.synonyms import SqlLexicons
from infra.db.transcripts.glossary import SqlGlossary
from infra.db.transcripts.review_marks import SqlMarking
from infra.db.transcripts.versions import SqlVersions
from media.ingest.upload_service import UploadService
from web.domain.accounts.passwords import Passwords
from web.domain.accounts.sign_in import SignIn
from web.domain.events.hub import Hub, Pace
from web.domain.matching.matching import Matching
from web.domain.moderation.port import Board
from web.domain.questions.asking import Asking, AskingLimits
from web.domain.questions.word_list import Watching
from web.domain.sending.encryption import Encryption
from web.services import CompanionServices, LiveServices, StudioServices


def studio_services(
    database: Database, passwords: Passwords, upload_service: UploadService
) -> StudioServices:
    """The studio's stores in `database`."""
    return StudioServices(
        sign_in=SignIn(
            SqlAccounts(database),
            passwords,
            SqlAttempts(database),
            SqlAudit(database),
            SqlTokens(database),
        ),
        taxonomy=SqlTaxonomy(database),
        editing=SqlEditing(database),
        marking=SqlMarking(database),
        presences=SqlPresences(database),
        upload_service=upload_service,
        versions=SqlVersions(database),
        glossary=SqlGlossary(database),
        lexicons=SqlLexicons(database),
    )


def live_services(
    database: Database, encryption: Callable[[], Encryption], pace: Pace | None = None
) -> LiveServices:
    """Broadcasts and events in `database`; `pace` limits the streams of this process."""
    events = SqlEvents(database)
    return LiveServices(
        broadcasts=SqlBroadcasts(database, encryption),
        events=events,
        hub=Hub(events, SqlViewers(database), pace),
    )


def companion_services(
    database: Database,
    encryption: Callable[[], Encryption],
    matching: Matching,
    board: Board,
    limits: AskingLimits | None = None,
) -> CompanionServices:
    """Questions in `database`; `limits` are of this process."""
    questions, contacts, word_list = SqlQuestions(database), SqlContacts(database), SqlWordList(database)
    return CompanionServices(
        encryption=encryption,
        asking=cache(lambda: Asking(questions, contacts, encryption(), Watching(word_list), limits)),
        questions=questions,
        contacts=contacts,
        written_answers=SqlWrittenAnswers(database),
        already_answered=SqlAlreadyAnswered(database),
        board=board,
        matching=matching,
        demand=SqlDemand(database),
        screens=SqlScreens(database, encryption),
        word_list=word_list,
    )
