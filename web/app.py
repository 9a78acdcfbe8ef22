"""Assembling the site."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

import web.public.asking.ask_pages
import web.public.asking.push_pages
import web.public.asking.question_api
import web.public.asking.receipt_pages
import web.public.episode_pages
import web.public.files.live_files
import web.public.files.media_files
import web.public.health
import web.public.home
import web.public.json_api
import web.public.live.event_api
import web.public.live.live_pages
import web.public.live.screen_pages
import web.public.play_counting
import web.public.progress
import web.public.searching.search_pages
import web.studio.broadcasts.pages
import web.studio.episodes.api
import web.studio.episodes.jobs_api
import web.studio.episodes.list
import web.studio.episodes.pages
import web.studio.episodes.preview
import web.studio.episodes.stream
import web.studio.figures.next_programme
import web.studio.figures.pages
import web.studio.moderation.callbacks
import web.studio.moderation.comment_import
import web.studio.moderation.pages
import web.studio.moderation.written_answers
import web.studio.people.account_api
import web.studio.people.api
import web.studio.people.openid_pages
import web.studio.people.pages
import web.studio.people.sign_in_pages
import web.studio.taxonomy.pages
import web.studio.taxonomy.programme_api
import web.studio.taxonomy.synonym_api
import web.studio.taxonomy.topic_api
import web.studio.timeline.pages
import web.studio.transcript.pages
import web.studio.uploads.pages
import web.studio.uploads.tus_server
from media.errors import ArchiveError
from web.http.headers import SecurityHeaders
from web.http.request_log import RequestLog
from web.http.static_files import StaticFolder
from web.openapi.document import openapi
from web.rendering.address_rules import PlainAddresses
from web.rendering.context import Site, site_of
from web.rendering.error_pages import archive_problem, http_problem, unexpected_problem
from web.rendering.templating import environment
from web.services import Services
from web.text.language import read_languages


def create_app(services: Services) -> Starlette:
    """Return the site over `services`; reads templates, languages and static files, opens nothing."""
    languages, static, facts = read_languages(), StaticFolder(), services.settings
    app = Starlette(
        routes=[
            *_page_routes(),
            *_api_routes(),
            *web.public.health.ROUTES,
            *web.studio.people.sign_in_pages.ROUTES,
            *web.studio.people.pages.ROUTES,
            *web.studio.moderation.callbacks.ROUTES,
            *web.studio.taxonomy.pages.ROUTES,
            *web.studio.episodes.list.ROUTES,
            *web.studio.episodes.pages.ROUTES,
            *web.studio.episodes.preview.ROUTES,
            *web.studio.episodes.stream.ROUTES,
            *web.studio.episodes.api.ROUTES,
            *web.studio.timeline.pages.ROUTES,
            *web.public.files.live_files.ROUTES,
            *web.studio.broadcasts.pages.ROUTES,
            *web.studio.people.openid_pages.ROUTES,
            *web.studio.figures.pages.ROUTES,
            *web.studio.uploads.tus_server.ROUTES,
            *web.studio.uploads.pages.ROUTES,
            *web.studio.moderation.pages.ROUTES,
            *web.studio.moderation.written_answers.ROUTES,
            *web.public.live.screen_pages.ROUTES,
            *web.studio.moderation.comment_import.ROUTES,
            *web.studio.figures.next_programme.ROUTES,
            *web.studio.transcript.pages.ROUTES,
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
        Route("/", web.public.home.home),
        Route("/search", web.public.searching.search_pages.search),
        *web.public.asking.ask_pages.ROUTES,
        *web.public.asking.receipt_pages.ROUTES,
        *web.public.asking.push_pages.ROUTES,
        Route("/topics", web.public.home.topics),
        Route("/topics/{slug}", web.public.home.topic),
        Route("/programmes/{slug}", web.public.home.programme),
        Route("/episodes/{slug}", web.public.live.live_pages.episode),
        Route("/episodes/{slug}/transcript", web.public.episode_pages.transcript),
        Route("/episodes/{slug}/captions.vtt", web.public.episode_pages.captions),
        Route("/language", web.public.home.change_language),
        Route("/media/{recording}/{path:path}", web.public.files.media_files.media_file),
        Route("/static/{version}/{name:path}", _static),
        Route("/favicon.ico", _icon),
        Route("/robots.txt", _robots),
    ]


def _api_routes() -> list[Route]:
    return [
        *web.public.json_api.ROUTES,
        *web.public.progress.ROUTES,
        *web.public.play_counting.ROUTES,
        Route("/api/openapi.json", openapi),
        *web.public.live.event_api.ROUTES,
        *web.public.asking.question_api.ROUTES,
        *web.studio.people.account_api.ROUTES,
        *web.studio.episodes.jobs_api.ROUTES,
        *web.studio.taxonomy.synonym_api.ROUTES,
        *web.studio.people.api.ROUTES,
        *web.studio.taxonomy.programme_api.ROUTES,
        *web.studio.taxonomy.topic_api.ROUTES,
    ]


async def _static(request: Request) -> Response:
    return site_of(request).static.respond(request)


async def _icon(request: Request) -> Response:
    request.path_params.update(version=site_of(request).static.version, name="icon.svg")
    return site_of(request).static.respond(request)


async def _robots(request: Request) -> Response:  # noqa: ARG001 - Starlette's form
    return PlainTextResponse("User-agent: *\nDisallow: /api/\nDisallow: /media/\nDisallow: /questions/\n")
