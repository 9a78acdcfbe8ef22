"""What is known about a media file after probing it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A video stream as it is to be shown: `width` and `height` in pixels after rotation and
    with square pixels; `frame_rate` in frames a second (average); `rotation` in degrees."""

    index: int
    codec: str
    width: int
    height: int
    frame_rate: float
    pixel_format: str
    bit_depth: int = 8
    interlaced: bool = False
    rotation: int = 0
    square_pixels: bool = True
    variable_frame_rate: bool = False
    high_dynamic_range: bool = False
    profile: str = ""
    level: int = 0
    duration: float = 0.0


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """An audio stream; `sample_rate` in Hz, `duration` of this stream in seconds (0: unknown)."""

    index: int
    codec: str
    sample_rate: int
    channels: int
    profile: str = ""
    duration: float = 0.0


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """A probed file. `duration` in seconds, `bit_rate` in bit/s (0 when unknown)."""

    container: str
    duration: float
    bit_rate: int = 0
    video: VideoInfo | None = None
    audio: AudioInfo | None = None
