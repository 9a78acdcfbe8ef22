"""Which programme a question goes to: the one on air, else the next one announced, else the archive itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from media.archive.catalogue import Catalogue
from media.archive.episodes import Episode
from media.errors import NotFound
from media.live.broadcast import Broadcast, OnAir
from media.live.broadcast_store import Broadcasts
from web.domain.programme.live_episode import live_episode
from web.domain.questions.questions import Questions

_ON_AIR = (OnAir.RECEIVING, OnAir.INTERRUPTED)
_LATE = timedelta(hours=12)
"""A programme that was announced and never came on air is no longer the next one after so long."""


@dataclass(frozen=True, slots=True)
class TargetProgramme:
    """Where a question goes. `episode` None: to the archive itself. `closed` is the programme that takes no more,
    where that is why."""

    episode: Episode | None = None
    on_air: bool = False
    starts_at: datetime | None = None
    closed: Episode | None = None


def place_of(
    catalogue: Catalogue,
    broadcasts: Broadcasts | None,
    questions: Questions | None,
    wanted: str,
    now: datetime,
) -> TargetProgramme:
    """Where a question goes that was begun at the episode `wanted` ("" for none). `now` in UTC without a zone."""
    slug = wanted or next_of(broadcasts.broadcasts() if broadcasts else [], now)
    if not slug:
        return TargetProgramme()
    try:
        found = live_episode(catalogue, broadcasts, slug)
    except NotFound:
        return TargetProgramme()
    if questions is not None and not questions.companion(slug).open:
        return TargetProgramme(closed=found.episode)
    broadcast = found.broadcast
    if broadcast is None:
        return TargetProgramme(found.episode)
    return TargetProgramme(found.episode, broadcast.state in _ON_AIR, broadcast.starts_at)


def next_of(broadcasts: Iterable[Broadcast], now: datetime) -> str:
    """The episode on air, else the next one announced; "" for none."""
    open_ones = [each for each in broadcasts if each.announced]
    on_air = [each for each in open_ones if each.state in _ON_AIR]
    if on_air:
        return on_air[0].episode
    waiting = [
        (each.starts_at, each.episode)
        for each in open_ones
        if each.state is OnAir.WAITING and each.starts_at is not None and each.starts_at > now - _LATE
    ]
    return min(waiting)[1] if waiting else ""
