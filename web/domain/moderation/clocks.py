"""Which clock leads from the wall to an episode's recording."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from media.archive.catalogue import Catalogue
from media.errors import NotFound
from media.live.broadcast import Broadcast, LiveSegment, OnAir, Origin, position_of_mark
from media.live.broadcast_store import Broadcasts
from web.domain.moderation.marks import Clock

ON_THE_WAY = 10.0
"""Seconds that may pass until something received is stored, at the longest segments."""


def clocks(broadcasts: Broadcasts, catalogue: Catalogue) -> Callable[[str], Clock | None]:
    """A function that gives an episode's clock; None while none is known.

    That is so without a broadcast, before anything was received of it, after what was received has been
    forgotten, and beside a broadcast elsewhere until its recording is here.
    """

    def clock_of(episode: str) -> Clock | None:
        broadcast = broadcasts.broadcast(episode)
        if broadcast is None:
            return None
        segments = broadcasts.segments(episode)
        if broadcast.origin is Origin.OWN and not segments:
            return None
        if broadcast.origin is not Origin.OWN and not (
            broadcast.began_at and _recorded(catalogue, episode)
        ):
            return None
        return lambda moment: (
            position_of_mark(broadcast, segments, moment) + _beyond(broadcast, segments, moment)
        )

    return clock_of


def _beyond(broadcast: Broadcast, segments: Sequence[LiveSegment], moment: datetime) -> float:
    """Seconds after the last segment that are on their way: received by now, but not stored yet."""
    if broadcast.state is not OnAir.RECEIVING or broadcast.origin is not Origin.OWN:
        return 0.0
    last = segments[-1]
    return min(ON_THE_WAY, max(0.0, (moment - last.at).total_seconds() - last.duration))


def _recorded(catalogue: Catalogue, episode: str) -> bool:
    try:
        return catalogue.episode(episode).recording is not None
    except NotFound:
        return False
