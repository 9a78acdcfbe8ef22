"""The stream of the list: what it sends, when it ends, how many there may be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request

from media.errors import Unavailable
from tests.web.studio.conftest import Studio
from tests.web.studio.desk import add_ready
from web.access.signed_in import SignedInRequest
from web.domain.accounts.accounts import digest_of
from web.studio.episodes import stream as episode_stream

URL = "/api/v1/studio/live"
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(episode_stream, "SECONDS_BETWEEN", 0.01)
    monkeypatch.setattr(episode_stream, "LONGEST_SECONDS", 0.08)
    yield
    assert episode_stream._open.total() == 0, "every stream gives its place back"


def events(text: str) -> list[Any]:
    lines = [line for line in text.splitlines() if line.startswith("data: ")]
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def test_all_rows_come_once_and_then_what_changes(studio: Studio) -> None:
    add_ready(studio)
    answer = studio.client("moderator").get(URL, headers=STREAM)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "no-store" in answer.headers["cache-control"]
    found = events(answer.text)
    assert [list(each) for each in found] == [["thang-ba"]]
    assert "retry: 5000" in answer.text and ": still here" in answer.text


@pytest.mark.smoke
def test_a_change_is_sent(studio: Studio) -> None:
    add_ready(studio)
    request, signed_in = _visit(studio, "editor")

    async def follow() -> list[str]:
        stream = episode_stream._events(request, signed_in, episode_stream._rows(request, signed_in))
        found = [await anext(stream)]
        assert studio.services.studio is not None
        studio.services.studio.editing.publish("thang-ba")
        found.append(await anext(stream))
        await stream.aclose()  # type: ignore[attr-defined]
        return found

    first, second = (events(each)[0]["thang-ba"]["kind"] for each in asyncio.run(follow()))
    assert (first, second) == ("processing", "published")


def test_who_signs_out_gets_no_more(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(episode_stream, "SESSION_SECONDS", 0.0)
    monkeypatch.setattr(episode_stream, "LONGEST_SECONDS", 60.0)
    add_ready(studio)
    request, signed_in = _visit(studio, "editor")

    async def follow() -> list[str]:
        stream = episode_stream._events(request, signed_in, {})
        found = [await anext(stream)]
        studio.sign_in.accounts.end_session(signed_in.session.id)
        return found + [each async for each in stream]

    assert len(asyncio.run(follow())) == 1


def test_streams_are_limited_by_session_and_in_all(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    client = studio.client("editor")
    monkeypatch.setattr(episode_stream, "STREAMS_OF_SESSION", 0)
    answer = client.get(URL, headers=STREAM)
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert client.get(URL).status_code == 200
    monkeypatch.setattr(episode_stream, "STREAMS_OF_SESSION", 4)
    monkeypatch.setattr(episode_stream, "STREAMS_LIMIT", 0)
    with pytest.raises(Unavailable):
        episode_stream.check_room("another")


def _visit(studio: Studio, role: str) -> tuple[Request, SignedInRequest]:
    token = studio.sign_in.start(studio.account(role), "pytest")
    session = studio.sign_in.accounts.session(digest_of(token))
    assert session
    headers = [(b"cookie", f"studio={token}".encode())]
    scope = {
        "type": "http",
        "method": "GET",
        "path": URL,
        "query_string": b"",
        "headers": headers,
        "app": studio.app,
    }
    return Request(scope), SignedInRequest(session, "")
