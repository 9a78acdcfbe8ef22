"""The storyboard: small pictures for seeking, tiled into sheets, found by WebVTT. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from media.probing.media_info import VideoInfo

FOLDER = "storyboard"
VTT = "storyboard.vtt"
LONG_SIDE = 160
COLUMNS = 5
ROWS = 5
SHORT_RECORDING_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Tiles of `width`×`height` pixels, one for each `interval` seconds, 5×5 on a sheet."""

    width: int
    height: int
    interval: float
    tiles: int

    @property
    def sheets(self) -> int:
        """How many sheets hold the tiles."""
        return math.ceil(self.tiles / (COLUMNS * ROWS))


def layout(video: VideoInfo, duration: float) -> Layout:
    """Lay out a recording of `duration` seconds: a tile every 5 s, every 10 s over half an hour."""
    factor = LONG_SIDE / max(video.width, video.height)
    width, height = (max(2, 2 * round(side * factor / 2)) for side in (video.width, video.height))
    interval = 5.0 if duration <= SHORT_RECORDING_SECONDS else 10.0
    return Layout(width, height, interval, max(1, math.ceil(duration / interval - 0.01)))


def sheet_name(number: int) -> str:
    """File name of a sheet, from 0."""
    return f"sheet_{number:04d}.jpg"


def vtt(plan: Layout, duration: float) -> str:
    """WebVTT whose cues are `sheet#xywh=x,y,width,height` (media fragments, W3C), as players expect."""
    cues = ["WEBVTT"]
    for tile in range(plan.tiles):
        start = tile * plan.interval
        end = max(min(start + plan.interval, duration), start + 0.001)
        sheet, place = divmod(tile, COLUMNS * ROWS)
        row, column = divmod(place, COLUMNS)
        area = f"{column * plan.width},{row * plan.height},{plan.width},{plan.height}"
        cues.append(f"{_clock(start)} --> {_clock(end)}\n{sheet_name(sheet)}#xywh={area}")
    return "\n\n".join(cues) + "\n"


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
