"""Events: what has happened, in order, kept so that whoever was away can catch up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, `id` growing in the order in which it could first be read. `data` is JSON."""

    id: int
    channel: str
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


class EventLog(Protocol):
    """Events are written by the stores, in the transaction of what they tell (`infra.db.outbox.events.tell`)."""

    def newest(self) -> int:
        """The id of the newest event; 0 when there was none yet."""
        ...

    def after(self, id: int, limit: int = 1000, channels: Collection[str] | None = None) -> list[Event]:
        """Events after that of `id`, oldest first, only of `channels` unless None.

        An event that was not there yet when a later one was read never appears afterwards.
        """
        ...

    def kept_since(self) -> int:
        """The id before which events were swept away; whoever missed those must load everything again."""
        ...


def public_channel(episode: str) -> str:
    """What anybody may read: only texts as shown, nothing of who asked."""
    return f"public:{episode}"


def desk_channel(episode: str) -> str:
    """What moderators read."""
    return f"desk:{episode}"
