"""The upload page, what is known of one's uploads, links to import, documents of episodes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from media.archive.documents import document_key
from media.archive.episodes import Episode
from media.errors import ArchiveError, InvalidInput, NotFound
from media.ingest.links import check_link
from media.ingest.uploads import Upload, UploadKind, UploadState
from web.access.published_episodes import PublishedEpisodes
from web.access.signed_in import SignedInRequest, guarded, page
from web.access.visibility import programmes_for, shown
from web.domain.accounts.permissions import Action
from web.public.files.media_files import CHUNK_BYTES
from web.rendering.context import language_of
from web.rendering.error_pages import status_of, told
from web.services import services_of, studio_of
from web.studio.uploads.wanted import upload_request_of
from web.text.language import Language


@dataclass(frozen=True, slots=True)
class UploadView:
    """One upload as its owner sees it. `state` is a word for scripts, `said` a sentence; `percent` of arriving
    or of being taken; `episode` its slug once there is one; `error` the reason of a refusal."""

    id: str
    filename: str
    kind: str
    state: str
    said: str
    percent: int
    episode: str
    error: str
    may_retry: bool
    may_remove: bool


@guarded(Action.UPLOAD)
def upload_page(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/upload`, `?for=slug` to add to an episode."""
    return _page(request, signed_in)


@guarded(Action.UPLOAD)
def uploads(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/uploads`: one's own, newest first."""
    return JSONResponse({"uploads": [_plain(each) for each in _views(request, signed_in)]})


@guarded(Action.UPLOAD)
def one(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /api/v1/uploads/{id}`."""
    return JSONResponse(_plain(_view(request, _own(request, signed_in))))


@guarded(Action.UPLOAD)
def retry(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/uploads/{id}/retry`: take a refused file again."""
    found = studio_of(request).upload_service.uploads.retry(_own(request, signed_in).id)
    return JSONResponse(_plain(_view(request, found)))


@guarded(Action.UPLOAD)
def import_link(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/links` {"url", "programme", "title", "date", "language"}: fetch a recording from an address."""
    values = signed_in.json if isinstance(signed_in.json, dict) else {}
    added = _import(request, signed_in, {str(name): str(value) for name, value in values.items()})
    return JSONResponse(_plain(_view(request, added)), 201, {"Location": f"/api/v1/uploads/{added.id}"})


@guarded(Action.UPLOAD)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/upload`: the page's forms; `what` is link, retry, remove or forget-document."""
    try:
        match signed_in.form.get("what", ""):
            case "link":
                _import(request, signed_in, signed_in.form)
            case "retry":
                studio_of(request).upload_service.uploads.retry(_own(request, signed_in).id)
            case "remove":
                found = _own(request, signed_in)
                studio_of(request).upload_service.uploads.remove(found.id)
                studio_of(request).upload_service.files.remove(found.id)
            case _:
                raise InvalidInput("The form can't be read; reload the page.")
    except ArchiveError as error:
        return _page(request, signed_in, told(request, error), status_of(error))
    return RedirectResponse("/studio/upload", 303)


@guarded(Action.EDIT_EPISODE)
def remove_document(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/episodes/{slug}/documents/{id}/remove`."""
    services = services_of(request)
    episode = services.archive.catalogue.episode(request.path_params["slug"])
    signed_in.check(
        Action.EDIT_EPISODE, services.archive.catalogue.programme(episode.programme).organisation
    )
    named = request.path_params["id"]
    if services.archive.documents.remove(episode.slug, named):
        services.archive.storage.delete(document_key(named))
    return RedirectResponse(f"/studio/upload?for={quote(episode.slug)}", 303)


def document(request: Request) -> Response:
    """`GET /episodes/{slug}/documents/{id}`: always to be saved, never shown inside this site."""
    services = services_of(request)
    details = shown(request, PublishedEpisodes(services), request.path_params["slug"])
    held = services.archive.documents.of_episode(details.episode.slug)
    found = next((each for each in held if each.id == request.path_params["id"]), None)
    if found is None:
        raise NotFound("This episode has no such document.")
    source = services.archive.storage.open(found.storage_key)
    headers = {
        "Content-Disposition": f"attachment; filename=\"document.pdf\"; filename*=UTF-8''{quote(found.filename, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Length": str(found.size_bytes),
        "Cache-Control": "private, no-cache",
    }
    return StreamingResponse(iter(lambda: source.read(CHUNK_BYTES), b""), 200, headers, "application/pdf")


def _import(request: Request, signed_in: SignedInRequest, values: Any) -> Upload:
    upload_service = studio_of(request).upload_service
    if not upload_service.links:
        raise InvalidInput("Import by link is switched off here (TUALAI_LINK_IMPORT); ask an admin.")
    link = check_link(values.get("url", ""))
    catalogue = services_of(request).archive.catalogue
    upload_request = upload_request_of(
        values, UploadKind.RECORDING, "link", signed_in, catalogue, date.today()
    )
    if not values.get("title") and not values.get("for"):
        upload_request = replace(upload_request, title="")
    upload = Upload(
        id=uuid4().hex,
        account=signed_in.account.id,
        actor=signed_in.account.login,
        filename="link",
        length=0,
        link=link,
        upload_request=upload_request,
        expires_at=upload_service.expires_at(),
    )
    upload_service.uploads.add(upload, upload_service.quota)
    return upload_service.uploads.upload(upload.id)


def _own(request: Request, signed_in: SignedInRequest) -> Upload:
    named = request.path_params.get("id") or signed_in.form.get("id", "")
    found = studio_of(request).upload_service.uploads.upload(named)
    if found.account != signed_in.account.id:
        raise NotFound("There is no such upload; it may have expired.")
    return found


def _page(request: Request, signed_in: SignedInRequest, problem: str = "", status: int = 200) -> Response:
    services = services_of(request)
    episode = _episode(request, signed_in)
    documents = services.archive.documents.of_episode(episode.slug) if episode else []
    return page(
        request,
        signed_in,
        "upload.html",
        status,
        programmes=programmes_for(services.archive, signed_in.account),
        episode=episode,
        documents=documents,
        uploads=_views(request, signed_in),
        largest=studio_of(request).upload_service.largest,
        links=studio_of(request).upload_service.links,
        expiry_hours=round(studio_of(request).upload_service.expiry.total_seconds() / 3600),
        today=date.today().isoformat(),
        problem=problem,
    )


def _episode(request: Request, signed_in: SignedInRequest) -> Episode | None:
    slug = request.query_params.get("for", "")
    if not slug:
        return None
    catalogue = services_of(request).archive.catalogue
    episode = catalogue.episode(slug)
    signed_in.check(Action.EDIT_EPISODE, catalogue.programme(episode.programme).organisation)
    return episode


def _views(request: Request, signed_in: SignedInRequest) -> list[UploadView]:
    return [
        _view(request, each)
        for each in studio_of(request).upload_service.uploads.of_account(signed_in.account.id)
    ]


def _view(request: Request, upload: Upload) -> UploadView:
    arriving = upload.state is UploadState.ARRIVING
    fraction = upload.fraction
    if arriving:
        try:
            fraction = studio_of(request).upload_service.files.size(upload.id) / max(1, upload.length)
        except NotFound:
            fraction = 0.0
    alone = upload.taken_alone
    return UploadView(
        id=upload.id,
        filename=upload.link or upload.filename,
        kind=upload.kind,
        state=upload.state,
        said=_said(upload, language_of(request)),
        percent=int(100 * fraction),
        episode=upload.episode,
        error=language_of(request).error(upload.error) if upload.error else "",
        may_retry=upload.state is UploadState.REFUSED,
        may_remove=upload.state in (UploadState.ARRIVING, UploadState.TAKEN, UploadState.REFUSED)
        or not alone,
    )


def _said(upload: Upload, language: Language) -> str:
    say = language.say
    if upload.state is UploadState.WAITING and not upload.taken_alone:
        return say("Đã tải lên. Đợi bản thu của nó.")
    if upload.state is UploadState.TAKEN and upload.known:
        return say("Bản thu này đã có trong kho từ trước.")
    return {
        UploadState.ARRIVING: say("Chưa tải lên xong. Chọn lại tệp này để tải tiếp."),
        UploadState.WAITING: say("Đang đợi đến lượt đưa vào kho."),
        UploadState.TAKING: say("Đang đưa vào kho."),
        UploadState.TAKEN: say("Đã vào kho."),
        UploadState.REFUSED: say("Không đưa vào kho được."),
    }[upload.state]


def _plain(view: UploadView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in UploadView.__dataclass_fields__}


ROUTES = [
    Route("/studio/upload", upload_page, methods=["GET"]),
    Route("/studio/upload", change, methods=["POST"]),
    Route("/studio/episodes/{slug}/documents/{id}/remove", remove_document, methods=["POST"]),
    Route("/api/v1/uploads", uploads, methods=["GET"]),
    Route("/api/v1/uploads/{id}", one, methods=["GET"]),
    Route("/api/v1/uploads/{id}/retry", retry, methods=["POST"]),
    Route("/api/v1/links", import_link, methods=["POST"]),
    Route("/episodes/{slug}/documents/{id}", document, methods=["GET"]),
]
