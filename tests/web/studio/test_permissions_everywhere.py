"""Who may do what, at every address of the site: pages and calls, by session and by token.

The tables here are written by hand, from what each address is for; an address that is in none of them fails.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from httpx import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.web.sample_archive import MATERNITY
from tests.web.studio import api_site
from tests.web.studio.api_site import ELSEWHERE, HERE, OURS, THEIRS, Site
from web.access.signed_in import csrf_of
from web.domain.accounts.accounts import Role, digest_of
from web.domain.accounts.permissions import PERMITTED, Action
from web.domain.accounts.tokens import SCOPED, Scope
from web.studio.uploads.tus_headers import VERSION

filled, shared_site = api_site.filled, api_site.shared_site
SAFE = {"GET", "HEAD", "OPTIONS"}

PUBLIC = set(
    """
    GET /
    GET /search
    GET /ask
    POST /ask
    GET /ask/answers
    POST /ask/answered
    POST /ask/votes
    POST /questions
    GET /questions/{code}
    POST /questions/{code}/forget
    GET /sw.js
    GET /api/v1/episodes/{slug}/questions
    POST /api/v1/episodes/{slug}/questions
    GET /api/v1/questions
    POST /api/v1/questions
    GET /api/v1/questions/challenge
    PUT /api/v1/questions/{id}/vote
    DELETE /api/v1/questions/{id}/vote
    POST /api/v1/receipts
    POST /api/v1/receipts/push
    GET /topics
    GET /topics/{slug}
    GET /programmes/{slug}
    GET /episodes/{slug}
    GET /episodes/{slug}/transcript
    GET /episodes/{slug}/captions.vtt
    GET /episodes/{slug}/documents/{id}
    GET /language
    GET /media/{recording}/{path:path}
    GET /live/{slug}/master.m3u8
    GET /live/{slug}/{rendition}/index.m3u8
    GET /live/{slug}/{rendition}/{number:int}.m4s
    GET /live/{slug}/{rendition}/init-{take:int}.mp4
    POST /live/authorise
    GET /static/{version}/{name:path}
    GET /healthz
    GET /readyz
    GET /metrics
    GET /favicon.ico
    GET /robots.txt
    GET /api/openapi.json
    GET /api/v1/search
    GET /api/v1/suggest
    GET /api/v1/episodes/{slug}
    GET /api/v1/episodes/{slug}/progress
    GET /api/v1/episodes/{slug}/events
    GET /screens/{secret}/events
    GET /screens/{secret}
    GET /screens/{secret}/state
    POST /api/v1/plays
    POST /api/v1/searches
    POST /api/v1/watching
    OPTIONS /api/v1/uploads
    OPTIONS /api/v1/uploads/{id}
    GET /studio/sign-in
    POST /studio/sign-in
    GET /studio/link/{token}
    POST /studio/link/{token}
    GET /studio/openid
    GET /studio/openid/back
    """.strip().split("\n    ")
)
"""What anybody may ask. What is posted here must come from this site's own pages."""

_BY_ACTION = {
    Action.SEE_STUDIO: """
    GET /studio
    GET /studio/episodes/{slug}/broadcast
    GET /studio/episodes/{slug}
    GET /studio/episodes/{slug}/preview
    GET /api/v1/studio/live
    GET /api/v1/studio/episodes
    GET /api/v1/studio/episodes/{slug}
    GET /api/v1/studio/answers
    POST /api/v1/episodes/{slug}/presence
    GET /api/v1/episodes/{slug}/documents
    GET /api/v1/jobs
    GET /api/v1/jobs/{id}
    GET /api/v1/topics
    GET /api/v1/topics/{slug}
    GET /api/v1/programmes
    GET /api/v1/programmes/{slug}
    GET /api/v1/organisations
    GET /api/v1/organisations/{slug}
    GET /api/v1/account
    """,
    Action.OWN_ACCOUNT: """
    POST /studio/sign-out
    GET /studio/account
    POST /studio/account/password
    POST /studio/account/tokens
    POST /studio/account/tokens/{id}/remove
    POST /api/v1/account/password
    POST /api/v1/account/sign-out
    GET /api/v1/tokens
    POST /api/v1/tokens
    DELETE /api/v1/tokens/{id}
    """,
    Action.MODERATE: """
    GET /studio/episodes/{slug}/comments
    POST /studio/episodes/{slug}/comments
    GET /api/v1/episodes/{slug}/broadcast
    GET /studio/calls
    POST /studio/calls/{question}/show
    POST /studio/calls/{question}/told
    GET /studio/words
    POST /studio/words
    GET /studio/episodes/{slug}/desk
    POST /studio/episodes/{slug}/desk
    GET /studio/questions
    POST /studio/questions
    GET /studio/questions/{id}/answer
    POST /studio/questions/{id}/answer
    GET /api/v1/studio/episodes/{slug}/desk
    GET /api/v1/studio/episodes/{slug}/desk/similar
    POST /api/v1/studio/episodes/{slug}/desk/done
    PUT /api/v1/studio/episodes/{slug}/companion
    GET /api/v1/studio/episodes/{slug}/screens
    POST /api/v1/studio/episodes/{slug}/screens
    DELETE /api/v1/studio/episodes/{slug}/screens/{id}
    GET /api/v1/studio/questions
    GET /api/v1/studio/similar-questions
    GET /api/v1/studio/questions/{id}
    POST /api/v1/studio/questions/{id}/move
    POST /api/v1/studio/questions/{id}/release
    POST /api/v1/studio/questions/{id}/hold
    POST /api/v1/studio/questions/{id}/edit
    POST /api/v1/studio/questions/{id}/merge
    POST /api/v1/studio/questions/{id}/unmerge
    POST /api/v1/studio/questions/{id}/begin
    POST /api/v1/studio/questions/{id}/resume
    POST /api/v1/studio/questions/{id}/undo
    POST /api/v1/studio/questions/{id}/block
    POST /api/v1/studio/questions/{id}/unblock
    GET /api/v1/studio/episodes/{slug}/desk/events
    """,
    Action.UPLOAD: """
    GET /studio/upload
    POST /studio/upload
    GET /api/v1/uploads
    POST /api/v1/uploads
    GET /api/v1/uploads/{id}
    HEAD /api/v1/uploads/{id}
    PATCH /api/v1/uploads/{id}
    DELETE /api/v1/uploads/{id}
    POST /api/v1/uploads/{id}
    POST /api/v1/uploads/{id}/retry
    POST /api/v1/links
    """,
    Action.EDIT_EPISODE: """
    GET /studio/broadcasts
    POST /studio/broadcasts
    POST /studio/episodes/{slug}/broadcast
    POST /studio/episodes/{slug}
    POST /studio/episodes/{slug}/work
    POST /studio/episodes/{slug}/marks/{segment}
    POST /studio/episodes/{slug}/documents/{id}/remove
    GET /studio/episodes/{slug}/timeline
    POST /studio/episodes/{slug}/timeline
    GET /studio/episodes/{slug}/transcript
    GET /studio/episodes/{slug}/transcript.{format}
    GET /studio/episodes/{slug}/transcript/versions
    POST /studio/episodes/{slug}/transcript/versions
    PATCH /api/v1/episodes/{slug}
    PUT /api/v1/episodes/{slug}/captions-read
    POST /api/v1/episodes/{slug}/retry
    POST /api/v1/episodes/{slug}/cancel
    PUT /api/v1/episodes/{slug}/segments/{segment}/marks
    GET /api/v1/episodes/{slug}/segments
    POST /api/v1/episodes/{slug}/segments/changes
    GET /api/v1/episodes/{slug}/waveform
    GET /api/v1/episodes/{slug}/transcript
    GET /api/v1/episodes/{slug}/transcript/edits
    POST /api/v1/episodes/{slug}/transcript/edits
    GET /api/v1/episodes/{slug}/transcript/versions
    GET /api/v1/episodes/{slug}/transcript/versions/{number:int}
    POST /api/v1/episodes/{slug}/transcript/restore
    GET /api/v1/episodes/{slug}/transcript/fixes
    DELETE /api/v1/episodes/{slug}/documents/{id}
    POST /api/v1/jobs/{id}/retry
    POST /api/v1/jobs/{id}/cancel
    GET /api/v1/glossary
    """,
    Action.PUBLISH: """
    POST /studio/episodes/{slug}/publish
    POST /api/v1/episodes/{slug}/publish
    POST /api/v1/episodes/{slug}/schedule
    POST /api/v1/episodes/{slug}/withdraw
    """,
    Action.KEEP_TOPICS: """
    GET /studio/topics
    POST /studio/topics
    POST /studio/topics/order
    POST /studio/topics/merge
    POST /studio/programmes
    POST /studio/organisations
    POST /api/v1/topics
    PATCH /api/v1/topics/{slug}
    POST /api/v1/topics/{slug}/merge
    PUT /api/v1/topic-order
    POST /api/v1/programmes
    PATCH /api/v1/programmes/{slug}
    POST /api/v1/programmes/{slug}/merge
    POST /api/v1/organisations
    PATCH /api/v1/organisations/{slug}
    GET /api/v1/lexicon
    GET /api/v1/lexicon/versions
    POST /api/v1/lexicon/changes
    POST /api/v1/lexicon/restore
    POST /api/v1/glossary
    PUT /api/v1/glossary/{id}
    DELETE /api/v1/glossary/{id}
    """,
    Action.SEE_FIGURES: """
    GET /studio/figures
    GET /studio/next
    GET /studio/next.csv
    GET /studio/next.pdf
    GET /studio/figures.csv
    GET /studio/figures/{slug}
    GET /api/v1/figures
    GET /api/v1/figures/{slug}
    """,
    Action.KEEP_PEOPLE: """
    GET /studio/people
    POST /studio/people
    POST /studio/people/{id}
    GET /api/v1/people
    POST /api/v1/people
    GET /api/v1/people/{id}
    PATCH /api/v1/people/{id}
    POST /api/v1/people/{id}/link
    POST /api/v1/people/{id}/sign-out
    """,
    Action.SEE_AUDIT: """
    GET /studio/audit
    GET /api/v1/audit
    """,
}
ACTIONS = {
    place: action for action, places in _BY_ACTION.items() for place in places.strip().split("\n    ")
}
BODIES: dict[str, object] = {
    "POST /api/v1/episodes/{slug}/presence": {"what": "facts"},
    "PUT /api/v1/episodes/{slug}/captions-read": {"version": 1},
}
"""What must be right for the episode to be looked at."""


@dataclass(frozen=True)
class Asking:
    """Requests of the site, one event loop for all of them."""

    site: Site
    client: TestClient
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, place: str, headers: dict[str, str], slug: str = OURS, cookie: str = "", body: object = None
    ) -> Response:
        """Ask `place` (“GET /studio”), its parameters filled with what there is."""
        method, path = place.split(" ")
        sent = {"Tus-Resumable": VERSION, "X-HTTP-Method-Override": "HEAD", **headers}
        if cookie:
            sent["Cookie"] = f"studio={cookie}"
        if path.startswith("/api/") and method not in SAFE and "uploads" not in path:
            sent["Content-Type"] = "application/json"
        content = _json(body if body is not None else BODIES.get(place, {})) if method not in SAFE else b""
        return self.client.request(method, self.site.address(path, slug), headers=sent, content=content)

    def cookie(self, role: str) -> str:
        """Of a session: the one of `role` while it is not ended."""
        cookie = self.cookies.get(role, "")
        if not cookie or self.site.sign_in.accounts.session(digest_of(cookie)) is None:
            cookie = self.cookies[role] = self.site.sign_in.start(self.site.account(role), "pytest")
        return cookie

    def signed_in(self, place: str, role: str, slug: str = OURS, body: object = None) -> Response:
        cookie = self.cookie(role)
        return self.ask(place, {"X-CSRF": csrf_of(cookie)}, slug, cookie, body)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.fixture(scope="module")
def asking(shared_site: Site) -> Iterator[Asking]:
    app = shared_site.app
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield Asking(shared_site, client)


def test_every_address_is_in_the_table(asking: Asking) -> None:
    there = {
        f"{method} {route.path}"
        for route in asking.site.app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - ({"HEAD"} if "GET" in (route.methods or ()) else set())
    }
    assert there - ACTIONS.keys() - PUBLIC == set(), "say who may do this"
    assert (ACTIONS.keys() | PUBLIC) - there == set(), "these do not exist"
    assert ACTIONS.keys() & PUBLIC == set()


@pytest.mark.parametrize("place", ACTIONS)
def test_nothing_without_signing_in(asking: Asking, place: str) -> None:
    answer = asking.ask(place, {})
    if place.startswith("GET /studio"):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/studio/sign-in")
    else:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("place", ["GET /studio", "GET /api/v1/people", "POST /api/v1/uploads"])
@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer no such token"}, {"Cookie": "studio=nobody"}]
)
def test_made_up_tokens_are_nobody_s(asking: Asking, place: str, headers: dict[str, str]) -> None:
    assert asking.ask(place, headers).status_code == asking.ask(place, {}).status_code


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_roles_do_what_the_table_says(asking: Asking, role: Role) -> None:
    wrong = {}
    for place, action in ACTIONS.items():
        status = asking.signed_in(place, role.value).status_code
        if (status == 403) == (role in PERMITTED[action]) or status in (401, 500):
            wrong[place] = status
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_tokens_do_what_role_and_scopes_both_allow(asking: Asking, role: Role) -> None:
    wrong = {}
    for place, action in ACTIONS.items():
        allowing = [scope for scope in Scope if action in SCOPED[scope]]
        others = [scope for scope in Scope if scope not in allowing]
        if others and asking.ask(place, asking.site.bearer(role.value, *others)).status_code != 403:
            wrong[f"{place} without its scope"] = others
        if not allowing:
            continue
        status = asking.ask(place, asking.site.bearer(role.value, allowing[0])).status_code
        if (status == 403) == (role in PERMITTED[action]) or status in (401, 500):
            wrong[f"{place} with {allowing[0]}"] = status
    assert wrong == {}


OF_EPISODES = [
    place
    for place, action in ACTIONS.items()
    if ("/episodes/{slug}" in place or "/jobs/{id}" in place) and Role.CONTRIBUTOR in PERMITTED[action]
]


@pytest.mark.parametrize("place", OF_EPISODES)
def test_contributors_stay_with_their_organisation(asking: Asking, place: str) -> None:
    assert asking.signed_in(place, "contributor", THEIRS).status_code == 403
    token = asking.site.bearer("contributor", *Scope)
    assert asking.ask(place, token, THEIRS).status_code == 403


def test_contributors_reach_no_other_organisation_by_what_they_send(asking: Asking) -> None:
    theirs, ours = f"cua-{ELSEWHERE}", f"cua-{HERE}"
    tag = asking.signed_in("GET /api/v1/studio/episodes/{slug}", "contributor").headers["etag"]
    cookie = asking.cookie("contributor")
    headers = {"X-CSRF": csrf_of(cookie), "If-Match": tag}
    moved = asking.ask("PATCH /api/v1/episodes/{slug}", headers, OURS, cookie, {"programme": theirs})
    assert moved.status_code == 403
    for values in ({"programme": theirs}, {"for": THEIRS}, {"for": MATERNITY}):
        link = {"url": "https://example.org/a.mp4", "title": "x", **values}
        assert asking.signed_in("POST /api/v1/links", "contributor", body=link).status_code == 403
        pairs = (
            (k, base64.b64encode(v.encode()).decode()) for k, v in {**values, "filename": "a.mp4"}.items()
        )
        headers = {"Upload-Length": "9", "Upload-Metadata": ",".join(f"{k} {v}" for k, v in pairs)}
        sent = asking.ask("POST /api/v1/uploads", {**headers, "X-CSRF": csrf_of(cookie)}, OURS, cookie)
        assert sent.status_code == 403, values
    seen = asking.signed_in("GET /api/v1/studio/episodes", "contributor").json()
    assert {each["slug"] for each in seen["episodes"]} == {OURS}
    assert {
        each["episode"] for each in asking.signed_in("GET /api/v1/jobs", "contributor").json()["jobs"]
    } <= {OURS}
    listed = asking.signed_in("GET /api/v1/programmes", "contributor").json()["programmes"]
    assert {each["slug"] for each in listed} == {ours}
    answers = asking.signed_in("GET /api/v1/studio/answers", "contributor").json()["answers"]
    assert {each["episode"] for each in answers} <= {OURS}
    live = asking.signed_in("GET /api/v1/studio/live", "contributor").json()
    assert live["episodes"].keys() == {OURS}
    path = "/api/v1/programmes/" + theirs
    assert asking.client.get(path, headers={"Cookie": f"studio={cookie}"}).status_code == 403
    upload = asking.client.get(f"/studio/upload?for={THEIRS}", headers={"Cookie": f"studio={cookie}"})
    assert upload.status_code == 403


PREVIEWED = [place for place in PUBLIC if "/episodes/{slug}" in place and "{id}" not in place]


@pytest.mark.parametrize("place", sorted(PREVIEWED))
def test_what_is_not_public_is_not_shown_to_other_organisations(asking: Asking, place: str) -> None:
    own = {"Sec-Fetch-Site": "same-origin"}
    assert asking.ask(place, own, THEIRS).status_code == 404
    assert asking.ask(place, own, THEIRS, asking.cookie("contributor")).status_code == 404


@pytest.mark.parametrize("place", [each for each in ACTIONS if each.split(" ")[0] not in SAFE])
def test_changes_need_the_form_token_and_come_from_this_site(asking: Asking, place: str) -> None:
    cookie = asking.cookie("admin")
    assert asking.ask(place, {}, OURS, cookie).status_code == 403
    foreign = {"X-CSRF": csrf_of(cookie), "Origin": "https://evil.example"}
    assert asking.ask(place, foreign, OURS, cookie).status_code == 403


@pytest.mark.parametrize("place", ["POST /studio/topics", "POST /api/v1/topics", "POST /api/v1/uploads"])
def test_the_form_token_is_the_session_s_own(asking: Asking, place: str) -> None:
    cookie = asking.cookie("admin")
    other = asking.site.sign_in.start(asking.site.account("admin"), "another browser")
    assert asking.ask(place, {"X-CSRF": csrf_of(other)}, OURS, cookie).status_code == 403
    sent_elsewhere = {"X-CSRF": csrf_of(cookie), "Sec-Fetch-Site": "cross-site"}
    assert asking.ask(place, sent_elsewhere, OURS, cookie).status_code == 403


@pytest.mark.parametrize("place", sorted(each for each in PUBLIC if each.startswith("POST")))
def test_public_posts_come_from_this_site(asking: Asking, place: str) -> None:
    path = place.split(" ")[1].replace("{token}", "x")
    answer = asking.client.post(path, json={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
