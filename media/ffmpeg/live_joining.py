"""Making one MP4 of what was received of a broadcast, without encoding again what can be joined as it is."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from media.ffmpeg.programs import Programs
from media.ffmpeg.runner import FfmpegRun, input_address, limits_for, run_ffmpeg
from media.probing.media_info import MediaInfo
from media.probing.probe import LARGEST_PIXELS
from media.process.child import ChildLimits
from media.progress import Progress

_EXACT = ("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1")
"""No dates, no versions: made again, it is the same file and so the same recording."""
_TS = ("-muxdelay", "0", "-muxpreload", "0", "-f", "mpegts")


@dataclass(frozen=True, slots=True)
class SessionPart:
    """Fragmented MP4 of one or more takes with the same initialisation section. `init` its SHA-256, `start` where
    it begins in seconds on the broadcast's clock (its timestamps are of that clock), `duration` in seconds."""

    file: Path
    init: str
    start: float
    duration: float
    info: MediaInfo


def alike(parts: Sequence[SessionPart]) -> bool:
    """Whether they are one stream as they are: neighbours with the same initialisation section are one part."""
    return len(parts) == 1


def shape(info: MediaInfo) -> tuple[int, ...]:
    """What must be the same within one recording; other parameters may change at a keyframe."""
    video, audio = info.video, info.audio
    picture = (video.width, video.height) if video else (0, 0)
    return (*picture, *((audio.sample_rate, audio.channels) if audio else (0, 0)))


def usual(parts: Sequence[SessionPart]) -> SessionPart:
    """The part whose shape most of the broadcast has; the others are fitted to it."""
    seconds: dict[tuple[int, ...], float] = {}
    for part in parts:
        seconds[shape(part.info)] = seconds.get(shape(part.info), 0.0) + part.duration
    most = max(seconds, key=lambda each: seconds[each])
    return next(part for part in parts if shape(part.info) == most)


def join(programs: Programs, parts: Sequence[SessionPart], folder: Path, progress: Progress) -> Path:
    """One MP4 in `folder`, on the broadcast's clock. `parts` in order. Raises as `run_ffmpeg`."""
    target = folder / "recording.mp4"
    duration = sum(part.duration for part in parts)
    limits = _limits(duration, parts)
    work = FfmpegRun(folder, duration, "join", progress)
    if alike(parts):
        _copy(programs, parts[0].file, target, limits, work, "mp4")
        return target
    model = usual(parts)
    stream = folder / "recording.ts"
    with stream.open("wb") as out:
        for part in parts:
            piece = folder / f"{part.file.stem}.ts"
            if shape(part.info) == shape(model.info):
                _copy(programs, part.file, piece, limits, work, "ts")
            else:
                _fit(programs, part, model, piece, limits, work)
            _append(out, piece)
    _copy(programs, stream, target, limits, work, "mp4")
    stream.unlink()
    return target


def _copy(
    programs: Programs, source: Path, target: Path, limits: ChildLimits, work: FfmpegRun, container: str
) -> None:
    kind = ("-f", "mp4") if container == "mp4" else _TS
    arguments = [*_input(source), "-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy", *_EXACT, *kind]
    run_ffmpeg(programs, [*arguments, target.name], limits, work)


def _fit(
    programs: Programs,
    part: SessionPart,
    model: SessionPart,
    target: Path,
    limits: ChildLimits,
    work: FfmpegRun,
) -> None:
    """Encode a part that differs: the picture into the usual frame, the sound at the usual rate."""
    arguments = list(_input(part.file))
    video, audio = model.info.video, model.info.audio
    if audio is not None and part.info.audio is None:
        arguments += ["-f", "lavfi", "-t", f"{part.duration:.3f}"]
        arguments += ["-i", f"anullsrc=r={audio.sample_rate}:cl=mono"]
    if video is not None:
        size = f"{video.width}:{video.height}"
        fitted = (
            f"scale={size}:force_original_aspect_ratio=decrease,pad={size}:-1:-1,setsar=1,format=yuv420p"
        )
        arguments += [
            "-map",
            "0:v:0",
            "-vf",
            fitted,
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "21",
        ]
        arguments += ["-force_key_frames", "expr:gte(t,n_forced*2)", "-threads:v", "1"]
    if audio is not None:
        arguments += [
            "-map",
            "1:a:0" if part.info.audio is None else "0:a:0",
            "-c:a",
            "aac",
            "-b:a",
            "128k",
        ]
        arguments += ["-ar", str(audio.sample_rate), "-ac", str(audio.channels)]
    run_ffmpeg(programs, [*arguments, *_EXACT, *_TS, target.name], limits, work)


def _input(source: Path) -> tuple[str, ...]:
    return (
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", "mov,mp4,mpegts,lavfi"),
        *("-max_pixels", str(LARGEST_PIXELS), "-copyts", "-i", input_address(source)),
    )


def _limits(duration: float, parts: Sequence[SessionPart]) -> ChildLimits:
    size = sum(part.file.stat().st_size for part in parts)
    return limits_for(duration, 4 * size + (1 << 30))


def _append(out: IO[bytes], file: Path) -> None:
    with file.open("rb") as source:
        shutil.copyfileobj(source, out, 1 << 20)
    file.unlink()
