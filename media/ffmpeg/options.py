"""Options of ffmpeg's outputs: the codecs of a rung and the HLS package. Pure."""

from __future__ import annotations

from typing import Any

from media.encoding.ladder import AUDIO_KBPS, Rung
from media.hls.packaging import INIT, SEGMENT

SEGMENT_SECONDS = 4
HLS = {
    "format": "hls",
    "hls_time": SEGMENT_SECONDS,
    "hls_playlist_type": "vod",
    "hls_segment_type": "fmp4",
    "hls_fmp4_init_filename": INIT,
    "hls_flags": "independent_segments+temp_file",
    "hls_list_size": 0,
}


def hls_options(name: str) -> dict[str, Any]:
    """HLS in fragmented MP4 into the folder `name`, relative to where ffmpeg runs."""
    return HLS | {"hls_segment_filename": f"{name}/{SEGMENT}"}


def audio_options() -> dict[str, Any]:
    """AAC-LC in mono: speech needs no more."""
    return {"acodec": "aac", "audio_bitrate": f"{AUDIO_KBPS}k", "ac": 1, "profile:a": "aac_low"}


def video_options(rung: Rung) -> dict[str, Any]:
    """Constant quality under a cap, a keyframe every four seconds in all rungs alike, closed groups of pictures.

    The cap's buffer (VBV) starts anew in each chunk: over a chunk's border a peak may last for two buffers, four
    seconds at the cap, instead of one. Players buffer more, and BANDWIDTH is measured from what was made.
    """
    return {
        "vcodec": "libx264",
        "preset": "veryfast",
        "crf": 24,
        "maxrate": f"{rung.video_kbps}k",
        "bufsize": f"{2 * rung.video_kbps}k",
        "profile:v": "high",
        "pix_fmt": "yuv420p",
        "force_key_frames": f"expr:gte(t,n_forced*{SEGMENT_SECONDS})",
        "sc_threshold": 0,
        "g": round(SEGMENT_SECONDS * rung.frame_rate * 2) + 1,
        # x264's frame threads make its rate control depend on timing: the same source then gives other bytes at
        # every run. The rungs are encoded side by side, so one thread each is as fast, and a little smaller.
        "threads:v": 1,
    }
