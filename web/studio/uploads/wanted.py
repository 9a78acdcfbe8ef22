"""What people may ask to be made of a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from media.archive.catalogue import Catalogue
from media.errors import Forbidden, InvalidInput
from media.ingest.upload_service import UploadService
from media.ingest.uploads import (
    CAPTIONS_BYTES,
    DOCUMENT_BYTES,
    TooLarge,
    Upload,
    UploadKind,
    UploadRequest,
    UploadState,
    clean_filename,
    title_of,
)
from web.access.signed_in import SignedInRequest
from web.domain.accounts.permissions import Action

TITLE_LENGTH = 200
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ENDINGS = {
    "srt": UploadKind.CAPTIONS,
    "vtt": UploadKind.CAPTIONS,
    "sbv": UploadKind.CAPTIONS,
    "pdf": UploadKind.DOCUMENT,
}
LARGEST = {UploadKind.CAPTIONS: CAPTIONS_BYTES, UploadKind.DOCUMENT: DOCUMENT_BYTES}


def kind_of(values: Mapping[str, str], filename: str) -> UploadKind:
    """What the file is, as said, or by its name's ending. Raises `InvalidInput`."""
    said = values.get("kind", "")
    if not said:
        return ENDINGS.get(filename.rpartition(".")[2].lower(), UploadKind.RECORDING)
    try:
        return UploadKind(said)
    except ValueError as error:
        raise InvalidInput(
            "“%(kind)s” is no kind of file; use recording, captions or document.", kind=said[:40]
        ) from error


def upload_request_of(
    values: Mapping[str, str],
    kind: UploadKind,
    filename: str,
    signed_in: SignedInRequest,
    catalogue: Catalogue,
    today: date,
) -> UploadRequest:
    """What is asked for, checked against what there is and what the visitor may do.

    Raises:
        NotFound: no such programme or episode.
        Forbidden: it belongs to another organisation.
        InvalidInput: something is missing or can't be read.
    """
    episode = values.get("for", "")
    if episode:
        found = catalogue.episode(episode)
        organisation = catalogue.programme(found.programme).organisation
        signed_in.check(Action.EDIT_EPISODE, organisation)
        return UploadRequest(programme=found.programme, episode=episode)
    if kind is UploadKind.DOCUMENT:
        raise InvalidInput("A document belongs to an episode; open the episode and add it there.")
    if kind is UploadKind.CAPTIONS:
        return UploadRequest()
    return _new_episode(values, filename, signed_in, catalogue, today)


def check_size(kind: UploadKind, length: int, largest: int) -> None:
    """Raises `InvalidInput` for an empty file, `TooLarge`."""
    limit = min(LARGEST.get(kind, largest), largest)
    if length == 0:
        raise InvalidInput("This file is empty; copy it again from where it was recorded.")
    if length > limit:
        raise TooLarge(
            "This file has %(size)s MB; at most %(most)s MB can be taken.",
            size=f"{length / 1e6:,.0f}",
            most=f"{limit / 1e6:,.0f}",
        )


def check_captions(upload_service: UploadService, id: str, account: str) -> str:
    """The id of captions that wait for their recording; "" for none. Raises `NotFound`, `InvalidInput`, `Forbidden`."""
    if not id:
        return ""
    found: Upload = upload_service.uploads.upload(id)
    if found.account != account:
        raise Forbidden("These captions were sent by somebody else; send them again.")
    if found.kind is not UploadKind.CAPTIONS or found.taken_alone or found.state is UploadState.ARRIVING:
        raise InvalidInput("Send the captions whole before the recording that they belong to.")
    return id


def name_of(values: Mapping[str, str]) -> str:
    """The file's name as shown."""
    return clean_filename(values.get("filename", "") or values.get("name", ""))


def _new_episode(
    values: Mapping[str, str], filename: str, signed_in: SignedInRequest, catalogue: Catalogue, today: date
) -> UploadRequest:
    slug = values.get("programme", "")
    if not slug:
        raise InvalidInput("Choose the programme that this recording belongs to.")
    programme = catalogue.programme(slug)
    signed_in.check(Action.UPLOAD, programme.organisation)
    title = " ".join(values.get("title", "").split()) or title_of(filename)
    if len(title) > TITLE_LENGTH or not title.isprintable():
        raise InvalidInput(
            "A title has at most %(most)s characters and no control characters.", most=TITLE_LENGTH
        )
    language = values.get("language", "") or programme.language
    if language != "auto" and not LANGUAGE.fullmatch(language):
        raise InvalidInput("“%(language)s” is no language; use vi, en, or auto.", language=language[:20])
    return UploadRequest(
        slug, title, _day(values.get("date", ""), today), "" if language == "auto" else language
    )


def _day(text: str, today: date) -> date:
    if not text:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("“%(text)s” is not a day; write it as 2026-03-15.", text=text[:20]) from error
