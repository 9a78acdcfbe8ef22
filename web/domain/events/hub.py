"""The hub: one reader of the event log in each process, for everybody who listens to it there."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar
from uuid import uuid4

from media.errors import ArchiveError, Unavailable
from web.domain.events.events import Event, EventLog
from web.domain.events.frames import RELOAD, Frames, beat, frame, reload_at
from web.domain.events.listener import Listener
from web.domain.events.viewers import Viewers

POLLING_SECONDS = 4.0
"""So often pages ask that get no stream (static/events.js)."""

CROWD = 2000
"""So many listeners double the time between readings."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between readings of the log, between signs of life, between counts of viewers, and that a stream
    lasts (phones that vanished are found out by that; browsers come back by themselves).

    `recent` events are remembered for who comes back soon, a listener may fall `behind` by so many bytes, who missed
    more than `missed` events loads the page again; `streams` may be open at once, `of_address` by one address.
    """

    reading: float = 0.2
    beating: float = 15.0
    counting: float = 5.0
    lasting: float = 900.0
    recent: int = 2000
    behind: int = 512_000
    missed: int = 2000
    streams: int = 5000
    of_address: int = 500


class Hub:
    """Reads the log only while somebody listens, encodes an event once, and gives it to all who are to have it.

    Methods belong to the event loop's thread unless they say otherwise; the log is read in threads of its own.
    """

    def __init__(self, log: EventLog, viewers: Viewers | None = None, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self.closed = False
        self._events = log
        self._viewers = viewers
        self._process = uuid4().hex
        self._groups: dict[frozenset[str], dict[Listener, float]] = {}
        self._addresses: Counter[str] = Counter()
        self._polls: Counter[str] = Counter()
        self._open = 0
        self._counted = False
        self._reader: asyncio.Task[None] | None = None
        self._started: asyncio.Future[None] | None = None
        self._position = 0
        self._recent: deque[tuple[Event, bytes]] = deque()
        self._recent_from = 0
        self._reading = ThreadPoolExecutor(1, "events")
        self._replaying = ThreadPoolExecutor(2, "missed-events")

    @property
    def streams(self) -> int:
        """How many are open."""
        return self._open

    async def listen(
        self, channels: Collection[str], after: int | None = None, viewer_of: str = "", address: str = ""
    ) -> Listener:
        """Open a stream of what happens on `channels` after the event of id `after` (None: from now on).

        Every event comes once, in the order of ids. Give the listener to `leave` at the end.

        Args:
            channels: of `web.domain.events.events`.
            after: what the page has seen already.
            viewer_of: the episode that this one watches; "" for screens and desks.
            address: of the browser, counted while the stream is open and never kept.

        Raises:
            Unavailable: too many streams are open, the site is stopping, or the database does not answer.
        """
        self._check_room(address)
        self._open += 1
        self._addresses[address] += 1
        try:
            await self._awake()
            self._check_going_on()  # who comes while it stops must not wait for ever
            from_id = self._position if after is None else after
            listener = Listener(frozenset(channels), viewer_of, from_id, self.pace.behind)
            self._groups.setdefault(listener.channels, {})[listener] = monotonic() + self.pace.lasting
        except BaseException:
            self._give_back(address)
            raise
        try:
            await self._replay(listener, from_id)
        except BaseException:
            self.leave(listener, address)
            raise
        return listener

    def leave(self, listener: Listener, address: str = "") -> None:
        """Close a stream."""
        listener.end()
        group = self._groups.get(listener.channels, {})
        group.pop(listener, None)
        if not group:
            self._groups.pop(listener.channels, None)
        self._give_back(address)

    def poll(
        self, channels: Collection[str], after: int | None, viewer_of: str = ""
    ) -> tuple[list[Event], int]:
        """For who asks now and then: what happened after the event of id `after`, and the id to ask with next time.

        For any thread. Raises `Unavailable`.
        """
        if viewer_of:
            self._polls[viewer_of] += 1
        newest = self._events.newest()  # before the events, so that none between is left out
        found = [] if after is None else self._missed(frozenset(channels), after)
        return found, max(newest, found[-1].id if found else 0)

    def close(self) -> None:
        """End all streams: the site is stopping."""
        self.closed = True
        for group in self._groups.values():
            for listener in group:
                listener.end()

    def _check_going_on(self) -> None:
        if self.closed:
            raise Unavailable("The site is stopping; come back in a moment.")

    def _check_room(self, address: str) -> None:
        self._check_going_on()
        if self._open >= self.pace.streams or self._addresses[address] >= self.pace.of_address:
            raise Unavailable("Too many pages listen at once; ask now and then instead.")

    def _give_back(self, address: str) -> None:
        self._open -= 1
        self._addresses[address] -= 1
        if self._addresses[address] <= 0:
            del self._addresses[address]

    async def _replay(self, listener: Listener, after: int) -> None:
        """In memory where that reaches back far enough, else by a query."""
        if self._recent_from <= after <= self._position:
            new = [
                (e.id, content)
                for e, content in self._recent
                if e.id > after and e.channel in listener.channels
            ]
            listener.begin(b"".join(content for _, content in new), self._position)
            return
        missed = await self._in(self._replaying, self._missed, listener.channels, after)
        listener.begin(b"".join(map(frame, missed)), missed[-1].id if missed else after)

    def _missed(self, channels: frozenset[str], after: int) -> list[Event]:
        """All events after one; or only the order to load the page again, where some are gone or it was too much."""
        newest = self._events.newest()
        found = self._events.after(after, self.pace.missed + 1, channels)
        # Asked afterwards: what was swept away in between is noticed.
        gone = after < self._events.kept_since() or after > newest
        if gone or len(found) > self.pace.missed:
            return [reload_at(newest)]
        return found

    async def _awake(self) -> None:
        """See that the log is read, and that it is known from which event on."""
        if self._reader is None or self._started is None:
            loop = asyncio.get_running_loop()
            self._started = loop.create_future()
            self._reader = loop.create_task(self._read(self._started))
        await asyncio.shield(self._started)

    async def _read(self, started: asyncio.Future[None]) -> None:
        try:
            self._position = self._recent_from = await self._in(self._reading, self._events.newest)
            self._recent.clear()
        except BaseException as error:
            self._reader = None
            started.set_exception(error)
            if not isinstance(error, ArchiveError):
                raise
            return
        started.set_result(None)
        try:
            await self._follow()
        finally:
            self._reader = None

    async def _follow(self) -> None:
        beaten = counted = monotonic()
        while self._open > 0:
            # The more listen, the fewer and the bigger the pieces: what each costs is the sending.
            await self._rest(self.pace.reading * (1 + self._open / CROWD))
            try:
                found = await self._in(self._reading, self._newer, self._position)
            except ArchiveError as error:  # the database is away: say so, go on
                _log.warning("events: %s", error)
                await self._rest(1.0)
                continue
            if found and found[0].kind == RELOAD:
                self._order_reload(found[0])
            elif found:
                self._spread(found)
            now = monotonic()
            if now - beaten >= self.pace.beating:
                beaten = now
                self._beat(now)
            if now - counted >= self.pace.counting:
                await self._count(now - counted)
                counted = now

    def _newer(self, position: int) -> list[Event]:
        """What the log has after `position`; the order to load again where the reader slept longer than it is kept."""
        found = self._events.after(position)
        if found and found[0].id > position + 1 and self._events.kept_since() > position:
            return [reload_at(found[-1].id)]
        return found

    def _order_reload(self, order: Event) -> None:
        frames = Frames([order.id], [frame(order)])
        for group in self._groups.values():
            for listener in group:
                listener.give(frames)
        self._recent.clear()
        self._position = self._recent_from = order.id

    def _spread(self, found: list[Event]) -> None:
        encoded = [(each, frame(each)) for each in found]
        for channels, group in self._groups.items():
            own = [(each.id, content) for each, content in encoded if each.channel in channels]
            if own:
                frames = Frames([number for number, _ in own], [content for _, content in own])
                for listener in group:
                    listener.give(frames)
        self._recent.extend(encoded)
        while len(self._recent) > self.pace.recent:
            self._recent_from = self._recent.popleft()[0].id
        self._position = found[-1].id

    def _beat(self, now: float) -> None:
        content = beat(self._position)
        for group in self._groups.values():
            for listener, until in group.items():
                listener.beat(content)
                if now > until:
                    listener.end()

    async def _count(self, seconds: float) -> None:
        if self._viewers is None:
            return
        counts = Counter(each.viewer_of for group in self._groups.values() for each in group)
        for episode, polls in self._polls.items():
            counts[episode] += round(polls * POLLING_SECONDS / seconds)
        self._polls.clear()
        del counts[""]
        if not counts and not self._counted:
            return
        self._counted = bool(counts)
        try:
            await self._in(self._reading, self._viewers.report, self._process, counts)
        except ArchiveError as error:
            _log.warning("viewers: %s", error)

    async def _rest(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _in(self, threads: ThreadPoolExecutor, do: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, do, *args)
