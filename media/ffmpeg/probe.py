"""Probing with ffprobe."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from media.errors import InvalidInput
from media.ffmpeg.error_messages import unreadable
from media.ffmpeg.programs import Programs
from media.ffmpeg.runner import decodes, run_ffprobe
from media.probing.media_info import MediaInfo
from media.probing.probe import check_size, parse_probe

ENTRIES = (
    "-show_entries",
    "format=format_name,duration,start_time,bit_rate:stream_disposition:stream_tags=rotate,DURATION"
    ":stream_side_data=rotation:stream=index,codec_type,codec_name,profile,level,width,height,pix_fmt"
    ",field_order,r_frame_rate,avg_frame_rate,sample_aspect_ratio,color_transfer,sample_rate,channels,duration",
)


def probe_file(programs: Programs, source: Path) -> MediaInfo:
    """Describe a file; streams of which nothing can be decoded are left out.

    Raises:
        InvalidInput: when it is not a recording that can be played.
        Unavailable: when ffprobe cannot run.
    """
    if source.stat().st_size == 0:
        raise InvalidInput("The file is empty; copy it again from where it was recorded.")
    info = parse_probe(json.loads(run_ffprobe(programs, source, *ENTRIES, "-of", "json") or b"{}"))
    info = _decodable(programs, source, info)
    if info.duration <= 0:
        info = replace(info, duration=measured_duration(programs, source, info))
    if info.bit_rate <= 0 and info.duration > 0:
        info = replace(info, bit_rate=round(source.stat().st_size * 8 / info.duration))
    check_size(info)
    return info


def measured_duration(programs: Programs, source: Path, info: MediaInfo) -> float:
    """Seconds from the first to the end of the last packet of what is played (reads the whole file)."""
    longest = 0.0
    for index in [stream.index for stream in (info.video, info.audio) if stream]:
        printed = run_ffprobe(
            programs, source, "-select_streams", str(index), "-of", "csv=p=0",
            "-show_entries", "packet=pts_time,dts_time,duration_time",
        )  # fmt: skip
        longest = max(longest, packets_duration(printed.decode("ascii", "replace")))
    if longest <= 0:
        raise InvalidInput(unreadable("Output file is empty"))
    return longest


def packets_duration(csv: str) -> float:
    """Seconds spanned by lines `pts,dts,duration` (any may be `N/A`); without times, the sum of durations."""
    first, last, total = None, 0.0, 0.0
    for line in csv.splitlines():
        pts, dts, lasts = ([_seconds(word) for word in line.split(",")] + [None] * 3)[:3]
        time = dts if pts is None else pts
        total += lasts or 0.0
        if time is not None:
            first = time if first is None else min(first, time)
            last = max(last, time + (lasts or 0.0))
    return total if first is None else last - first


def _seconds(word: str) -> float | None:
    return float(word) if re.fullmatch(r"-?\d+(?:\.\d+)?", word.strip()) else None


def _decodable(programs: Programs, source: Path, info: MediaInfo) -> MediaInfo:
    """Leave out a stream that announces itself but holds nothing."""
    video, audio = info.video, info.audio
    if video and not decodes(programs, source, video.index):
        video = None
    if audio and not decodes(programs, source, audio.index):
        audio = None
    if video is None and audio is None:
        raise InvalidInput(unreadable("Output file is empty"))
    return replace(info, video=video, audio=audio)
