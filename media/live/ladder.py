"""What viewers of a broadcast can choose from: sized to the machine. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from media.encoding.ladder import CAPS, scaled_size, video_cap
from media.live.broadcast import AUDIO, SOURCE, LiveSegment
from media.probing.media_info import VideoInfo

LONGEST_KEYFRAMES = 4.0
"""Seconds between keyframes beyond which segments of the source are too long to watch live."""
LARGEST_KBPS = 6000
TALLEST = 720
LOWER = 480
GIVEN_UP_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class LiveRung:
    """A rung to encode: `kbps` caps its picture."""

    name: str
    width: int
    height: int
    kbps: int


def fits(keyframes: float, kbps: float) -> bool:
    """Whether viewers can be given the source as it is."""
    return keyframes <= LONGEST_KEYFRAMES and kbps <= LARGEST_KBPS


def plan_rung(video: VideoInfo, *, cores: int, keyframes: float, kbps: float) -> LiveRung | None:
    """The one rung that is encoded beside source and sound, or none.

    On one core only what nobody could watch otherwise is encoded; with more there is a lower rung for slow
    networks. `keyframes` in seconds between them, `kbps` the picture's rate as received.
    """
    short = min(video.width, video.height)
    if not fits(keyframes, kbps):
        side = min(short, TALLEST if cores > 1 else LOWER)
    elif cores > 1:
        smaller = [each for each in CAPS if each <= LOWER and each < short]
        if not smaller:
            return None
        side = max(smaller)
    else:
        return None
    width, height = scaled_size(video, side)
    return LiveRung(f"{min(width, height)}p", width, height, max(200, video_cap(min(width, height))))


def to_give_up(
    segments: Mapping[str, Sequence[LiveSegment]], free: int | None, wanted: int
) -> tuple[str, list[LiveSegment]]:
    """What goes when room is short (`free` bytes, less than `wanted`): the oldest segments of a lower rung, then of
    the sound; never the source. The rendition's name and its segments; ("", []) when there is nothing to do."""
    if free is None or free >= wanted:
        return "", []
    lower = sorted(name for name in segments if name not in (SOURCE, AUDIO))
    for name in (*lower, AUDIO):
        kept = [each for each in segments.get(name, ()) if not each.removed]
        if kept:
            return name, kept[:GIVEN_UP_AT_ONCE]
    return "", []
