"""The live process: lets encoders in, minds their broadcasts, takes up what a killed one left."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from infra.live.segment_writer import LiveContext, SegmentWriter
from infra.live.session import IngestSession
from media.errors import ArchiveError, Conflict, Forbidden, Message, Unavailable
from media.live.broadcast import SOURCE, Broadcast
from media.live.ingest_port import LiveIntake, Sink
from media.live.journal import left_in, read_about, utc_now
from media.live.ladder import to_give_up

log = logging.getLogger("tualai.live")

LOOK_SECONDS = 1.0
HEALTH_SECONDS = 3.0
LOW_BYTES = 10 << 30
SCARCE_BYTES = 2 << 30
STOP_SECONDS = 10.0


@dataclass(slots=True)
class LiveIngestGate:
    """Implements `media.live.ingest_port.IngestGate`: one connection for a broadcast, the newest one."""

    context: LiveContext
    end_after: timedelta
    sessions: dict[str, IngestSession] = field(default_factory=dict)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def admit(self, key: str, encoder: str, hang_up: Callable[[], None]) -> Sink:
        """See `Door.admit`."""
        async with self._one:
            episode = await asyncio.to_thread(self.context.broadcasts.episode_of, key)
            if (old := self.sessions.pop(episode, None)) is not None:  # a phone that changed its network
                old.hang_up()
                await old.close()
            session = IngestSession(self.context, key, encoder, hang_up)
            await asyncio.to_thread(session.begin)
            self.sessions[session.episode] = session
            return session

    async def watch(self) -> None:
        """Look after the broadcasts until cancelled: ended ones, revoked keys, health, room."""
        since = 0.0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            since += LOOK_SECONDS
            for session in list(self.sessions.values()):
                try:
                    await self._look(session, tell=since >= HEALTH_SECONDS)
                except Unavailable as error:
                    log.warning("%s", error)
                except Exception:
                    log.exception("minding %s", session.episode)
            if since >= HEALTH_SECONDS:
                since = 0.0
                with suppress(Unavailable):
                    await asyncio.to_thread(
                        self.context.broadcasts.end_forgotten, utc_now() - self.end_after
                    )

    async def stop(self) -> None:
        """Keep what is left of every connection."""
        sessions = list(self.sessions.values())
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(*(each.close() for each in sessions))
        except TimeoutError:
            for each in sessions:
                each.abandon()

    async def _look(self, session: IngestSession, tell: bool) -> None:
        if session.closed:
            self.sessions.pop(session.episode, None)
            return
        if not await asyncio.to_thread(self._welcome, session):
            self.sessions.pop(session.episode, None)
            session.hang_up()
            await session.close()
        elif tell:
            await asyncio.to_thread(self._tell, session)

    def _welcome(self, session: IngestSession) -> bool:
        """Whether it may go on: not ended, its key good, no newer connection."""
        try:
            if self.context.broadcasts.episode_of(session.key) != session.episode:
                return False
        except Forbidden:
            return False
        found = self.context.broadcasts.broadcast(session.episode)
        return found is not None and found.take == session.publishing.number

    def _tell(self, session: IngestSession) -> None:
        free = self.context.storage.free_bytes()
        warning: Message | None = None
        if free is not None and free < LOW_BYTES:
            warning = Message(
                "Only %(free)s GB are left for recordings; free some space soon.", free=f"{free / 1e9:.1f}"
            )
            self._make_room(session, free)
        with suppress(Conflict):
            self.context.broadcasts.say_health(
                session.episode, session.publishing.number, session.health(free, warning)
            )

    def _make_room(self, session: IngestSession, free: int) -> None:
        broadcasts, episode = self.context.broadcasts, session.episode
        names = {each.name for each in broadcasts.renditions(episode)} - {SOURCE}
        if free >= SCARCE_BYTES:
            return
        kept = {name: broadcasts.segments(episode, name) for name in names}
        name, segments = to_give_up(kept, free, SCARCE_BYTES)
        if segments:
            broadcasts.give_up(episode, name, [each.number for each in segments])
            for each in segments:
                self.context.storage.delete(each.key(session.publishing.broadcast.folder))
            log.warning("%s: %d old segments of “%s” were given up for room", episode, len(segments), name)


def recover(context: LiveContext) -> int:
    """Store what killed processes of this machine left in their journals; return how many segments."""
    broadcasts = {each.id: each for each in context.broadcasts.broadcasts(open_only=False)}
    count = 0
    for folder in sorted(path for path in context.folder.iterdir() if path.is_dir()):
        about = read_about(folder)
        broadcast = broadcasts.get(about.broadcast) if about is not None else None
        if about is not None and broadcast is not None:
            try:
                count += _recover_one(context, broadcast, folder)
            except Conflict:
                log.warning("%s: what was left of take %d came too late", broadcast.episode, about.take)
            except Unavailable:
                raise
            except ArchiveError as error:
                log.warning("%s: %s", broadcast.episode, error)
        shutil.rmtree(folder, ignore_errors=True)
    return count


def _recover_one(context: LiveContext, broadcast: Broadcast, folder: Path) -> int:
    about = read_about(folder)
    assert about is not None  # noqa: S101 - looked at by the caller
    writer = SegmentWriter(context, broadcast.episode, broadcast.folder, about.take, about.first)
    count = 0
    stored = {each.number for each in context.broadcasts.segments(broadcast.episode)}
    for cut, segmenter in left_in(folder, about):
        if cut.number not in stored and segmenter.config is not None:
            writer.write(cut, segmenter.config)
            count += 1
    context.broadcasts.close_session(broadcast.episode, about.take)
    if count:
        log.warning("%s: %d segments that a killed process left are kept", broadcast.episode, count)
    return count


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """One live process on a machine. Raises `Unavailable`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Unavailable(
                "The live intake of this data folder runs already, in another process."
            ) from error
        yield


async def run(gate: LiveIngestGate, intakes: Sequence[LiveIntake], stop: asyncio.Event) -> None:
    """Take in until `stop` is set. Raises what an intake raises."""
    tasks = [asyncio.create_task(each.serve(gate)) for each in intakes]
    tasks.append(asyncio.create_task(gate.watch()))
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            task.result()
    finally:
        stopping.cancel()
        await gate.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
