"""Running ffmpeg and ffprobe on hostile files: bounded, whitelisted, errors translated."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media.errors import ArchiveError, InvalidInput, Unavailable
from media.ffmpeg.error_messages import demuxer_refused, unreadable
from media.ffmpeg.programs import Programs
from media.ffmpeg.progress import ProgressReader
from media.probing.probe import DEMUXERS, LARGEST_PIXELS, refusal
from media.process.child import ChildFailed, ChildLimits, output_of, run
from media.process.confine import NOT_STARTED
from media.progress import Progress, silent

INPUT_OPTIONS = {
    "protocol_whitelist": "file,pipe",
    "format_whitelist": ",".join(sorted(DEMUXERS)),
    "max_pixels": str(LARGEST_PIXELS),
}
QUIET = ("-hide_banner", "-loglevel", "error")
PROBE_LIMITS = ChildLimits(wall_seconds=60, stall_seconds=60, memory_bytes=4 << 30, file_bytes=0)


@dataclass(frozen=True, slots=True)
class FfmpegRun:
    """One run of ffmpeg: where it writes, how long its output lasts in seconds, what to report."""

    folder: Path | None = None
    duration: float = 0.0
    note: str = ""
    progress: Progress = silent
    loglevel: str = "error"


def input_address(source: Path) -> str:
    """A source as ffmpeg's `file:` address, in which no character has a meaning."""
    return f"file:{source.absolute()}"


def limits_for(duration: float, file_bytes: int) -> ChildLimits:
    """Bounds of work over `duration` seconds of media: a fortieth of real time is slow even for a
    small machine, two minutes without a step forward is stuck."""
    return ChildLimits(
        wall_seconds=300 + 40 * duration, stall_seconds=120, memory_bytes=12 << 30, file_bytes=file_bytes
    )


def run_ffmpeg(programs: Programs, arguments: Sequence[str], limits: ChildLimits, work: FfmpegRun) -> str:
    """Run ffmpeg and return the end of its log.

    Raises:
        InvalidInput: when the source cannot be processed.
        Unavailable: when ffmpeg cannot start, was killed from outside, or the disk is full.
    """
    reader = ProgressReader(work.progress, work.duration, work.note)
    command = [
        str(programs.ffmpeg),
        "-nostdin",
        "-y",
        "-hide_banner",
        "-loglevel",
        work.loglevel,
        "-nostats",
    ]
    command += ["-progress", "pipe:1", *arguments]
    try:
        log = run(command, limits=limits, folder=work.folder, received=reader.received, tick=reader.tick)
    except ChildFailed as error:
        raise translated(error) from error
    work.progress(1.0, work.note)
    return log


def run_ffprobe(programs: Programs, source: Path, *options: str) -> bytes:
    """Run ffprobe on a source and return what it prints. Raises as `run_ffmpeg`."""
    command = [str(programs.ffprobe), *QUIET]
    for name, value in INPUT_OPTIONS.items():
        command += [f"-{name}", value]
    try:
        return output_of([*command, *options, input_address(source)], limits=PROBE_LIMITS)
    except ChildFailed as error:
        raise translated(error) from error


def decodes(programs: Programs, source: Path, stream: int) -> bool:
    """Whether at least one frame of a stream can be decoded. Raises `Unavailable`."""
    command = [str(programs.ffmpeg), "-nostdin", *QUIET]
    for name, value in INPUT_OPTIONS.items():
        command += [f"-{name}", value]
    command += [
        "-i",
        input_address(source),
        "-map",
        f"0:{stream}",
        "-frames",
        "1",
        "-f",
        "framemd5",
        "pipe:1",
    ]
    try:
        printed = output_of(command, limits=PROBE_LIMITS)
    except ChildFailed as error:
        if isinstance(translated(error), Unavailable):
            raise translated(error) from error
        return False
    return any(not line.startswith(b"#") for line in printed.splitlines())


def translated(error: ChildFailed) -> ArchiveError:
    """The error people see for a bad end of ffmpeg or ffprobe."""
    if error.overrun:
        return InvalidInput(
            "The file was given up because ffmpeg came to no end with it; export it again, for example as MP4."
        )
    if "No space left on device" in error.complaint:
        return Unavailable("The disk is full; free some space, then try the job again.")
    if error.code == NOT_STARTED:
        return Unavailable(
            "ffmpeg could not be started (%(why)s); run `tualai doctor`.", why=error.complaint.strip()
        )
    if error.code in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT):
        return Unavailable("ffmpeg was stopped from outside (often for lack of memory); try the job again.")
    if error.code in (-signal.SIGXFSZ, -signal.SIGXCPU):
        return InvalidInput(
            "The file was given up because it grows beyond measure when decoded; export it again as MP4."
        )
    refused = demuxer_refused(error.complaint)
    return InvalidInput(refusal(refused) if refused else unreadable(error.complaint))
