"""What the site knows of broadcasts going on: read once for all who watch, a few times a second at most."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from media.errors import NotFound
from media.live.broadcast import SOURCE, Broadcast, LiveRendition, LiveSegment, OnAir
from media.live.broadcast_store import Broadcasts
from media.live.playlist import (
    PlaylistEntry,
    SessionSpan,
    laid_out,
    master_playlist,
    media_playlist,
    offered,
    spans_of,
)

FRESH_SECONDS = 0.4
MOST_EPISODES = 50
_T = TypeVar("_T")


@dataclass(slots=True)
class _Known:
    """Of one episode: its parts with the moments at which they were read, its segments as far as they were."""

    parts: dict[str, tuple[float, object]] = field(default_factory=dict)
    segments: dict[str, list[LiveSegment]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def forget_newest(self) -> None:
        """Let segments be looked for that came since they were read last."""
        self.parts = {name: part for name, part in self.parts.items() if not name.startswith("more ")}


class LivePlaylists:
    """Playlists of all broadcasts, for one process of the site."""

    def __init__(self, broadcasts: Broadcasts, clock: Callable[[], float] = time.monotonic) -> None:
        self._broadcasts, self._clock = broadcasts, clock
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def broadcast(self, episode: str) -> Broadcast:
        """Raises `NotFound`."""

        def read() -> Broadcast:
            found = self._broadcasts.broadcast(episode)
            if found is None:
                raise NotFound("This episode has no broadcast.")
            return found

        known = self._of(episode)
        with known.lock:
            return self._part(known, "broadcast", read)

    def master(self, episode: str) -> str:
        """The master playlist. Raises `NotFound` before anything was received."""
        broadcast = self.broadcast(episode)
        known = self._of(episode)
        with known.lock:

            def read() -> str:
                renditions: list[LiveRendition] = self._broadcasts.renditions(episode)
                if not self._segments(known, episode, SOURCE):
                    raise NotFound("Nothing has been received of this broadcast yet.")
                names = {each.name for each in renditions}
                laid = {name: self._laid_out(known, broadcast, name)[1] for name in names}
                return master_playlist(offered(renditions, laid))

            return self._part(known, "master", read)

    def media(self, episode: str, rendition: str, *, delta: bool) -> str:
        """A rendition's playlist. Raises `NotFound`."""
        broadcast = self.broadcast(episode)
        known = self._of(episode)
        with known.lock:

            def read() -> str:
                ended = broadcast.state is OnAir.ENDED and broadcast.closed
                if ended:  # nobody asks again after the end: it must not miss what came just before
                    known.forget_newest()
                spans, entries = self._laid_out(known, broadcast, rendition)
                if not any(each.segment is not None for each in entries):
                    raise NotFound("There is no such rendition of the broadcast.")
                return media_playlist(
                    spans, entries, aim=broadcast.segment_seconds, ended=ended, delta=delta
                )

            return self._part(known, f"{rendition} {delta}", read)

    def _laid_out(
        self, known: _Known, broadcast: Broadcast, rendition: str
    ) -> tuple[list[SessionSpan], list[PlaylistEntry]]:
        spans = spans_of(self._segments(known, broadcast.episode, SOURCE))
        return spans, laid_out(spans, self._segments(known, broadcast.episode, rendition))

    def _segments(self, known: _Known, episode: str, rendition: str) -> list[LiveSegment]:
        """All of a rendition; only the new ones are read. What was given up is looked up now and then."""

        def whole() -> bool:
            known.segments[rendition] = self._broadcasts.segments(episode, rendition)
            return True

        def more() -> bool:
            have = known.segments[rendition]
            have += self._broadcasts.segments(
                episode, rendition, max((each.id for each in have), default=0)
            )
            return True

        self._part(known, f"whole {rendition}", whole, fresh=20.0)
        self._part(known, f"more {rendition}", more)
        return known.segments[rendition]

    def _of(self, episode: str) -> _Known:
        with self._lock:
            if episode not in self._known and len(self._known) >= MOST_EPISODES:
                self._known.pop(next(iter(self._known)))
            return self._known.setdefault(episode, _Known())

    def _part(self, known: _Known, name: str, read: Callable[[], _T], fresh: float = FRESH_SECONDS) -> _T:
        """A part that was read lately, or is read now. `known.lock` is held."""
        at, value = known.parts.get(name, (float("-inf"), None))
        if self._clock() - at < fresh:
            return value  # type: ignore[return-value] # what this name was read as
        made = read()
        known.parts[name] = (self._clock(), made)
        return made
