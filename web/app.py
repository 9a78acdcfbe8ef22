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
from web import api, episode_pages, media_files, pages, progress, search_pages
from web.headers import SecurityHeaders
from web.language import read_languages
from web.problems import archive_problem, http_problem, unexpected_problem
from web.services import Services
from web.site import Site, site_of
from web.static_files import StaticFolder
from web.templating import environment


def create_app(services: Services) -> Starlette:
    """Return the site over `services`; reads templates, languages and static files, opens nothing."""
    languages, static = read_languages(), StaticFolder()
    app = Starlette(
        routes=[*_page_routes(), *_api_routes()],
        middleware=[Middleware(SecurityHeaders), Middleware(GZipMiddleware, minimum_size=600)],
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
        Route("/topics", pages.topics),
        Route("/topics/{slug}", pages.topic),
        Route("/programmes/{slug}", pages.programme),
        Route("/episodes/{slug}", episode_pages.episode),
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
        Route("/api/v1/plays", api.count_play, methods=["POST"]),
        Route("/api/openapi.json", api.openapi),
    ]


async def _static(request: Request) -> Response:
    return site_of(request).static.respond(request)


async def _icon(request: Request) -> Response:
    request.path_params.update(version=site_of(request).static.version, name="icon.svg")
    return site_of(request).static.respond(request)


async def _robots(request: Request) -> Response:  # noqa: ARG001 - Starlette's form
    return PlainTextResponse("User-agent: *\nDisallow: /api/\nDisallow: /media/\n")
