"""Presence: who works on an episode just now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

ENDS_AFTER = timedelta(seconds=30)
"""A page that has not been heard of for so long is closed, or has lost its line."""
BEAT_SECONDS = 10
PLACES = frozenset({"desk", "facts", "timeline", "transcript"})


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at an episode. `account` is their id, `name` as shown, `what` one of `PLACES`; UTC."""

    account: str
    name: str
    what: str
    since: datetime


class Presences(Protocol):
    """Kept by heartbeats; nothing here is in the audit log."""

    def beat(self, episode: str, account: str, what: str) -> None:
        """`account` has the episode open at `what`. Raises `NotFound`."""
        ...

    def present(self, episodes: Sequence[str]) -> dict[str, list[Present]]:
        """Who is at each of the episodes, the first to come first; without those where nobody is."""
        ...
