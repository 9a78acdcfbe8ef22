"""The transcript's page, its versions, and captions as files: without JavaScript the files are the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.errors import ArchiveError, InvalidInput
from transcribe.captions.formats import read_captions, write_srt, write_webvtt
from transcribe.cues import Cue
from transcribe.editing.diff import VersionDifference, differences
from transcribe.editing.edits import Edited, apply, edits_between
from transcribe.editing.glossary import TermKind
from transcribe.transcripts import Transcript, TranscriptOrigin
from transcribe.versions import VersionInfo
from web.access.published_episodes import PublishedEpisodes
from web.access.signed_in import SignedInRequest, guarded, page, sign_in_of
from web.access.visibility import episode_for
from web.domain.accounts.permissions import Action
from web.rendering.context import language_of
from web.rendering.error_pages import status_of, told
from web.services import services_of, studio_of
from web.studio.transcript import api, glossary_api
from web.text.times import clock
from web.views.episodes import source_of

DIFFERENCES_SHOWN = 400
_WRITERS = {"vtt": (write_webvtt, "text/vtt"), "srt": (write_srt, "application/x-subrip")}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side; `left` and `right` are names of them, `more` how many differences are not shown."""

    left: str
    right: str
    places: tuple[tuple[str, VersionDifference], ...]
    count: int
    more: int


@guarded(Action.EDIT_EPISODE)
def transcript(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/episodes/{slug}/transcript`: the desk; its script fetches the cues."""
    held = episode_for(request, signed_in, Action.EDIT_EPISODE)
    found = services_of(request).archive.transcripts.transcript(held.episode.slug)
    details = PublishedEpisodes(services_of(request)).preview(held.episode.slug)
    source = source_of(details)
    return page(
        request,
        signed_in,
        "transcript.html",
        episode=held.episode,
        source=source.video or source.sound,
        poster=source.poster,
        playable=details.playable,
        there=found is not None,
        read=found is not None and held.episode.captions_read == found.version,
        kinds=_kinds(request),
    )


@guarded(Action.EDIT_EPISODE)
def versions(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/episodes/{slug}/transcript/versions?from=…&to=…`: the list, and two of them compared."""
    return _versions(request, signed_in)


@guarded(Action.EDIT_EPISODE)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/episodes/{slug}/transcript/versions`: `do` is restore, look (at a file) or replace (by it)."""
    held = episode_for(request, signed_in, Action.EDIT_EPISODE)
    slug, form, store = held.episode.slug, signed_in.form, studio_of(request).versions
    try:
        match form.get("do", ""):
            case "restore":
                store.restore(slug, _number(form.get("version", "")), signed_in.account.login)
            case "look":
                return _versions(request, signed_in, sent=_read_file(form.get("file", "")))
            case "replace":
                _replace(request, signed_in, slug)
            case other:
                raise InvalidInput(
                    "There is nothing called “%(name)s” to do with a transcript.", name=other[:40]
                )
    except ArchiveError as error:
        return _versions(request, signed_in, told(request, error), status_of(error))
    return RedirectResponse(f"/studio/episodes/{slug}/transcript/versions?saved", 303)


@guarded(Action.EDIT_EPISODE)
def captions(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/episodes/{slug}/transcript.{format}`: the newest version as a WebVTT or SRT file."""
    slug = episode_for(request, signed_in, Action.EDIT_EPISODE).episode.slug
    form = str(request.path_params["format"])
    if form not in _WRITERS:
        raise InvalidInput("Captions are given as .vtt or .srt.")
    write, kind = _WRITERS[form]
    found = services_of(request).archive.transcripts.transcript(slug)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.{form}"'}
    return Response(write(found.cues if found else ()), 200, headers, f"{kind}; charset=utf-8")


def _replace(request: Request, signed_in: SignedInRequest, slug: str) -> None:
    """Save the file that was looked at; where it says the same as before, the words keep their times."""
    cues = _read_file(signed_in.form.get("file", ""))
    old = services_of(request).archive.transcripts.transcript(slug)
    seen = _number(signed_in.form.get("seen", ""))
    language = old.language if old else "vi"
    made = Transcript(language, TranscriptOrigin.IMPORTED, _timed(old.cues if old else (), cues))
    studio_of(request).versions.replace(slug, made, signed_in.account.login, seen)


def _timed(old: tuple[Cue, ...], cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    if not old:
        return cues
    try:
        done = apply(old, edits_between(old, cues))
    except InvalidInput:  # captions over each other: taken as they are
        return cues
    return done.cues if isinstance(done, Edited) else cues


def _versions(
    request: Request,
    signed_in: SignedInRequest,
    problem: str = "",
    status: int = 200,
    sent: tuple[Cue, ...] | None = None,
) -> Response:
    held = episode_for(request, signed_in, Action.EDIT_EPISODE)
    listed = studio_of(request).versions.versions(held.episode.slug)
    newest = listed[0].number if listed else 0
    comparison = None
    if sent is not None:
        current = studio_of(request).versions.version(held.episode.slug, newest).cues if listed else ()
        say = language_of(request).say
        comparison = _comparison(say("Đang có"), say("Tệp mới"), current, sent)
    elif "to" in request.query_params:
        comparison = _asked(request, held.episode.slug, problem)
    return page(
        request,
        signed_in,
        "transcript_versions.html",
        status,
        episode=held.episode,
        listed=listed,
        newest=newest,
        names=_names(request, listed),
        comparison=comparison,
        file=signed_in.form.get("file", "") if sent is not None or problem else "",
        looked=sent is not None,
        problem=problem,
        saved="saved" in request.query_params and not problem,
        zone=services_of(request).settings.zone,
        utc=UTC,
    )


def _names(request: Request, listed: list[VersionInfo]) -> dict[str, str]:
    """The authors' names as shown; somebody removed since keeps their login."""
    accounts = sign_in_of(request).accounts
    found = {login: accounts.by_login(login) for login in {each.author for each in listed if each.author}}
    return {login: account.name if account else login for login, account in found.items()}


def _asked(request: Request, slug: str, problem: str) -> Comparison | None:
    numbers = [_number(request.query_params.get(name, "")) for name in ("from", "to")]
    if problem:
        return None
    say = language_of(request).say
    old, new = (studio_of(request).versions.version(slug, number).cues for number in numbers)
    left, right = (say("Bản %(number)s", number=number) for number in numbers)
    return _comparison(left, right, old, new)


def _comparison(left: str, right: str, old: tuple[Cue, ...], new: tuple[Cue, ...]) -> Comparison:
    found = differences(old, new)
    shown = tuple((clock(each.start), each) for each in found[:DIFFERENCES_SHOWN])
    return Comparison(left, right, shown, len(found), max(0, len(found) - DIFFERENCES_SHOWN))


def _read_file(text: str) -> tuple[Cue, ...]:
    cues = tuple(read_captions(text.encode("utf-8", "replace")))
    if not cues:
        raise InvalidInput("The file holds no captions; paste all of a .vtt, .srt or .sbv file.")
    return cues


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput("Choose a version from the list.")
    return int(text)


def _kinds(request: Request) -> dict[str, str]:
    say = language_of(request).say
    return {
        TermKind.NAME.value: say("Tên riêng"),
        TermKind.AGENCY.value: say("Cơ quan, tổ chức"),
        TermKind.ABBREVIATION.value: say("Chữ viết tắt"),
        TermKind.OTHER.value: say("Từ khác"),
    }


_AT = "/studio/episodes/{slug}/transcript"
ROUTES = [
    Route(_AT, transcript, methods=["GET"]),
    Route(f"{_AT}/versions", versions, methods=["GET"]),
    Route(f"{_AT}/versions", change, methods=["POST"]),
    Route(f"{_AT}.{{format}}", captions, methods=["GET"]),
    *api.ROUTES,
    *glossary_api.ROUTES,
]
