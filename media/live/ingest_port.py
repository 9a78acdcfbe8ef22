"""The port of the live intake: whatever lets encoders send, and hands over what they send as FLV tags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from media.live.containers.flv import Tag


class Sink(Protocol):
    """Takes in what one connection sends."""

    async def feed(self, tag: Tag) -> None:
        """Take a tag; slow when the store is. Raises `InvalidInput`, `Conflict`: the connection is to be closed."""
        ...

    async def close(self) -> None:
        """The connection has ended: keep what is left. Safe to call twice."""
        ...


class IngestGate(Protocol):
    """Lets encoders in."""

    async def admit(self, key: str, encoder: str, hang_up: Callable[[], None]) -> Sink:
        """A sink for who knows a stream key. `hang_up` ends the connection when its time is over.

        Raises `Forbidden`; `Unavailable` when the store does not answer.
        """
        ...


class LiveIntake(Protocol):
    """One way for encoders to send."""

    async def serve(self, gate: IngestGate) -> None:
        """Take in until cancelled. Raises `Unavailable` when its address can't be listened on."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """What who is not let in yet may use: connections in all and from one address, seconds until it has named its
    key; and the seconds of silence after which a connection is lost."""

    strangers: int = 32
    strangers_of_one: int = 8
    seconds_to_publish: float = 10.0
    silence: float = 15.0
