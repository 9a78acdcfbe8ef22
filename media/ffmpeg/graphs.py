"""The filter graphs of encoding, on streams of ffmpeg-python (which only `encoder_ffmpeg` imports)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from media.encoding.chunks import Chunk, exact
from media.encoding.ladder import Rung
from media.ffmpeg.programs import Programs, version_number
from media.probing.loudness import PEAK
from media.probing.media_info import AudioInfo, MediaInfo, VideoInfo

SAMPLE_RATE = 48_000
SPEECH_RATE = 16_000
LEVELS_RATE = 8_000
SCALER_MAPS_TONES = (8, 0)


def pictures(
    entry: Any, info: MediaInfo, rungs: Sequence[Rung], chunk: Chunk, programs: Programs
) -> dict[str, Any]:
    """The frames of `chunk`, from 0: one decoded, upright, progressive picture at a constant rate, split and
    scaled for each rung.

    Each size is scaled from the one above it: a fifth of the scaling work at no visible loss.
    """
    video = info.video
    if video is None or not rungs:
        return {}
    picture = entry[str(video.index)]
    if video.interlaced:
        picture = picture.filter("bwdif" if "bwdif" in programs.filters else "yadif", mode=0)
    picture = standard_range(picture, video, programs)
    picture = _frames(picture, info, rungs[0].frame_rate, chunk)
    scaled_pictures = {}
    for number, rung in enumerate(rungs):
        picture = picture.filter("scale", rung.width, rung.height, flags="bicubic").filter("setsar", 1)
        if number == len(rungs) - 1:
            scaled_pictures[rung.name] = picture
        else:
            parts = picture.filter_multi_output("split", 2)
            scaled_pictures[rung.name], picture = parts[0], parts[1]
    return scaled_pictures


def _frames(picture: Any, info: MediaInfo, rate: float, chunk: Chunk) -> Any:
    """Exactly the chunk's frames. The first picture also stands for what comes before it, where the sound
    begins earlier; the last one for what comes behind it."""
    start = {} if chunk.first else {"start_time": 0}
    picture = picture.filter("fps", fps=exact_rate(rate), **start)
    if chunk.end is None and (missing := missing_picture(info)):
        picture = picture.filter("tpad", stop_mode="clone", stop_duration=missing)
    bounds = {"start_pts": chunk.first} | ({} if chunk.end is None else {"end_pts": chunk.end})
    return picture.filter("trim", **bounds).filter("setpts", f"PTS-{chunk.first}")


def sound_of(entry: Any, audio: AudioInfo, gain_db: float) -> Any:
    """The sound on the recording's clock, mono, evened."""
    sound = on_the_clock(entry[str(audio.index)], SAMPLE_RATE).filter("aformat", channel_layouts="mono")
    if gain_db:
        sound = sound.filter("volume", f"{gain_db}dB").filter("alimiter", limit=PEAK, level="disabled")
    return sound


def on_the_clock(sound: Any, rate: int = SPEECH_RATE) -> Any:
    """Sound that begins at 0 and keeps pace with its timestamps: gaps become silence."""
    return sound.filter("aresample", rate, **{"async": 1, "first_pts": 0})


def levels(sound: Any, windows: int, printed: str) -> Any:
    """Mono sound at 8 kHz, whose level in each of `windows` a second is printed to the file `printed`."""
    key = "RMS_level"
    return (
        on_the_clock(sound, LEVELS_RATE)
        .filter("aformat", channel_layouts="mono")
        .filter("asetnsamples", n=LEVELS_RATE // windows)
        .filter("astats", metadata=1, reset=1, measure_perchannel="none", measure_overall=key)
        .filter("ametadata", mode="print", key=f"lavfi.astats.Overall.{key}", file=printed)
    )


def standard_range(picture: Any, video: VideoInfo, programs: Programs) -> Any:
    """High dynamic range made standard, by zscale or the scaler of ffmpeg 8; else its 10 bits are only
    cut to 8."""
    if not video.high_dynamic_range:
        return picture
    if {"zscale", "tonemap"} <= programs.filters:
        return (
            picture.filter("zscale", transfer="linear", npl=100)
            .filter("format", "gbrpf32le")
            .filter("zscale", primaries="bt709")
            .filter("tonemap", "hable", desat=0)
            .filter("zscale", transfer="bt709", matrix="bt709", range="tv")
            .filter("format", "yuv420p")
        )
    if version_number(programs.version) >= SCALER_MAPS_TONES:
        standard = {"out_primaries": "bt709", "out_transfer": "bt709", "out_color_matrix": "bt709"}
        return picture.filter("scale", out_range="tv", **standard).filter("format", "yuv420p")
    return picture


def exact_rate(rate: float) -> str:
    """Frames a second as the exact fraction meant (29.97003 → 30000/1001)."""
    return str(exact(rate))


def missing_picture(info: MediaInfo) -> float:
    """Seconds by which the picture ends before the sound, when both are known and it matters: players
    would otherwise get one endless last segment."""
    if info.video is None or info.audio is None or not info.video.duration or not info.audio.duration:
        return 0.0
    missing = info.audio.duration - info.video.duration
    return round(missing, 3) if missing > 1 else 0.0
