"""What every handler has at hand, made once by `create_app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from jinja2 import Environment
from starlette.requests import Request

from web.http.static_files import StaticFolder
from web.text.language import Language, choose

LANGUAGE_COOKIE = "language"


@dataclass(frozen=True, slots=True)
class Site:
    """The languages by code, a template environment for each, the static files."""

    languages: dict[str, Language]
    templates: dict[str, Environment]
    static: StaticFolder


def site_of(request: Request) -> Site:
    """The site this request is for."""
    return cast(Site, request.app.state.site)


def language_of(request: Request) -> Language:
    """The language to answer in."""
    languages = site_of(request).languages
    code = choose(request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE))
    return languages.get(code) or next(iter(languages.values()))
