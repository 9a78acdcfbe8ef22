"""Understanding what ffprobe says of a file. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from media.errors import InvalidInput, Message
from media.probing.media_info import AudioInfo, MediaInfo, VideoInfo

# Demuxers of real recordings, by ffmpeg's names. Everything else is refused before its header is read:
# playlists and scripts (hls, dash, concat, imf, …) can make ffmpeg open other files, pictures and
# subtitles are no recordings.
DEMUXERS = frozenset(
    [
        "mov",
        "mp4",
        "m4a",
        "3gp",
        "3g2",
        "mj2",
        "matroska",
        "webm",
        "avi",
        "mpegts",
        "mpeg",
        "mpegvideo",
        "flv",
        "live_flv",
        "asf",
        "asf_o",
        "ogg",
        "wav",
        "w64",
        "aiff",
        "au",
        "caf",
        "mp3",
        "aac",
        "flac",
        "ac3",
        "eac3",
        "amr",
        "amrnb",
        "amrwb",
        "dts",
        "wv",
        "ape",
        "tta",
        "voc",
        "mxf",
        "gxf",
        "dv",
        "rm",
        "nut",
        "ivf",
        "obu",
        "h264",
        "hevc",
        "m4v",
        "wtv",
        "nsv",
    ]
)
HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})
INTERLACED = frozenset({"tt", "bb", "tb", "bt"})
LONGEST_SECONDS = 24 * 3600.0
LARGEST_SIDE = 8192
LARGEST_PIXELS = 8192 * 4320
HIGHEST_RATE = 240.0
USUAL_RATE = 25.0

Json = Mapping[str, Any]


def parse_probe(data: Json) -> MediaInfo:
    """Describe a file from `ffprobe -show_format -show_streams -of json`.

    A duration of 0 in the result means that the container does not tell it.

    Raises:
        InvalidInput: when there is nothing to play, or it is too large.
    """
    form = data.get("format") or {}
    streams: Sequence[Json] = data.get("streams") or []
    container = str(form.get("format_name", ""))
    if not DEMUXERS.intersection(container.split(",")):
        raise InvalidInput(refusal(container))
    video = _best(streams, "video")
    audio = _best(streams, "audio")
    info = MediaInfo(
        container=container,
        duration=_number(form.get("duration")),
        bit_rate=int(_number(form.get("bit_rate"))),
        video=_video(video) if video else None,
        audio=_audio(audio) if audio else None,
    )
    if info.video is None and info.audio is None:
        raise InvalidInput(
            "The file holds neither a picture nor sound that can be played; export the recording again, for example"
            " as MP4."
        )
    check_size(info)
    return info


def refusal(container: str) -> Message:
    """The sentence for a file whose container is not on the list."""
    kind = f"“{container}” data" if container else "unknown data"
    return Message(
        "The file is %(kind)s, not a sound or video recording (playlists, scripts, pictures and subtitles"
        " are not accepted); give the recording itself, for example an MP4, MKV, MOV, MP3 or WAV file.",
        kind=kind,
    )


def check_size(info: MediaInfo) -> None:
    """Refuse what would exhaust the machine: sides over 8192 pixels, more than 24 hours."""
    video = info.video
    if video and (
        max(video.width, video.height) > LARGEST_SIDE or video.width * video.height > LARGEST_PIXELS
    ):
        raise InvalidInput(
            "The picture is %(width)s×%(height)s pixels, more than can be processed; export it with sides"
            " of at most %(most)s pixels, best 1920×1080.",
            width=video.width,
            height=video.height,
            most=LARGEST_SIDE,
        )
    if info.duration > LONGEST_SECONDS:
        raise InvalidInput(
            "The file says it lasts %(hours)s hours; cut it into parts of at most 24 hours.",
            hours=f"{info.duration / 3600:.0f}",
        )


def _best(streams: Sequence[Json], kind: str) -> Json | None:
    """The default stream of a kind among those that can be played, else the first."""
    good = [s for s in streams if s.get("codec_type") == kind and _playable(s)]
    return min(good, key=lambda s: (not _flag(s, "default"), int(s.get("index", 0))), default=None)


def _playable(stream: Json) -> bool:
    if stream.get("codec_name", "unknown") in ("unknown", "none"):
        return False
    if stream.get("codec_type") == "audio":
        return _number(stream.get("sample_rate")) > 0 and _number(stream.get("channels")) > 0
    pictures = _flag(stream, "attached_pic") or _flag(stream, "timed_thumbnails")
    return not pictures and _number(stream.get("width")) > 0 and _number(stream.get("height")) > 0


def _flag(stream: Json, name: str) -> bool:
    return bool((stream.get("disposition") or {}).get(name))


def _video(stream: Json) -> VideoInfo:
    rotation = _rotation(stream)
    aspect = parse_ratio(stream.get("sample_aspect_ratio")) or 1.0
    width, height = shown_size(int(stream["width"]), int(stream["height"]), aspect, rotation)
    real = _rate(stream.get("r_frame_rate"))
    average = _rate(stream.get("avg_frame_rate"))
    pixel_format = str(stream.get("pix_fmt", ""))
    return VideoInfo(
        index=int(stream["index"]),
        codec=str(stream["codec_name"]),
        width=width,
        height=height,
        frame_rate=average or real or USUAL_RATE,
        pixel_format=pixel_format,
        bit_depth=bit_depth(pixel_format),
        interlaced=stream.get("field_order") in INTERLACED,
        rotation=rotation,
        square_pixels=abs(aspect - 1.0) < 0.005,
        variable_frame_rate=bool(average) and (not real or abs(real - average) > 0.01 * average),
        high_dynamic_range=stream.get("color_transfer") in HDR_TRANSFERS,
        profile=str(stream.get("profile", "")),
        level=int(_number(stream.get("level"))),
        duration=_duration(stream),
    )


def _audio(stream: Json) -> AudioInfo:
    return AudioInfo(
        index=int(stream["index"]),
        codec=str(stream["codec_name"]),
        sample_rate=int(_number(stream.get("sample_rate"))),
        channels=int(_number(stream.get("channels"))),
        profile=str(stream.get("profile", "")),
        duration=_duration(stream),
    )


def shown_size(width: int, height: int, aspect: float, rotation: int) -> tuple[int, int]:
    """Size in square pixels and upright: pixels `aspect` wide are kept in height, never enlarged beyond
    a factor of 4 (a nonsensical aspect is ignored)."""
    if 0.25 <= aspect <= 4 and abs(aspect - 1.0) >= 0.005:
        width = max(1, round(width * aspect))
    return (height, width) if rotation % 180 else (width, height)


def _rotation(stream: Json) -> int:
    """Clockwise degrees (0, 90, 180, 270) that a player must turn the picture by.

    The display matrix counts counter-clockwise; the older `rotate` tag clockwise.
    """
    for side in stream.get("side_data_list") or []:
        if "rotation" in side:
            return round(-_number(side["rotation"]) / 90) * 90 % 360
    return round(_number((stream.get("tags") or {}).get("rotate")) / 90) * 90 % 360


def _duration(stream: Json) -> float:
    """Seconds; Matroska keeps them in a tag such as `00:00:30.003000000`."""
    if seconds := _number(stream.get("duration")):
        return seconds
    match = re.fullmatch(
        r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", str((stream.get("tags") or {}).get("DURATION", ""))
    )
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else 0.0


def bit_depth(pixel_format: str) -> int:
    """Bits of a sample, from names such as `yuv420p10le`, `p010le` or `gray12be`."""
    match = re.search(r"(?:p0?|gray|gbrap?)(9|10|12|14|16)(?:le|be)$", pixel_format)
    return int(match[1]) if match else 8


def parse_ratio(text: object) -> float | None:
    """The value of `30000/1001` or `64:45`; None when there is none (`0/0`, `N/A`)."""
    match = re.fullmatch(r"(\d+)[/:](\d+)", str(text))
    if not match or not int(match[1]) or not int(match[2]):
        return None
    return int(match[1]) / int(match[2])


def _rate(text: object) -> float:
    """Frames a second, 0 when missing or no frame rate at all (a time base such as `90000/1`)."""
    rate = parse_ratio(text) or 0.0
    return rate if rate <= HIGHEST_RATE else 0.0


def _number(value: object) -> float:
    """A finite non-negative-or-negative number from ffprobe's text, 0 when it is none."""
    try:
        number = float(str(value))
    except ValueError:
        return 0.0
    return number if abs(number) < 1e15 else 0.0
