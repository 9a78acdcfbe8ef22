"""Taking in, without ffmpeg and without a network: what came is stored, whatever happens in between."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import pytest

from infra.db.live.broadcasts import SqlBroadcasts
from infra.live.process import LiveIngestGate, only_one, recover
from infra.live.segment_writer import LiveContext
from infra.live.session import IngestSession
from media.archive.episodes import Episode, Programme
from media.errors import ArchiveError, Forbidden, Unavailable
from media.live.broadcast import AUDIO, OnAir
from media.live.containers.flv import Tag
from media.storage.folder import FolderStorage
from tests.media.live.streams import AVCC, broadcast, picture_config
from tests.stores import Stores, sqlite_stores
from tests.waiting import soon
from web.domain.sending.fernet import FernetEncryption, new_key


class Moody(FolderStorage):
    """A store that is full for a while."""

    refusals = 0

    def put(self, key: str, source: BinaryIO) -> int:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("The store is full.")
        return super().put(key, source)


@pytest.fixture
def stores(empty_database: Path, tmp_path: Path) -> Iterator[Stores]:
    made = sqlite_stores(empty_database, tmp_path / "live.sqlite")
    made.catalogue.save_programme(Programme("dh", "Điểm hẹn"))
    yield made
    assert made.database is not None
    made.database.close()


@pytest.fixture
def context(stores: Stores, tmp_path: Path) -> LiveContext:
    assert stores.database is not None
    encryption = FernetEncryption([new_key()])
    broadcasts = SqlBroadcasts(stores.database, lambda: encryption)
    broadcasts.plan(Episode("so-1", "dh", "Số 1", date(2026, 11, 22)))
    (tmp_path / "live").mkdir()
    return LiveContext(broadcasts, Moody(tmp_path / "files"), tmp_path / "live")


def tags(seconds: float, begin: int = 0) -> list[Tag]:
    return [tag for tag, _ in broadcast(seconds, begin=begin)]


def key(context: LiveContext) -> str:
    return context.broadcasts.stream_key("so-1")


@asynccontextmanager
async def connected(context: LiveContext) -> AsyncIterator[IngestSession]:
    session = IngestSession(context, key(context), "Tester/1", lambda: None)
    session.begin()
    try:
        yield session
    finally:
        await session.close()


async def send(session: IngestSession, sent: list[Tag]) -> None:
    for tag in sent:
        await session.feed(tag)


def whole(context: LiveContext) -> list[tuple[int, int, float, float]]:
    return [
        (each.take, each.number, each.start, each.duration) for each in context.broadcasts.segments("so-1")
    ]


def received(context: LiveContext) -> float:
    """Seconds that are stored."""
    return sum(each[3] for each in whole(context))


def test_another_picture_on_the_same_connection_is_another_take(context: LiveContext) -> None:
    async def run() -> None:
        async with connected(context) as session:
            await send(session, tags(5.0))
            turned = picture_config(AVCC[:1] + b"\x4d" + AVCC[2:])
            await send(session, [turned, *tags(3.0, begin=5040)[2:]])

    asyncio.run(run())
    found = whole(context)
    assert [each[0] for each in found] == [1, 1, 1, 2, 2]
    assert [each[1] for each in found] == [0, 1, 2, 3, 4]
    for (_, _, start, duration), (_, _, following, _) in pairwise(found):
        assert abs(start + duration - following) < 1e-6
    assert len({each.init for each in context.broadcasts.renditions("so-1") if each.name == AUDIO}) == 1
    assert list(context.folder.iterdir()) == [], "the journals of what is stored are gone"
    found_state = context.broadcasts.broadcast("so-1")
    assert found_state is not None
    assert (found_state.state, found_state.closed) == (OnAir.INTERRUPTED, True)


def test_a_full_store_is_waited_for(context: LiveContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.live.session.AGAIN_SECONDS", 0.05)

    async def run() -> str:
        async with connected(context) as session:
            context.storage.refusals = 3  # type: ignore[attr-defined]
            await send(session, tags(4.1))
            await soon(lambda: session.health(None, None).warning, "it warns")
            return str(session.health(None, None).warning)

    assert asyncio.run(run()) == "The store is full."
    assert [each[1] for each in whole(context)] == [0, 1, 2]


def test_what_a_killed_process_left_is_adopted_and_the_clock_goes_on(context: LiveContext) -> None:
    async def killed() -> None:
        session = IngestSession(context, key(context), "Tester/1", lambda: None)
        session.begin()
        await send(session, tags(5.0))
        session._thread.submit(lambda: None).result()  # what was cut is stored, then the process is gone

    asyncio.run(killed())
    assert [each[1] for each in whole(context)] == [0, 1]
    assert recover(context) == 1
    assert recover(context) == 0
    assert abs(sum(each[3] for each in whole(context)) - 5.0) < 0.03

    async def back() -> None:
        async with connected(context) as session:
            await send(session, tags(2.0))

    asyncio.run(back())
    last = whole(context)[-1]
    assert last[0] == 2
    assert abs(last[2] - 5.0) < 0.03


def test_the_newest_connection_has_the_broadcast_and_the_end_hangs_up(context: LiveContext) -> None:
    hung_up: list[str] = []

    async def run() -> None:
        gate = LiveIngestGate(context, timedelta(minutes=5))
        with pytest.raises(Forbidden):
            await gate.admit("nope", "Tester/1", lambda: None)
        first = await gate.admit(key(context), "Wi-Fi", lambda: hung_up.append("first"))
        for tag in tags(3.0):
            await first.feed(tag)
        second = await gate.admit(key(context), "4G", lambda: hung_up.append("second"))
        for tag in tags(3.0):
            await second.feed(tag)
        minding = asyncio.create_task(gate.watch())
        context.broadcasts.end("so-1")
        await soon(  # hung up first, then what is left is stored
            lambda: "second" in hung_up and received(context) > 5.9, "the end hangs up, and all is stored"
        )
        minding.cancel()
        with pytest.raises(ArchiveError):
            await gate.admit(key(context), "again", lambda: None)

    asyncio.run(run())
    assert hung_up == ["first", "second"]
    assert abs(received(context) - 6.0) < 0.06


def test_one_process_takes_in_on_a_machine(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Unavailable), only_one(tmp_path):
        pass


def test_a_segment_is_stored_where_its_playlist_names_it(context: LiveContext) -> None:
    async def run() -> str:
        async with connected(context) as session:
            await send(session, tags(2.5))
            return session.publishing.broadcast.folder

    folder = asyncio.run(run())
    first = context.broadcasts.segments("so-1")[0]
    with context.storage.open(first.key(folder)) as file:
        assert isinstance(file, io.IOBase)
        assert file.read()[4:8] == b"moof"
    assert context.storage.size(context.broadcasts.renditions("so-1")[0].key(folder)) > 500
