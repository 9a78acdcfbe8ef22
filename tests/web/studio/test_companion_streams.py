"""Streams through the whole site, without a server: what is sent, to whom, and how it ends."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from infra.assembly.groups import live_services
from infra.db.live.viewers import SqlViewers
from infra.db.outbox.events import tell
from infra.db.people.accounts import SqlAccounts
from media.archive.episodes import Episode, EpisodeState
from tests.waiting import PATIENCE_SECONDS, soon
from tests.web.studio.conftest import Studio
from tests.web.studio.desk import add_ready
from web.domain.accounts.accounts import Session, digest_of
from web.domain.events.events import desk_channel, public_channel
from web.domain.events.hub import Pace
from web.domain.sending.fernet import FernetEncryption, new_key
from web.public.live import streams

SLUG = "thang-ba"
PUBLIC = f"/api/v1/episodes/{SLUG}/events"
DESK = f"/api/v1/studio/episodes/{SLUG}/desk/events"


@pytest.fixture
def site(studio: Studio) -> Iterator[Studio]:
    add_ready(studio)
    assert studio.services.studio is not None
    studio.services.studio.editing.publish(SLUG)
    encryption = FernetEncryption([new_key()])
    live = live_services(studio.database, lambda: encryption, Pace(reading=0.01, counting=0.05))
    services = replace(studio.services, live=live)
    studio.services = services
    studio.app.state.services = services
    yield studio
    assert live.hub.streams == 0, "every stream gives its place back"


def told(studio: Studio, channel: str, kind: str, **data: Any) -> None:
    with studio.database.write() as c:
        tell(c, channel, kind, **data)


class Stream:
    """A browser's end of one stream: the raw ASGI messages."""

    def __init__(self, studio: Studio, address: str, cookie: str = "", last: str = "") -> None:
        path, _, query = address.partition("?")
        headers = [
            (b"accept", b"text/event-stream"),
            (b"accept-encoding", b"gzip"),
            (b"host", b"testserver"),
        ]
        headers += [(b"cookie", cookie.encode())] if cookie else []
        headers += [(b"last-event-id", last.encode())] if last else []
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": headers,
            "client": ("10.0.0.1", 1234),
            "server": ("testserver", 80),
        }
        self._app = studio.app
        self._gone = asyncio.Event()
        self.start: dict[str, Any] = {}
        self.text = ""
        self.over = False
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        await self._app(self._scope, self._receive, self._send)
        self.over = True

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.text += message.get("body", b"").decode()

    @property
    def kinds(self) -> list[str]:
        return [kind for kind in re.findall(r"^event: (\w+)$", self.text, re.M) if kind != "beat"]

    async def until(self, *kinds: str) -> None:
        await soon(lambda: self.kinds == list(kinds), f"{kinds} arrive")

    async def ended(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._task

    async def leave(self) -> None:
        self._gone.set()
        await self.ended()


def test_what_happens_is_sent_and_what_was_missed_comes_first(site: Studio) -> None:
    told(site, public_channel(SLUG), "votes", id="q", votes=2)
    told(site, desk_channel(SLUG), "question", id="geheim")

    async def follow() -> Stream:
        stream = Stream(site, f"{PUBLIC}?after=0")
        await stream.until("votes")
        told(
            site,
            public_channel(SLUG),
            "question",
            id="q2",
            shown="Nghỉ thai sản mấy tháng?\nCó lương không?",
        )
        told(site, public_channel("khác"), "question", id="q3")
        await stream.until("votes", "question")
        again = Stream(site, f"{PUBLIC}?after=0", last="1")  # a browser's memory goes before the address
        await again.until("question")
        await again.leave()
        await stream.leave()
        return stream

    stream = asyncio.run(follow())
    headers = {name.decode(): value.decode() for name, value in stream.start["headers"]}
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["x-accel-buffering"] == "no" and "no-transform" in headers["cache-control"]
    assert "content-encoding" not in headers and "content-length" not in headers
    assert stream.text.startswith("retry: 2000\n") and "event: beat\ndata: {}\n" in stream.text
    assert "geheim" not in stream.text and "q3" not in stream.text
    data = [json.loads(each) for each in re.findall(r"^data: (\{.+\})$", stream.text, re.M)]
    assert data[-1]["shown"] == "Nghỉ thai sản mấy tháng?\nCó lương không?"


@pytest.mark.smoke
def test_the_desk_gets_both_in_order_until_its_session_ends(
    site: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "CHECKING_SECONDS", 0.02)
    token = site.sign_in.start(site.account("moderator"), "pytest")
    checks, session_of = [], SqlAccounts.session

    def checked(accounts: SqlAccounts, digest: str) -> Session | None:
        checks.append(digest)
        return session_of(accounts, digest)

    monkeypatch.setattr(SqlAccounts, "session", checked)

    async def follow() -> str:
        stream = Stream(site, f"{DESK}?after=0", cookie=f"studio={token}")
        told(site, desk_channel(SLUG), "question", id="q")
        told(site, public_channel(SLUG), "votes", id="q", votes=2)
        await stream.until("question", "votes")
        begun = len(checks)
        await soon(
            lambda: len(checks) > begun + 2, "it is looked again and again whether the session goes on"
        )
        assert not stream.over
        session = site.sign_in.accounts.session(digest_of(token))
        assert session
        site.sign_in.accounts.end_session(session.id)
        await stream.ended()
        return stream.text

    assert "votes" in asyncio.run(follow())
    assert site.client().get(DESK).status_code == 401
    assert site.client("contributor").get(DESK).status_code == 403


def test_the_site_stops_without_waiting_for_streams(site: Studio) -> None:
    async def stop() -> None:
        stream = Stream(site, PUBLIC)
        assert site.services.live is not None
        await soon(lambda: stream.text, "the stream is open")
        site.services.live.hub.close()
        await stream.ended()
        late = Stream(site, PUBLIC)
        await late.ended()
        assert late.start["status"] == 503

    asyncio.run(stop())


def test_asking_now_and_then(site: Studio) -> None:
    client = site.client()
    assert client.get(PUBLIC).json() == {"events": [], "last": 0}
    told(site, public_channel(SLUG), "votes", id="q", votes=2)
    told(site, desk_channel(SLUG), "question", id="q")
    found = client.get(f"{PUBLIC}?after=0").json()
    assert found == {"events": [{"id": 1, "kind": "votes", "data": {"id": "q", "votes": 2}}], "last": 2}
    assert client.get(f"{PUBLIC}?after=2").json() == {"events": [], "last": 2}
    assert client.get(f"{PUBLIC}?after=x").status_code == 400
    assert client.get(PUBLIC.replace(SLUG, "khong-co")).status_code == 404
    assert site.client("moderator").get(f"{DESK}?after=0").json()["last"] == 2


def test_what_is_not_announced_is_nobodys_business(site: Studio) -> None:
    broadcasts = site.services.live.broadcasts
    assert broadcasts is not None and site.services.studio.editing is not None
    client: TestClient = site.client()
    planned = broadcasts.plan(
        Episode("sap-toi", "dh", "Buổi tới", date(2026, 12, 1), state=EpisodeState.SCHEDULED)
    )
    address = f"/api/v1/episodes/{planned.episode}/events"
    assert client.get(address).status_code == 200
    broadcasts.change(planned.episode, announced=False)
    assert client.get(address).status_code == 404
    assert client.get(f"/episodes/{planned.episode}").status_code == 404
    broadcasts.change(planned.episode, announced=True)
    page = client.get(f"/episodes/{planned.episode}").text
    assert "Buổi tới" in page and 'data-state="waiting"' in page
    assert "Buổi tới" in client.get("/").text


def test_viewers_are_summed_for_the_desk(site: Studio) -> None:
    broadcasts, events = site.services.live.broadcasts, site.services.live.events
    assert broadcasts is not None and events is not None
    slug = broadcasts.plan(
        Episode("sap-toi", "dh", "Buổi tới", date(2026, 12, 1), state=EpisodeState.SCHEDULED)
    ).episode
    one, other = SqlViewers(site.database), SqlViewers(site.database)
    one.report("a", {slug: 3, "unknown": 9})
    other.report("b", {slug: 2})
    one.report("a", {slug: 3})
    one.report("a", {})
    counts = [each.data["count"] for each in events.after(0) if each.kind == "viewers"]
    assert counts == [3, 5, 5, 2]
    assert broadcasts.health(slug).viewers == 2
