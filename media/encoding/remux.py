"""When a source can be packaged without re-encoding. Pure."""

from __future__ import annotations

from media.errors import InvalidInput
from media.probing.media_info import AudioInfo, MediaInfo, VideoInfo

PROFILES = frozenset(
    {"Constrained Baseline", "Baseline", "Main", "High", "Progressive High", "Constrained High"}
)
PIXELS = frozenset({"yuv420p", "yuvj420p"})
HIGHEST_LEVEL = 52
LONGEST_SEGMENT_SECONDS = 12.0


class NotRemuxable(InvalidInput):
    """The source looked fit for `Encoder.remux` but its packets are not (keyframes too far apart,
    broken packets or timestamps): encode it instead. Whoever calls `remux` catches this."""


def can_remux(info: MediaInfo) -> bool:
    """Whether browsers play the source's streams as they are.

    The distance of keyframes cannot be known from a probe; `Encoder.remux` measures it on its result
    and raises `NotRemuxable`.
    """
    if info.video is None and info.audio is None:
        return False
    return (info.video is None or _video_plays(info.video)) and (
        info.audio is None or _audio_plays(info.audio)
    )


def _video_plays(video: VideoInfo) -> bool:
    """H.264, 8 bits, 4:2:0, progressive. Players of fragmented MP4 honour neither rotation nor the shape
    of pixels."""
    return (
        video.codec == "h264"
        and video.profile in PROFILES
        and 0 < video.level <= HIGHEST_LEVEL
        and video.pixel_format in PIXELS
        and video.bit_depth == 8
        and not video.interlaced
        and not video.high_dynamic_range
        and video.rotation == 0
        and video.square_pixels
        and 1 <= video.frame_rate <= 61
        and 64 <= video.width <= 4096
        and 64 <= video.height <= 4096
        and video.width % 2 == 0
        and video.height % 2 == 0
    )


def _audio_plays(audio: AudioInfo) -> bool:
    """AAC-LC in mono or stereo."""
    return (
        audio.codec == "aac"
        and audio.profile == "LC"
        and audio.channels in (1, 2)
        and 8_000 <= audio.sample_rate <= 48_000
    )
