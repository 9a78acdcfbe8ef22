"""The RTMP door over real sockets: who means no good is soon gone, who has the key is let in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest

from media.errors import Forbidden, InvalidInput
from media.live.containers.flv import VIDEO, Tag
from media.live.ingest_port import Bounds, Sink
from media.live.rtmp.amf0 import encode
from media.live.rtmp.chunk_stream import MessageType, chunks
from media.live.rtmp.server import RtmpIntake, rtmp_address
from tests.end_to_end.encoder import free_port
from tests.media.live.rtmp.test_chunk_stream import GREETING, INTRODUCTION, media
from tests.waiting import PATIENCE_SECONDS, soon

PATIENT = Bounds(
    strangers=3, strangers_of_one=2, seconds_to_publish=PATIENCE_SECONDS, silence=PATIENCE_SECONDS
)


class Kept:
    """A sink that only remembers."""

    def __init__(self, hang_up: Callable[[], None]) -> None:
        self.tags: list[Tag] = []
        self.hang_up, self.closed = hang_up, 0

    async def feed(self, tag: Tag) -> None:
        if tag.payload == b"refuse":
            raise InvalidInput("This can't be passed on.")
        self.tags.append(tag)

    async def close(self) -> None:
        self.closed += 1


class OneKey:
    """A door for one key."""

    def __init__(self) -> None:
        self.sinks: list[Kept] = []

    async def admit(self, key: str, encoder: str, hang_up: Callable[[], None]) -> Sink:
        if key != "abcd-key":
            raise Forbidden(f"No such key, {encoder}.")
        self.sinks.append(Kept(hang_up))
        return self.sinks[-1]


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Served:
    """A door that is open."""

    intake: RtmpIntake
    gate: OneKey
    port: int

    async def connect(self) -> Connection:
        return await asyncio.open_connection("127.0.0.1", self.port)

    @property
    def strangers(self) -> int:
        return self.intake._strangers.total()


def served(what: Callable[[Served], Awaitable[None]], bounds: Bounds = PATIENT) -> OneKey:
    """Do something while the door is open."""

    async def run() -> OneKey:
        gate, port = OneKey(), free_port()
        there = Served(RtmpIntake("127.0.0.1", port, bounds), gate, port)
        task = asyncio.create_task(there.intake.serve(gate))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await _open(there)
                await what(there)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        return gate

    return asyncio.run(run())


async def _open(there: Served) -> None:
    """Wait until it takes connections."""
    while True:
        with suppress(ConnectionRefusedError):
            _, writer = await there.connect()
            writer.close()
            break
        await asyncio.sleep(0.01)
    await soon(lambda: not there.strangers, "this one is forgotten")


async def gone(reader: asyncio.StreamReader) -> bytes:
    """What was said until the connection was closed."""
    with suppress(ConnectionError):
        return await reader.read(-1)
    return b""


def test_an_encoder_with_the_key_is_let_in_and_its_sink_closed_once() -> None:
    async def send(there: Served) -> None:
        reader, writer = await there.connect()
        writer.write(GREETING + INTRODUCTION)
        await reader.readuntil(b"Publish.Start")
        writer.write(media(VIDEO, 40, b"one") + media(VIDEO, 80, b"two"))
        (sink,) = there.gate.sinks
        await soon(lambda: len(sink.tags) == 2, "both tags arrive")
        writer.close()
        await soon(lambda: sink.closed, "the sink is closed")

    (sink,) = served(send).sinks
    assert [each.payload for each in sink.tags] == [b"one", b"two"]
    assert sink.closed == 1


@pytest.mark.parametrize("farewell", [b"FCUnpublish", b"deleteStream"])
def test_an_encoder_that_says_good_bye_hangs_up_itself(farewell: bytes) -> None:
    said = chunks(MessageType.COMMAND, encode(farewell.decode(), 0, None, 1), stream=1)

    async def send(there: Served) -> None:
        reader, writer = await there.connect()
        writer.write(GREETING + INTRODUCTION)
        await reader.readuntil(b"Publish.Start")
        writer.write(said)
        (sink,) = there.gate.sinks
        await soon(lambda: sink.closed, "the take is over")
        for _ in range(3):  # each would be answered with a reset if the server had hung up
            writer.write(said)
            await writer.drain()
            await asyncio.sleep(0)
        assert not reader.at_eof()
        writer.write_eof()
        assert await reader.read(-1) is not None, "closed without an error"
        writer.close()

    served(send)


def test_who_says_good_bye_and_stays_is_hung_up_on() -> None:
    async def send(there: Served) -> None:
        reader, writer = await there.connect()
        writer.write(GREETING + INTRODUCTION)
        writer.write(chunks(MessageType.COMMAND, encode("deleteStream", 0, None, 1), stream=1))
        await gone(reader)
        writer.close()

    assert served(send, replace(PATIENT, silence=0.1)).sinks[0].closed


def test_an_encoder_that_falls_silent_is_hung_up_on() -> None:
    async def send(there: Served) -> None:
        reader, writer = await there.connect()
        writer.write(GREETING + INTRODUCTION)
        assert b"Publish.Start" in await gone(reader)
        writer.close()

    (sink,) = served(send, replace(PATIENT, silence=0.1)).sinks
    assert sink.closed == 1


def test_a_wrong_key_is_told_and_hung_up_on() -> None:
    async def send(there: Served) -> None:
        reader, writer = await there.connect()
        writer.write(GREETING + INTRODUCTION.replace(b"abcd-key", b"guessing"))
        await writer.drain()
        assert b"No such key, Tester/1." in await gone(reader)
        writer.close()

    assert served(send).sinks == []


def test_too_many_strangers_are_sent_away() -> None:
    async def send(there: Served) -> None:
        first, second = await there.connect(), await there.connect()
        await soon(lambda: there.strangers == 2, "both are known")
        third = await there.connect()
        assert await gone(third[0]) == b"", "no third one from this address"
        second[1].write(b"GET / HTTP/1.1\r\n\r\n" + bytes(4000))
        await gone(second[0])
        again = await there.connect()
        again[1].write(GREETING + INTRODUCTION)
        await again[0].readuntil(b"Publish.Start")  # there is room for others again
        for _, writer in (first, second, third, again):
            writer.close()

    assert len(served(send).sinks) == 1


def test_a_silent_stranger_is_sent_away() -> None:
    async def send(there: Served) -> None:
        reader, writer = await there.connect()
        assert await gone(reader) == b""
        assert there.strangers == 0
        writer.close()

    assert served(send, replace(PATIENT, seconds_to_publish=0.1)).sinks == []


def test_a_sink_that_refuses_ends_the_connection() -> None:
    async def send(there: Served) -> None:
        reader, writer = await there.connect()
        writer.write(GREETING + INTRODUCTION)
        await reader.readuntil(b"Publish.Start")
        writer.write(media(VIDEO, 0, b"refuse"))
        await gone(reader)
        writer.close()

    assert served(send).sinks[0].closed == 1


def test_the_address_is_read() -> None:
    assert rtmp_address("rtmp://0.0.0.0/live") == ("0.0.0.0", 1935)
    assert rtmp_address("rtmp://[::1]:1936/live") == ("::1", 1936)
    for wrong in ("http://x/", "rtmp://", "rtmp://x:99999/"):
        with pytest.raises(InvalidInput):
            rtmp_address(wrong)
