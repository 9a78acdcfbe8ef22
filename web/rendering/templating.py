"""Turning views into pages with Jinja2: one environment for each language."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from media.archive.episodes import Topic
from web.http.static_files import StaticFolder
from web.rendering.context import language_of, site_of
from web.rendering.links import topic_link
from web.text.language import CODES, Language

TEMPLATE_FOLDER = Path(__file__).parents[1] / "templates"


def environment(language: Language, site_name: str, base_url: str, static: StaticFolder) -> Environment:
    """Make the templates' environment for one language; `base_url` "" for a site without an address of its own."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        _=language.say,
        many=language.many,
        language=language,
        site_name=site_name,
        base_url=base_url.rstrip("/"),
        static=static.url,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}

    def name_topic(topic: Topic) -> str:
        return topic_link(topic, language).name

    made.filters["topic_name"] = name_topic
    return made


def render(request: Request, template: str, status: int = 200, **views: object) -> HTMLResponse:
    """Render a page. Every page also gets `path` (this address without `lang`) and `other_languages`."""
    language = language_of(request)
    page = site_of(request).templates[language.code].get_template(template)
    path = address(request)
    content = page.render(
        path=path,
        canonical_path=request.url.path,
        search_text=views.pop("search_text", ""),
        language_links=[(code, f"/language?{urlencode({'to': code, 'next': path})}") for code in CODES],
        **views,
    )
    headers = {"Cache-Control": "no-cache", "Vary": "Cookie", "Content-Language": language.code}
    return HTMLResponse(content, status, headers)


def address(request: Request) -> str:
    """This page's own address, without the language asked for."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return request.url.path + ("?" + urlencode(kept) if kept else "")
