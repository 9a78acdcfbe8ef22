"""The encoding ladder: which renditions a recording gets. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rung:
    """One rendition to encode; `video_kbps` and `audio_kbps` in kb/s. Height 0: sound only."""

    name: str
    width: int
    height: int
    frame_rate: float
    video_kbps: int
    audio_kbps: int
