"""Assembling the site."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from media.errors import ArchiveError
from web import (
    api,
    ask_pages,
    counting_api,
    episode_pages,
    health_pages,
    live_files,
    media_files,
    pages,
    progress,
    search_pages,
)
from web.addresses import PlainAddresses
from web.companion import event_calls, live_pages, push_pages, question_calls, receipt_pages, screen_pages
from web.headers import SecurityHeaders
from web.language import read_languages
from web.observing import Observed
from web.problems import archive_problem, http_problem, unexpected_problem
from web.services import Services
from web.site import Site, site_of
from web.static_files import StaticFolder
from web.studio import (
    account_calls,
    broadcast_pages,
    calling_pages,
    comment_pages,
    episode_api,
    episode_list,
    episode_stream,
    figures_pages,
    job_calls,
    lexicon_calls,
    next_pages,
    openid_pages,
    people_calls,
    people_pages,
    preview_pages,
    programme_calls,
    signing_pages,
    subject_pages,
    timeline_pages,
    topic_calls,
    transcript_pages,
    tus,
    upload_pages,
    written_pages,
)
from web.studio import desk_pages as moderating
from web.studio import episode_pages as desk_pages
from web.templating import environment


def create_app(services: Services) -> Starlette:
    """Return the site over `services`; reads templates, languages and static files, opens nothing."""
    languages, static = read_languages(), StaticFolder()
    app = Starlette(
        routes=[
            *_page_routes(),
            *_api_routes(),
            *health_pages.ROUTES,
            *signing_pages.ROUTES,
            *people_pages.ROUTES,
            *calling_pages.ROUTES,
            *subject_pages.ROUTES,
            *episode_list.ROUTES,
            *desk_pages.ROUTES,
            *preview_pages.ROUTES,
            *episode_stream.ROUTES,
            *episode_api.ROUTES,
            *timeline_pages.ROUTES,
            *live_files.ROUTES,
            *broadcast_pages.ROUTES,
            *openid_pages.ROUTES,
            *figures_pages.ROUTES,
            *tus.ROUTES,
            *upload_pages.ROUTES,
            *moderating.ROUTES,
            *written_pages.ROUTES,
            *screen_pages.ROUTES,
            *comment_pages.ROUTES,
            *next_pages.ROUTES,
            *transcript_pages.ROUTES,
        ],
        middleware=[
            Middleware(Observed, metrics=services.metrics),
            Middleware(SecurityHeaders, media_origin=services.delivery.origin if services.delivery else ""),
            Middleware(PlainAddresses),
            Middleware(GZipMiddleware, minimum_size=600),
        ],
        exception_handlers={
            ArchiveError: archive_problem,
            HTTPException: http_problem,
            Exception: unexpected_problem,
        },
    )
    templates = {code: environment(each, services, static) for code, each in languages.items()}
    app.state.site = Site(services, languages, templates, static)
    return app


def _page_routes() -> list[Route]:
    return [
        Route("/", pages.home),
        Route("/search", search_pages.search),
        *ask_pages.ROUTES,
        *receipt_pages.ROUTES,
        *push_pages.ROUTES,
        Route("/topics", pages.topics),
        Route("/topics/{slug}", pages.topic),
        Route("/programmes/{slug}", pages.programme),
        Route("/episodes/{slug}", live_pages.episode),
        Route("/episodes/{slug}/transcript", episode_pages.transcript),
        Route("/episodes/{slug}/captions.vtt", episode_pages.captions),
        Route("/language", pages.change_language),
        Route("/media/{recording}/{path:path}", media_files.media_file),
        Route("/static/{version}/{name:path}", _static),
        Route("/favicon.ico", _icon),
        Route("/robots.txt", _robots),
    ]


def _api_routes() -> list[Route]:
    return [
        Route("/api/v1/search", api.search),
        Route("/api/v1/suggest", api.suggest),
        Route("/api/v1/episodes/{slug}", api.episode),
        Route("/api/v1/episodes/{slug}/progress", progress.progress),
        Route("/api/v1/plays", counting_api.count_play, methods=["POST"]),
        Route("/api/v1/searches", counting_api.count_search, methods=["POST"]),
        Route("/api/v1/watching", counting_api.count_watching, methods=["POST"]),
        Route("/api/openapi.json", api.openapi),
        *event_calls.ROUTES,
        *question_calls.ROUTES,
        *account_calls.ROUTES,
        *job_calls.ROUTES,
        *lexicon_calls.ROUTES,
        *people_calls.ROUTES,
        *programme_calls.ROUTES,
        *topic_calls.ROUTES,
    ]


async def _static(request: Request) -> Response:
    return site_of(request).static.respond(request)


async def _icon(request: Request) -> Response:
    request.path_params.update(version=site_of(request).static.version, name="icon.svg")
    return site_of(request).static.respond(request)


async def _robots(request: Request) -> Response:  # noqa: ARG001 - Starlette's form
    return PlainTextResponse("User-agent: *\nDisallow: /api/\nDisallow: /media/\nDisallow: /questions/\n")
