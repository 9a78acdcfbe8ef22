"""The `LiveIntake` port as an RTMP server of ours: nothing but bytes and `media.live.rtmp.session`."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import suppress

from media.errors import ArchiveError, InvalidInput, Unavailable
from media.live.ingest_port import Bounds, IngestGate, Sink
from media.live.rtmp.session import EncoderLeft, PublishRequest, RtmpSession

log = logging.getLogger("tualai.live")

READ_BYTES = 1 << 16


class RtmpIntake:
    """Implements `LiveIntake` on one address for all episodes."""

    def __init__(self, host: str, port: int, bounds: Bounds | None = None) -> None:
        self._host, self._port, self._bounds = host, port, bounds or Bounds()
        self._strangers: Counter[str] = Counter()

    async def serve(self, gate: IngestGate) -> None:
        """See `LiveIntake.serve`."""
        connections: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - asyncio runs it as one
            connections.add(task)
            try:
                await self._connection(gate, reader, writer)
            finally:
                connections.discard(task)

        try:
            server = await asyncio.start_server(connected, self._host, self._port, limit=2 * READ_BYTES)
        except OSError as error:
            raise Unavailable(
                "RTMP can't listen on %(host)s:%(port)s (%(why)s); stop what uses it or set"
                " TUALAI_LIVE_RTMP.",
                host=self._host,
                port=self._port,
                why=error.strerror,
            ) from error
        log.info("RTMP is taken in on %s:%d", self._host, self._port)
        try:
            await server.serve_forever()
        finally:
            server.close()
            for task in list(connections):
                task.cancel()
            await asyncio.gather(*connections, return_exceptions=True)

    async def _connection(
        self, gate: IngestGate, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        address = str((writer.get_extra_info("peername") or ("?",))[0])
        bounds = self._bounds
        if (
            self._strangers.total() >= bounds.strangers
            or self._strangers[address] >= bounds.strangers_of_one
        ):
            writer.close()
            return
        talk = _Talk(gate, reader, writer, bounds)
        try:
            self._strangers[address] += 1
            try:
                async with asyncio.timeout(bounds.seconds_to_publish):
                    await talk.introduce()
            finally:
                self._strangers[address] -= 1
                self._strangers += Counter()  # forgets who is at zero
            await talk.listen()
        except ArchiveError as error:
            log.warning("RTMP from %s: %s", address, error)
        except (TimeoutError, OSError, EOFError) as error:
            log.info("RTMP from %s: the connection was lost (%s)", address, type(error).__name__)
        finally:
            await talk.close()


class _Talk:
    """One connection."""

    def __init__(
        self, gate: IngestGate, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bounds: Bounds
    ) -> None:
        self._gate, self._reader, self._writer, self._bounds = gate, reader, writer, bounds
        self._session = RtmpSession()
        self._sink: Sink | None = None

    async def introduce(self) -> None:
        """Until the encoder has named its key and is let in."""
        while self._sink is None:
            for event in self._session.feed(await self._read()):
                if isinstance(event, PublishRequest):
                    await self._admit(event)
            await self._flush()

    async def listen(self) -> None:
        """Until it leaves or falls silent."""
        sink = self._sink
        assert sink is not None  # noqa: S101 - introduced
        while True:
            async with asyncio.timeout(self._bounds.silence):
                data = await self._read()
            for event in self._session.feed(data):
                if isinstance(event, EncoderLeft):
                    await self._see_off()
                    return
                if not isinstance(event, PublishRequest):
                    await sink.feed(event)
            await self._flush()

    async def close(self) -> None:
        with suppress(OSError):
            await self._flush()
        self._writer.close()
        await self._keep()

    async def _see_off(self) -> None:
        """The take is over; the encoder hangs up. It says good-bye in several parts, and one that finds the line cut
        between them, such as ffmpeg, reports that the broadcast failed."""
        await self._keep()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._bounds.silence):
                while True:
                    await self._read()

    async def _keep(self) -> None:
        if self._sink is not None:
            await asyncio.shield(self._sink.close())

    async def _admit(self, asked: PublishRequest) -> None:
        try:
            self._sink = await self._gate.admit(asked.key, asked.encoder, self._writer.close)
        except ArchiveError as error:
            self._session.refuse(str(error))
            await asyncio.sleep(0.5)  # guessing keys is slow
            raise
        self._session.accept()

    async def _read(self) -> bytes:
        data = await self._reader.read(READ_BYTES)
        if not data:
            raise EOFError
        return data

    async def _flush(self) -> None:
        if out := self._session.output():
            self._writer.write(out)
            await self._writer.drain()


def rtmp_address(url: str) -> tuple[str, int]:
    """Host and port of a setting such as `rtmp://0.0.0.0:1935/live`. Raises `InvalidInput`."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        port = parts.port or 1935
    except ValueError as error:
        raise InvalidInput(
            "TUALAI_LIVE_RTMP is “%(url)s”; write rtmp://0.0.0.0:1935/live.", url=url
        ) from error
    if parts.scheme != "rtmp" or not parts.hostname:
        raise InvalidInput("TUALAI_LIVE_RTMP is “%(url)s”; write rtmp://0.0.0.0:1935/live.", url=url)
    return parts.hostname, port
