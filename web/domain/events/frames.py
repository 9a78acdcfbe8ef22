"""Events as they are sent (server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from web.domain.events.events import Event

RELOAD = "reload"
"""The kind that tells a page to load everything again: events that it missed are gone."""


@dataclass(frozen=True)
class Frames:
    """Encoded events of one kind of listener, oldest first; joined once for all who get them whole."""

    ids: Sequence[int]
    frames: Sequence[bytes]

    @property
    def last(self) -> int:
        """The id of the newest."""
        return self.ids[-1]

    @cached_property
    def joined(self) -> bytes:
        """All of them."""
        return b"".join(self.frames)

    def after(self, id: int) -> bytes:
        """Those after the event of `id`."""
        if id < self.ids[0]:
            return self.joined
        return b"".join(self.frames[bisect_right(self.ids, id) :])


def frame(event: Event) -> bytes:
    """One event. JSON has no line breaks, so its data is one line."""
    data = json.dumps(event.data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.id}\nevent: {event.kind}\ndata: {data}\n\n".encode()


def beat(id: int | None = None) -> bytes:
    """Says that the line is open, as an event, since scripts never see comments (static/events.js waits for it).

    A browser that comes back names `id`, though no event was for it since.
    """
    return (f"id: {id}\n" if id is not None else "").encode() + b"event: beat\ndata: {}\n\n"


def opening(retry_milliseconds: int) -> bytes:
    """What a stream begins with. The comment is long enough to get through proxies that wait for 2 kB."""
    return f"retry: {retry_milliseconds}\n:{' ' * 2048}\n\n".encode() + beat()


def reload_at(id: int) -> Event:
    """The event that tells a page to load everything again, and to go on after `id`."""
    return Event(id, "", RELOAD)
