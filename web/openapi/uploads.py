"""The API's description: uploads (tus 1.0), links, documents, processing. Pure."""

from __future__ import annotations

from media.ingest.uploads import UploadKind, UploadState
from media.jobs import JobState
from web.domain.accounts.permissions import Action
from web.openapi.vocabulary import (
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    WHOLE,
    Operation,
    Schema,
    asked,
    header,
    list_of,
    loose,
    one_of,
    or_null,
    path,
    placed,
    record,
    ref,
    said,
)
from web.studio.uploads.tus_headers import CHUNK_TYPE, VERSION

_UPLOAD, _SEE, _EDIT = Action.UPLOAD, Action.SEE_STUDIO, Action.EDIT_EPISODE
_AT = "/api/v1/uploads"
_TUS = header("Tus-Resumable", {"type": "string", "const": VERSION}, needed=True)
_OFFSET = header("Upload-Offset", WHOLE, "how many bytes have arrived", needed=True)
_CHECKSUM = header("Upload-Checksum", TEXT, "sha1 or sha256, a space, the digest in Base64")
_REFUSALS = (400, 404, 409, 412, 413, 415, 423, 460, 507)
_METADATA = (
    "pairs of a key and a value in Base64: filename, kind (recording, captions, document), programme, title,"
    " date, language; for = an episode's slug; captions = an upload's id"
)
_CHUNK: Schema = {
    "requestBody": {"content": {CHUNK_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}
_STATES = tuple(each.value for each in JobState)


def _tus(
    name: str,
    summary: str,
    *parameters: Schema,
    good: int = 204,
    wrong: int = 404,
    extra: Schema | None = None,
    more: Schema | None = None,
) -> Operation:
    return Operation(
        name,
        f"{summary}; see tus.io/protocols/resumable-upload",
        None,
        _UPLOAD,
        [_TUS, *parameters],
        status=good,
        problems=(*_REFUSALS, wrong),
        own=True,
        extra=extra or {},
        more=more or {},
    )


def _options(name: str) -> Operation:
    return Operation(name, "What the upload server can do", None, reads=True)


PATHS: Schema = {
    _AT: path(
        "uploads",
        get=Operation("uploads", "One's own, newest first", record(uploads=list_of(ref("Upload"))), _UPLOAD, reads=True),
        options=_options("uploadOptions"),
        post=_tus(
            "createUpload",
            "Begin an upload (tus: Creation), perhaps with its first bytes; Location has its address",
            header("Upload-Length", WHOLE, "bytes", needed=True),
            header("Upload-Metadata", TEXT, _METADATA),
            _CHECKSUM,
            good=201,
            more=_CHUNK,
        ),
    ),
    f"{_AT}/{{id}}": path(
        "uploads",
        [placed("id")],
        get=Operation("upload", "How far it is, and what became of it", ref("Upload"), _UPLOAD, reads=True),
        options=_options("oneUploadOptions"),
        head=_tus("uploadOffset", "How many bytes have arrived (Upload-Offset)", good=200),
        patch=_tus("sendBytes", "The next bytes", _OFFSET, _CHECKSUM, more=_CHUNK),
        delete=_tus("removeUpload", "Forget an upload (tus: Termination)"),
        post=_tus(
            "uploadByPost",
            "HEAD, PATCH or DELETE for clients that can't send them",
            header("X-HTTP-Method-Override", one_of("HEAD", "PATCH", "DELETE"), needed=True),
            header("Upload-Offset", WHOLE),
            _CHECKSUM,
            wrong=405,
            extra={"200": {"description": "As HEAD"}},
            more=_CHUNK,
        ),
    ),
    f"{_AT}/{{id}}/retry": path(
        "uploads",
        [placed("id")],
        post=Operation("retryUpload", "Take a refused file again", ref("Upload"), _UPLOAD, problems=(409,)),
    ),
    "/api/v1/links": path(
        "uploads",
        post=Operation(
            "importLink",
            "Fetch a recording from an address, where that is switched on",
            ref("Upload"),
            _UPLOAD,
            body=loose(["url"], url=TEXT, programme=TEXT, title=TEXT, date=TEXT, language=TEXT,
                **{"for": said(TEXT, "an episode's slug")},
            ),
            status=201,
            problems=(404, 409, 413),
        ),
    ),
    "/api/v1/episodes/{slug}/documents": path(
        "episodes",
        [placed("slug")],
        get=Operation("documents", "An episode's documents", record(documents=list_of(ref("Document"))), _SEE, reads=True),
    ),
    "/api/v1/episodes/{slug}/documents/{id}": path(
        "episodes",
        [placed("slug"), placed("id")],
        delete=Operation("removeDocument", "Take a document off an episode", None, _EDIT),
    ),
    "/api/v1/jobs": path(
        "jobs",
        get=Operation(
            "jobs",
            "Processing, newest first",
            record(jobs=list_of(ref("Job"))),
            _SEE,
            [asked("limit", {"type": "integer", "minimum": 0, "maximum": 500, "default": 100})],
            reads=True,
            problems=(400,),
        ),
    ),
    "/api/v1/jobs/{id}": path(
        "jobs", [placed("id")], get=Operation("job", "One of them", ref("Job"), _SEE, reads=True)
    ),
    "/api/v1/jobs/{id}/retry": path(
        "jobs",
        [placed("id")],
        post=Operation("retryJob", "On from the step that failed", ref("Job"), _EDIT, problems=(409,)),
    ),
    "/api/v1/jobs/{id}/cancel": path(
        "jobs",
        [placed("id")],
        post=Operation("cancelJob", "Stop; finished steps stay", ref("Job"), _EDIT, problems=(409,)),
    ),
}  # fmt: skip

SCHEMAS: Schema = {
    "Upload": record(
        id=TEXT, filename=TEXT, kind=one_of(*(each.value for each in UploadKind)),
        state=one_of(*(each.value for each in UploadState)), said=TEXT, percent=WHOLE, episode=TEXT, error=TEXT,
        may_retry=FLAG, may_remove=FLAG,
    ),
    "Document": record(id=said(TEXT, "SHA-256 of its bytes"), filename=TEXT, size_bytes=WHOLE),
    "Job": record(
        id=TEXT, episode=TEXT, state=one_of(*_STATES), step=TEXT, step_number=WHOLE, step_count=WHOLE,
        fraction=said(NUMBER, "0–1 of the whole"), note=TEXT, seconds_left=or_null(NUMBER), error=or_null(TEXT),
        created_at=or_null(MOMENT), started_at=or_null(MOMENT), finished_at=or_null(MOMENT),
        updated_at=or_null(MOMENT),
    ),
}  # fmt: skip
