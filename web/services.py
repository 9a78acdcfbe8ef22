"""What the site is given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from media.archive.catalogue import Catalogue
from media.archive.documents import Documents
from media.archive.editing import Editing
from media.archive.taxonomy import Subjects
from media.jobs import Jobs
from media.live.broadcast_store import Broadcasts
from media.storage.port import Storage
from search.index import SearchIndex
from search.synonyms.port import Lexicons
from transcribe.editing.glossary import Glossary
from transcribe.editing.review_marks import Marking
from transcribe.transcripts import Transcripts
from transcribe.versions import Versions
from web.companion.already_answered import AlreadyAnswered
from web.companion.asking import Asking
from web.companion.contacts import Contacts
from web.companion.events import EventLog
from web.companion.hub import Hub
from web.companion.matching import Matching
from web.companion.moderating import Board
from web.companion.questions import Questions
from web.companion.screens import Screens
from web.companion.sealing import Sealing
from web.companion.wants import Wants
from web.companion.word_list import WordList
from web.companion.writing import Writing
from web.delivery import Delivery
from web.mail import Mail
from web.metrics import Metrics, Readiness
from web.plays import Plays
from web.provider import Provider
from web.search_counter import SearchCounter
from web.searches import Searches
from web.signing import Signing
from web.studio.presence import Presences
from web.uploading import Uploading
from web.view_counter import ViewCounter
from web.views import Views

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Services:
    """The ports the site uses. `site_name` is shown in the header, `base_url` ("" for none) makes
    absolute links in feeds and shares, `contact` ("" for none) says how the union is reached.
    Without `counter` searches are not counted. Without `signing` there is no studio. Times that people set
    are in `zone`. `metrics` are shown to whoever sends `metrics_token`, to nobody when it is ""."""

    catalogue: Catalogue
    transcripts: Transcripts
    index: SearchIndex
    storage: Storage
    jobs: Jobs
    plays: Plays
    signing: Signing | None = None
    subjects: Subjects | None = None
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
    uploading: Uploading | None = None
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
    writing: Writing | None = None
    board: Board | None = None
    matching: Matching | None = None
    wants: Wants | None = None
    screens: Screens | None = None
    sealing: Sealing | None = None
    asking: Asking | None = None
    already_answered: AlreadyAnswered | None = None
    word_list: WordList | None = None
    push_key: str = ""
    delivery: Delivery | None = None
