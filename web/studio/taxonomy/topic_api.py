"""Calls for topics: read, add, change, order, merge."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from media.archive.episodes import Topic, slugify
from media.archive.taxonomy import Subject
from media.errors import NotFound
from web.access.preconditions import Plain, answer, fields, flag, made, refused, text, texts
from web.access.signed_in import SignedInRequest, guarded
from web.domain.accounts.permissions import Action
from web.services import services_of, studio_of

AT = "/api/v1/topics"


@guarded(Action.SEE_STUDIO)
def topics(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/topics`: in their order."""
    return answer(request, _listed(request))


@guarded(Action.SEE_STUDIO)
def topic(request: Request, signed_in: SignedInRequest) -> Response:  # noqa: ARG001 - the guard's form
    """`GET /api/v1/topics/{slug}`; one merged away leads to the other."""
    slug = str(request.path_params["slug"])
    moved = studio_of(request).taxonomy.moved(Subject.TOPIC, slug)
    if moved is not None and all(
        each.slug != slug for each in services_of(request).archive.catalogue.topics()
    ):
        return RedirectResponse(f"{AT}/{moved}", 308)
    return answer(request, asdict(_topic(request, slug)))


@guarded(Action.KEEP_TOPICS)
def add(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/topics`: {"name_vi", "name_en", "synonyms", "featured", "slug"}."""
    sent = fields(signed_in, "name_en", "synonyms", "featured", "slug", needed=("name_vi",))
    name = text(sent, "name_vi")
    slug = text(sent, "slug") or slugify(name)
    new = Topic(
        slug, name, text(sent, "name_en") or name, texts(sent, "synonyms"), flag(sent, "featured", False)
    )
    studio_of(request).taxonomy.save_topic(new, None)
    return made(request, asdict(_topic(request, slug)), f"{AT}/{slug}")


@guarded(Action.KEEP_TOPICS)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`PATCH /api/v1/topics/{slug}` with If-Match: some of the fields of `add`, but not the slug."""
    stored = _topic(request, str(request.path_params["slug"]))
    if refusal := refused(request, asdict(stored)):
        return refusal
    sent = fields(signed_in, "name_vi", "name_en", "synonyms", "featured")
    new = Topic(
        stored.slug,
        text(sent, "name_vi", stored.name_vi),
        text(sent, "name_en", stored.name_en),
        texts(sent, "synonyms", stored.synonyms),
        flag(sent, "featured", stored.featured),
    )
    studio_of(request).taxonomy.save_topic(new, stored)
    return answer(request, asdict(_topic(request, stored.slug)))


@guarded(Action.KEEP_TOPICS)
def order(request: Request, signed_in: SignedInRequest) -> Response:
    """`PUT /api/v1/topic-order` with If-Match (the list's): {"slugs", "featured"}."""
    if refusal := refused(request, _listed(request)):
        return refusal
    sent = fields(signed_in, needed=("slugs", "featured"))
    studio_of(request).taxonomy.order_topics(texts(sent, "slugs"), texts(sent, "featured"))
    return answer(request, _listed(request))


@guarded(Action.KEEP_TOPICS)
def merge(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/topics/{slug}/merge`: {"into"}; its address leads there from now on."""
    into = text(fields(signed_in, needed=("into",)), "into")
    episodes = studio_of(request).taxonomy.merge_topics(str(request.path_params["slug"]), into)
    return answer(request, {"into": into, "episodes": episodes})


def _listed(request: Request) -> Plain:
    return {"topics": [asdict(each) for each in services_of(request).archive.catalogue.topics()]}


def _topic(request: Request, slug: str) -> Topic:
    found = next((t for t in services_of(request).archive.catalogue.topics() if t.slug == slug), None)
    if found is None:
        raise NotFound("There is no topic “%(topic)s”.", topic=slug[:80])
    return found


ROUTES = [
    Route(AT, topics, methods=["GET"]),
    Route(AT, add, methods=["POST"]),
    Route("/api/v1/topic-order", order, methods=["PUT"]),
    Route(f"{AT}/{{slug}}", topic, methods=["GET"]),
    Route(f"{AT}/{{slug}}", change, methods=["PATCH"]),
    Route(f"{AT}/{{slug}}/merge", merge, methods=["POST"]),
]
