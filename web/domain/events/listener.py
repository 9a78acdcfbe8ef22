"""A listener: one open stream, and what it has yet to be sent. Lives on the event loop's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from web.domain.events.frames import Frames


class Listener:
    """Gets frames from the hub, and waits for them without a timer or a task of its own.

    It may not fall behind by more than `limit` bytes: then it is dropped, which ends the stream, and the browser
    comes back and names what it had last. `dropped` is called at that moment, for a stream stuck in sending.
    """

    def __init__(self, channels: frozenset[str], viewer_of: str, after: int, limit: int) -> None:
        self.channels = channels
        self.viewer_of = viewer_of
        self.dropped: Callable[[], object] | None = None
        self.ended = False
        self.too_slow = False
        self.quiet = True
        self._last = after
        self._limit = limit
        self._waiting: list[bytes] = []
        self._size = 0
        self._held: list[Frames] | None = []
        self._wake: asyncio.Future[None] | None = None

    def give(self, frames: Frames) -> None:
        """Add what has just happened; until `begin` it is held back."""
        if self.ended:
            return
        if self._held is not None:
            self._held.append(frames)
            self._add(b"", len(frames.joined))
        elif frames.last > self._last:
            content = frames.after(self._last)
            self._last = frames.last
            self._add(content, len(content))

    def begin(self, missed: bytes, last: int) -> None:
        """Put in front what was missed, up to the event of `last`; from here on frames follow each other.

        What is held was read by the hub after this listener joined, what was missed by a query after that: together
        nothing is left out, and what is in both is told by its id.
        """
        held, self._held = self._held or [], None
        self._size, self._last = 0, last
        self._add(missed, 0)  # a long absence is no slow reading
        for frames in held:
            self.give(frames)

    def beat(self, content: bytes) -> None:
        """Add a sign of life where nothing was sent since the last one."""
        if self.quiet and self._held is None and not self._waiting and not self.ended:
            self._add(content, len(content))
        self.quiet = True

    async def next(self) -> bytes | None:
        """What is to be sent now; waits for it. None: the stream is over."""
        while not self._waiting and not self.ended:
            self._wake = asyncio.get_running_loop().create_future()
            try:
                await self._wake
            finally:
                self._wake = None
        if not self._waiting:
            return None
        content = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
        self._waiting, self._size = [], 0
        return content

    def end(self) -> None:
        """No more; what waits is still sent."""
        self.ended = True
        self._awake()

    def _add(self, content: bytes, size: int) -> None:
        if content:
            self._waiting.append(content)
        self._size += size
        self.quiet = False
        if self._size > self._limit and not self.ended:
            self._drop()
        self._awake()

    def _drop(self) -> None:
        self.ended = self.too_slow = True
        self._waiting, self._held = [], None
        if self.dropped is not None:
            self.dropped()

    def _awake(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
