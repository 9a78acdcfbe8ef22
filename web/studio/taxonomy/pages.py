"""Topics, programmes and organisations: kept by editors."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.archive.episodes import Organisation, Programme, Topic, slugify
from media.archive.taxonomy import Taxonomy
from media.errors import ArchiveError, InvalidInput
from web.access.signed_in import SignedInRequest, guarded, page
from web.domain.accounts.permissions import Action
from web.rendering.error_pages import status_of, told
from web.services import services_of, studio_of

LANGUAGES = ("vi", "en")
T = TypeVar("T")


@guarded(Action.KEEP_TOPICS)
def taxonomy(request: Request, signed_in: SignedInRequest) -> Response:
    """`GET /studio/topics`."""
    return _taxonomy(request, signed_in)


@guarded(Action.KEEP_TOPICS)
def save_topic(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/topics`: add, or change the one that `seen` is."""

    def save(kept: Taxonomy) -> None:
        form = signed_in.form
        seen = _seen(form.get("seen", ""), _topic)
        name = form.get("name_vi", "")
        kept.save_topic(
            Topic(
                seen.slug if seen else slugify(name),
                name,
                form.get("name_en", "") or name,
                tuple(line.strip() for line in form.get("synonyms", "").splitlines() if line.strip()),
                seen.featured if seen else False,
            ),
            seen,
        )

    return _done(request, signed_in, save)


@guarded(Action.KEEP_TOPICS)
def order_topics(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/topics/order`: by the numbers given, and which stand on the home page."""

    def order(kept: Taxonomy) -> None:
        places = {
            name.removeprefix("place-"): _number(value)
            for name, value in signed_in.form.items()
            if name.startswith("place-")
        }
        slugs = sorted(places, key=lambda slug: places[slug])
        kept.order_topics(slugs, signed_in.lists.get("featured", []))

    return _done(request, signed_in, order)


@guarded(Action.KEEP_TOPICS)
def merge(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/topics/merge`: topics, or programmes (`what`)."""

    def join(kept: Taxonomy) -> None:
        slug, into = signed_in.form.get("slug", ""), signed_in.form.get("into", "")
        match signed_in.form.get("what", ""):
            case "topic":
                kept.merge_topics(slug, into)
            case "programme":
                kept.merge_programmes(slug, into)
            case _:
                raise InvalidInput("Say what is to be merged: topics or programmes.")

    return _done(request, signed_in, join)


@guarded(Action.KEEP_TOPICS)
def save_programme(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/programmes`."""

    def save(kept: Taxonomy) -> None:
        form = signed_in.form
        seen = _seen(form.get("seen", ""), lambda values: Programme(**values))
        title, language = form.get("title", ""), form.get("language", "vi")
        if language not in LANGUAGES:
            raise InvalidInput("Choose the programme's language: Vietnamese or English.")
        slug = seen.slug if seen else slugify(title)
        made = Programme(slug, title, language, form.get("description", ""), form.get("organisation", ""))
        kept.save_programme(made, seen)

    return _done(request, signed_in, save)


@guarded(Action.KEEP_TOPICS)
def save_organisation(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /studio/organisations`."""

    def save(kept: Taxonomy) -> None:
        name = signed_in.form.get("name", "")
        seen = _seen(signed_in.form.get("seen", ""), lambda values: Organisation(**values))
        kept.save_organisation(Organisation(seen.slug if seen else slugify(name), name), seen)

    return _done(request, signed_in, save)


def seen_text(subject: Topic | Programme | Organisation) -> str:
    """What a form carries along of what its editor saw."""
    return json.dumps(asdict(subject), ensure_ascii=False)


def _done(request: Request, signed_in: SignedInRequest, change: Callable[[Taxonomy], None]) -> Response:
    try:
        change(studio_of(request).taxonomy)
    except ArchiveError as error:
        return _taxonomy(request, signed_in, told(request, error), status_of(error))
    return RedirectResponse("/studio/topics?saved", 303)


def _taxonomy(
    request: Request, signed_in: SignedInRequest, problem: str = "", status: int = 200
) -> Response:
    catalogue = services_of(request).archive.catalogue
    return page(
        request,
        signed_in,
        "topics.html",
        status,
        topics=[(topic, seen_text(topic)) for topic in catalogue.topics()],
        programmes=[(each, seen_text(each)) for each in catalogue.programmes()],
        organisations=[(each, seen_text(each)) for each in studio_of(request).taxonomy.organisations()],
        problem=problem,
        saved="saved" in request.query_params and not problem,
        sent=signed_in.form if problem else {},
    )


def _seen(text: str, read: Callable[[dict[str, Any]], T]) -> T | None:
    if not text:
        return None
    try:
        return read(json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidInput("The form can't be read; reload the page and change it again.") from error


def _topic(values: dict[str, Any]) -> Topic:
    return Topic(**{**values, "synonyms": tuple(values["synonyms"])})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 99_999


ROUTES = [
    Route("/studio/topics", taxonomy, methods=["GET"]),
    Route("/studio/topics", save_topic, methods=["POST"]),
    Route("/studio/topics/order", order_topics, methods=["POST"]),
    Route("/studio/topics/merge", merge, methods=["POST"]),
    Route("/studio/programmes", save_programme, methods=["POST"]),
    Route("/studio/organisations", save_organisation, methods=["POST"]),
]
