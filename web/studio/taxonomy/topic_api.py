"""Calls for topics: read, add, change, order, merge."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, NotRequired

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from typing_extensions import TypedDict

from media.archive.episodes import Topic, slugify
from media.archive.taxonomy import Subject
from media.errors import NotFound
from web.access.operations import Operation, tagged
from web.access.preconditions import answer, made, refused
from web.access.signed_in import SignedInRequest, guarded
from web.domain.accounts.permissions import Action
from web.http.json_schema import said
from web.http.typed_json import closed, read
from web.services import services_of, studio_of
from web.studio.taxonomy.merging import MERGING, MOVED, Into, Merged, NewSlug

AT = "/api/v1/topics"


@closed
class TopicFields(TypedDict, total=False):
    """What a topic may have."""

    name_en: str
    synonyms: tuple[str, ...]
    featured: Annotated[bool, said("on the home page")]


@closed
class TopicChange(TopicFields, total=False):
    """Some of a topic."""

    name_vi: str


@closed
class NewTopic(TopicFields):
    """A topic that is added."""

    name_vi: str
    slug: NotRequired[NewSlug]


@closed
class TopicOrder(TypedDict):
    """Topics in this order, others after them, and which stand on the home page."""

    slugs: list[str]
    featured: list[str]


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
    return answer(request, _topic(request, slug))


@guarded(Action.KEEP_TOPICS)
def add(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/topics`: {"name_vi", "name_en", "synonyms", "featured", "slug"}."""
    sent = read(NewTopic, signed_in.json)
    name = sent["name_vi"]
    slug = sent.get("slug") or slugify(name)
    new = Topic(
        slug, name, sent.get("name_en") or name, sent.get("synonyms", ()), sent.get("featured", False)
    )
    studio_of(request).taxonomy.save_topic(new, None)
    return made(request, _topic(request, slug), f"{AT}/{slug}")


@guarded(Action.KEEP_TOPICS)
def change(request: Request, signed_in: SignedInRequest) -> Response:
    """`PATCH /api/v1/topics/{slug}` with If-Match: some of the fields of `add`, but not the slug."""
    stored = _topic(request, str(request.path_params["slug"]))
    if refusal := refused(request, stored):
        return refusal
    new = replace(stored, **read(TopicChange, signed_in.json))
    studio_of(request).taxonomy.save_topic(new, stored)
    return answer(request, _topic(request, stored.slug))


@guarded(Action.KEEP_TOPICS)
def order(request: Request, signed_in: SignedInRequest) -> Response:
    """`PUT /api/v1/topic-order` with If-Match (the list's): {"slugs", "featured"}."""
    if refusal := refused(request, _listed(request)):
        return refusal
    sent = read(TopicOrder, signed_in.json)
    studio_of(request).taxonomy.order_topics(sent["slugs"], sent["featured"])
    return answer(request, _listed(request))


@guarded(Action.KEEP_TOPICS)
def merge(request: Request, signed_in: SignedInRequest) -> Response:
    """`POST /api/v1/topics/{slug}/merge`: {"into"}; its address leads there from now on."""
    into = read(Into, signed_in.json)["into"]
    episodes = studio_of(request).taxonomy.merge_topics(str(request.path_params["slug"]), into)
    return answer(request, Merged(into, episodes))


def _listed(request: Request) -> dict[str, list[Topic]]:
    return {"topics": services_of(request).archive.catalogue.topics()}


def _topic(request: Request, slug: str) -> Topic:
    found = next((t for t in services_of(request).archive.catalogue.topics() if t.slug == slug), None)
    if found is None:
        raise NotFound("There is no topic “%(topic)s”.", topic=slug[:80])
    return found


OPERATIONS = tagged(
    "topics",
    Operation("GET", AT, topics, "topics", "All that one sees", {"topics": list[Topic]}, etag=True),
    Operation("POST", AT, add, "addTopic", "Add a topic", Topic, body=NewTopic, status=201, etag=True, problems=(404,)),
    Operation(
        "PUT", "/api/v1/topic-order", order, "orderTopics",
        "Topics in this order, others after them, and which stand on the home page; If-Match: the list's ETag",
        {"topics": list[Topic]}, body=TopicOrder, match=True, etag=True,
    ),
    Operation("GET", f"{AT}/{{slug}}", topic, "topic", "One of them", Topic, etag=True, extra=MOVED),
    Operation(
        "PATCH", f"{AT}/{{slug}}", change, "changeTopic", "Change some of it", Topic, body=TopicChange, match=True,
        etag=True,
    ),
    Operation("POST", f"{AT}/{{slug}}/merge", merge, "mergeTopic", MERGING, Merged, body=Into, etag=True),
)  # fmt: skip
ROUTES = [each.route for each in OPERATIONS]
