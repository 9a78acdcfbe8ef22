"""The way back from a position in the recording to the moment at which it was received."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from media.live.broadcast import LiveSegment


def moment_at(segments: Sequence[LiveSegment], position: float) -> datetime | None:
    """The wall-clock time at which `position` (seconds in the recording) was received; None without segments."""
    if not segments:
        return None
    found = max(0, bisect_right(segments, position, key=lambda each: each.start) - 1)
    segment = segments[found]
    return segment.at + timedelta(seconds=min(max(0.0, position - segment.start), segment.duration))
