"""Uploads: files on their way into the archive, and what is to become of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from media.errors import Conflict, InvalidInput, Message, Unavailable

FILENAME_BYTES = 200
DOCUMENT_BYTES = 50 << 20
CAPTIONS_BYTES = 20 << 20


class TooLarge(InvalidInput):
    """More bytes than this archive, or this account, may send."""


class UploadBusy(Conflict):
    """Another request is writing to this upload; wait for it, or try again in half a minute."""


class NoRoom(Unavailable):
    """The disk that uploads are kept on is nearly full."""


class UploadKind(StrEnum):
    """What a file is."""

    RECORDING = "recording"
    CAPTIONS = "captions"
    DOCUMENT = "document"


class UploadState(StrEnum):
    """Where an upload stands."""

    ARRIVING = "arriving"  # some bytes are missing
    WAITING = "waiting"  # all are there; a worker will take it
    TAKING = "taking"  # a worker has it in hand
    TAKEN = "taken"
    REFUSED = "refused"  # `error` says why; it can be tried again


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """What a file is to become: a new episode with these data; or something of `episode`, when that is set
    (its new recording, its captions, a document of it). `captions` is the id of an uploaded caption
    file that belongs to a recording. `language` "" means: detect it."""

    programme: str = ""
    title: str = ""
    date: date | None = None
    language: str = ""
    episode: str = ""
    captions: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file. `account` is whose it is ("" for the archive's own, such as a watched folder's), `actor` the
    login that changes are noted under, `length` its bytes (0 for a link not fetched yet), `link` where it is
    fetched from ("" for sent files), `fraction` (0–1) of taking it, `episode` what came of it, `known`
    whether that was in the archive before. Times are UTC without a zone."""

    id: str
    account: str
    actor: str
    filename: str
    length: int
    expires_at: datetime
    kind: UploadKind = UploadKind.RECORDING
    upload_request: UploadRequest = field(default_factory=UploadRequest)
    link: str = ""
    state: UploadState = UploadState.ARRIVING
    attempt: int = 0
    fraction: float = 0.0
    episode: str = ""
    known: bool = False
    error: Message | None = None
    created_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def taken_alone(self) -> bool:
        """Whether it has a job of its own: captions of a recording that is still arriving have none."""
        return self.kind is not UploadKind.CAPTIONS or bool(self.upload_request.episode)


@dataclass(frozen=True, slots=True)
class Quota:
    """What one account may have on its way at once: bytes and number of uploads."""

    bytes: int
    count: int = 100


class Uploads(Protocol):
    """What is known of uploads; their bytes are in `media.ingest.upload_files`. One method is one transaction."""

    def add(self, upload: Upload, quota: Quota) -> None:
        """Note a new one (given without a link: arriving; with a link: waiting, its job with it).
        Raises `TooLarge` over the quota."""
        ...

    def upload(self, id: str) -> Upload:
        """Raises `NotFound`."""
        ...

    def of_account(self, account: str, limit: int = 50) -> list[Upload]:
        """Newest first."""
        ...

    def arriving(self) -> list[Upload]:
        """All that lack bytes, or were not noted as complete."""
        ...

    def touch(self, id: str, expires_at: datetime) -> None:
        """Something arrived: it is kept until then."""
        ...

    def complete(self, id: str) -> Upload:
        """All bytes are there: wait for a worker, the job committed with it. Done twice, it is done once.
        Raises `NotFound`."""
        ...

    def begin(self, id: str) -> Upload:
        """A worker has it. Raises `NotFound`."""
        ...

    def report(self, id: str, fraction: float) -> None:
        """How far taking it is, 0–1."""
        ...

    def fetched(self, id: str, filename: str, length: int) -> None:
        """What a link led to; `length` in bytes."""
        ...

    def taken(self, id: str, episode: str, known: bool) -> None:
        """It is in the archive."""
        ...

    def refuse(self, id: str, error: Message) -> None:
        """It can't be taken; `error` is a sentence for people."""
        ...

    def retry(self, id: str) -> Upload:
        """Let a refused one be taken again. Raises `NotFound`, `Conflict` when it was not refused."""
        ...

    def remove(self, id: str) -> None:
        """Forget it. Raises `NotFound`, `Conflict` while a worker has it or will have it."""
        ...

    def expired(self, at: datetime) -> list[Upload]:
        """Those that nobody needs to keep any more."""
        ...


def clean_filename(name: str) -> str:
    """A file's name as it is shown, never more than a name: no folders, no control characters, NFC, at most
    200 bytes of UTF-8; “file” when nothing is left."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    shown = shown.strip().strip(".").strip()
    stem, dot, ending = shown.rpartition(".")
    if dot and len(ending.encode()) <= 12:
        room = FILENAME_BYTES - len(ending.encode()) - 1
        shown = stem.encode()[:room].decode("utf-8", "ignore").rstrip() + dot + ending
    return shown.encode()[:FILENAME_BYTES].decode("utf-8", "ignore").strip() or "file"


def title_of(filename: str) -> str:
    """A title from a file's name: without its ending, underscores as spaces."""
    stem, dot, _ = filename.rpartition(".")
    return " ".join((stem if dot and stem else filename).replace("_", " ").split())
