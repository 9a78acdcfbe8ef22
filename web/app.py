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
from web.http.headers import SecurityHeaders
from web.http.request_log import RequestLog
from web.http.static_files import StaticFolder
from web.openapi.document import openapi
from web.public import episode_pages, progress
from web.public import health as health_pages
from web.public import home as pages
from web.public import json_api as api
from web.public import play_counting as counting_api
from web.public.asking import ask_pages, push_pages, receipt_pages
from web.public.asking import question_api as question_calls
from web.public.files import live_files, media_files
from web.public.live import event_api as event_calls
from web.public.live import live_pages, screen_pages
from web.public.searching import search_pages
from web.rendering.address_rules import PlainAddresses
from web.rendering.context import Site, site_of
from web.rendering.error_pages import archive_problem, http_problem, unexpected_problem
from web.rendering.templating import environment
from web.services import Services
from web.studio.broadcasts import pages as broadcast_pages
from web.studio.episodes import api as episode_api
from web.studio.episodes import jobs_api as job_calls
from web.studio.episodes import list as episode_list
from web.studio.episodes import pages as desk_pages
from web.studio.episodes import preview as preview_pages
from web.studio.episodes import stream as episode_stream
from web.studio.figures import next_programme as next_pages
from web.studio.figures import pages as figures_pages
from web.studio.moderation import callbacks as calling_pages
from web.studio.moderation import comment_import as comment_pages
from web.studio.moderation import pages as moderating
from web.studio.moderation import written_answers as written_pages
from web.studio.people import account_api as account_calls
from web.studio.people import api as people_calls
from web.studio.people import openid_pages
from web.studio.people import pages as people_pages
from web.studio.people import sign_in_pages as signing_pages
from web.studio.taxonomy import pages as subject_pages
from web.studio.taxonomy import programme_api as programme_calls
from web.studio.taxonomy import synonym_api as lexicon_calls
from web.studio.taxonomy import topic_api as topic_calls
from web.studio.timeline import pages as timeline_pages
from web.studio.transcript import pages as transcript_pages
from web.studio.uploads import pages as upload_pages
from web.studio.uploads import tus_server as tus
from web.text.language import read_languages


def create_app(services: Services) -> Starlette:
    """Return the site over `services`; reads templates, languages and static files, opens nothing."""
    languages, static, facts = read_languages(), StaticFolder(), services.settings
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
            Middleware(RequestLog, metrics=services.metrics),
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
    templates = {
        code: environment(each, facts.site_name, facts.base_url, static) for code, each in languages.items()
    }
    app.state.site, app.state.services = Site(languages, templates, static), services
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
        Route("/api/openapi.json", openapi),
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
