"""What the site is given to work with: four groups, each whole or absent, and the facts of this site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from zoneinfo import ZoneInfo

from starlette.requests import Request

from media.archive.catalogue import Catalogue
from media.archive.documents import Documents
from media.archive.editing import Editing
from media.archive.taxonomy import Taxonomy
from media.errors import NotFound
from media.ingest.upload_service import UploadService
from media.jobs import Jobs
from media.live.broadcast_store import Broadcasts
from media.storage.port import Storage
from search.index import SearchIndex
from search.synonyms.port import Lexicons
from transcribe.editing.glossary import Glossary
from transcribe.editing.review_marks import Marking
from transcribe.transcripts import Transcripts
from transcribe.versions import Versions
from web.domain.accounts.openid import Provider
from web.domain.accounts.presence import Presences
from web.domain.accounts.sign_in import SignIn
from web.domain.demand.port import Demand
from web.domain.events.events import EventLog
from web.domain.events.hub import Hub
from web.domain.matching.matching import Matching
from web.domain.moderation.port import Board
from web.domain.moderation.screens import Screens
from web.domain.questions.already_answered import AlreadyAnswered
from web.domain.questions.asking import Asking
from web.domain.questions.contacts import Contacts
from web.domain.questions.questions import Questions
from web.domain.questions.word_list import WordList
from web.domain.questions.written_answers import WrittenAnswers
from web.domain.sending.encryption import Encryption
from web.domain.sending.mail import Mail
from web.domain.statistics.plays import Plays
from web.domain.statistics.search_counter import SearchCounter
from web.domain.statistics.searches import Searches
from web.domain.statistics.view_counter import ViewCounter
from web.domain.statistics.views import Views
from web.http.file_delivery import Delivery
from web.http.metrics import Metrics, Readiness

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveServices:
    """The published archive: what every site has."""

    catalogue: Catalogue
    transcripts: Transcripts
    index: SearchIndex
    storage: Storage
    jobs: Jobs
    plays: Plays
    documents: Documents
    searches: Searches
    views: Views


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioServices:
    """Where the archive is worked on, by people who signed in."""

    sign_in: SignIn
    taxonomy: Taxonomy
    editing: Editing
    marking: Marking
    presences: Presences
    upload_service: UploadService
    versions: Versions
    glossary: Glossary
    lexicons: Lexicons


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanionServices:
    """Workers' questions and their answers. `encryption` and `asking` are functions: the key is read, or made,
    at first use."""

    encryption: Callable[[], Encryption]
    asking: Callable[[], Asking]
    questions: Questions
    contacts: Contacts
    written_answers: WrittenAnswers
    already_answered: AlreadyAnswered
    board: Board
    matching: Matching
    demand: Demand
    screens: Screens
    word_list: WordList


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveServices:
    """Broadcasts, and what is told to those who follow them."""

    broadcasts: Broadcasts
    events: EventLog
    hub: Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """Facts of this site. `site_name` is shown in the header, `base_url` ("" for none) makes absolute links in
    feeds and shares, `contact` ("" for none) says how the union is reached. Times that people set are in `zone`.
    Metrics are shown to whoever sends `metrics_token`, to nobody when it is ""; without a `push_key` nobody is
    told by web push."""

    site_name: str = "Tualai"
    base_url: str = ""
    contact: str = ""
    zone: ZoneInfo = ZONE
    live_address: str = ""
    live_secret: str = ""
    srt_address: str = ""
    metrics_token: str = ""
    push_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The groups the site uses, and what belongs to its process alone. Without a group what it serves is not
    found (`studio_of`, `companion_of`, `live_of`)."""

    settings: SiteSettings
    counter: SearchCounter
    view_counter: ViewCounter
    archive: ArchiveServices
    studio: StudioServices | None = None
    companion: CompanionServices | None = None
    live: LiveServices | None = None
    provider: Provider | None = None
    mail: Mail | None = None
    metrics: Metrics | None = None
    readiness: Readiness | None = None
    delivery: Delivery | None = None


def services_of(request: Request) -> Services:
    """What the site of this request works with."""
    return cast(Services, request.app.state.services)


def studio_of(request: Request) -> StudioServices:
    """Raises `NotFound` where there is no studio."""
    found = services_of(request).studio
    if found is None:
        raise NotFound("This site has no studio.")
    return found


def companion_of(request: Request) -> CompanionServices:
    """Raises `NotFound` where no questions are taken."""
    found = services_of(request).companion
    if found is None:
        raise NotFound("This site takes no questions.")
    return found


def live_of(request: Request) -> LiveServices:
    """Raises `NotFound` where nothing is broadcast."""
    found = services_of(request).live
    if found is None:
        raise NotFound("There are no broadcasts here.")
    return found
