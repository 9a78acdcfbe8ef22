"""What the site is given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from media.archive.catalogue import Catalogue
from media.archive.documents import Documents
from media.archive.editing import Editing
from media.archive.taxonomy import Taxonomy
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


@dataclass(frozen=True, slots=True)
class Services:
    """The ports the site uses. `site_name` is shown in the header, `base_url` ("" for none) makes
    absolute links in feeds and shares, `contact` ("" for none) says how the union is reached.
    Without `counter` searches are not counted. Without `sign_in` there is no studio. Times that people set
    are in `zone`. `metrics` are shown to whoever sends `metrics_token`, to nobody when it is ""."""

    catalogue: Catalogue
    transcripts: Transcripts
    index: SearchIndex
    storage: Storage
    jobs: Jobs
    plays: Plays
    sign_in: SignIn | None = None
    taxonomy: Taxonomy | None = None
    editing: Editing | None = None
    marking: Marking | None = None
    presences: Presences | None = None
    zone: ZoneInfo = ZONE
    provider: Provider | None = None
    mail: Mail | None = None
    site_name: str = "Tualai"
    base_url: str = ""
    contact: str = ""
    counter: SearchCounter | None = None
    searches: Searches | None = None
    views: Views | None = None
    view_counter: ViewCounter | None = None
    upload_service: UploadService | None = None
    documents: Documents | None = None
    versions: Versions | None = None
    glossary: Glossary | None = None
    lexicons: Lexicons | None = None
    events: EventLog | None = None
    hub: Hub | None = None
    broadcasts: Broadcasts | None = None
    live_address: str = ""
    live_secret: str = ""
    srt_address: str = ""
    metrics: Metrics | None = None
    metrics_token: str = ""
    readiness: Readiness | None = None
    questions: Questions | None = None
    contacts: Contacts | None = None
    written_answers: WrittenAnswers | None = None
    board: Board | None = None
    matching: Matching | None = None
    demand: Demand | None = None
    screens: Screens | None = None
    encryption: Encryption | None = None
    asking: Asking | None = None
    already_answered: AlreadyAnswered | None = None
    word_list: WordList | None = None
    push_key: str = ""
    delivery: Delivery | None = None
